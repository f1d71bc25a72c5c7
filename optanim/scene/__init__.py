"""What a figure shows, in numbers and in words, without a pixel."""
