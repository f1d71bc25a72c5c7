"""YAML becomes a run, or every problem at its place; a run becomes YAML."""
