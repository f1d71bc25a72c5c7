"""Runs become files: one, many, or again at each change."""
