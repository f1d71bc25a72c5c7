import numpy as np

from optanim.surfaces import CHANCE_STREAM, random_stream
from tests.oracles.case import Property
from tests.oracles.walks import TURNED, surface, walk


def _shakes() -> float:
    """What is left of each step without the gradient, against the draws of the random stream."""
    path = walk("sgld", TURNED, steps=50, lr=0.02, temperature=3.0)
    left = np.diff(path.points) + 0.02 * path.gradients
    draws = random_stream(0, CHANCE_STREAM).standard_normal((50, 2)).T
    return float(np.abs(left - np.sqrt(2 * 0.02 * 3.0) * draws).max())


def _density() -> float:
    """With steps η the variance in a bowl of curvature 2 is T/(2 − 2η); exp(−f/T) has T/2."""
    points = walk("sgld", surface("parabola"), (0,), 4000, lr=0.2, temperature=0.5).points
    return float(abs(points.var() / (0.5 / (2 - 2 * 0.2)) - 1))


def _cold() -> float:
    cold, descent = walk("sgld", TURNED, temperature=0.0, lr=0.05), walk("gd", TURNED, lr=0.05)
    return float(np.abs(cold.points - descent.points).max())


PROPERTIES = [
    Property("it is shaken by √(2ηT) times the random stream", _shakes),
    Property("its density in a bowl is normal, of the variance T/(2 − 2η)", _density, 0.1),
    Property("at T = 0 it is gradient descent", _cold, 0.0),
]
