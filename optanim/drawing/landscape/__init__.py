"""The surface of a loss of two parameters in three dimensions, as a camera sees it."""
