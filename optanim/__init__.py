"""optanim: a short YAML file becomes an animated GIF of optimizers on a loss surface."""

__version__ = "0.1.0"
