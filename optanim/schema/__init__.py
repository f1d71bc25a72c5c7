"""What a config can say: the keys, their types and their rules."""
