"""The version of optanim."""

__version__ = "0.1.0"
