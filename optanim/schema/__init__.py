"""The keys of a config, their types and their rules."""
