"""Regression: reading the data, the losses of a residual, the mean loss and its minimum."""
