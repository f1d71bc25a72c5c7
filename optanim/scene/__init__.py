"""The content of a figure in numbers and words, before any pixel is drawn."""
