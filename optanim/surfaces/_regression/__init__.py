"""Losses of a model fitted to data: the data, the losses, and where the loss is lowest."""
