"""The landscape of a loss of two parameters: its heights, a camera, and what the camera sees."""
