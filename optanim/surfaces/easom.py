import numpy as np

from optanim.surfaces._surface import Array, Surface


def easom() -> Surface:
    """Easom: one narrow hole in a plane that is flat all around it.

        f(x, y) = −cos x · cos y · exp(−(x − π)² − (y − π)²)

    Names: ko 이좀 함수.

    Reference: Easom 1990, "A survey of global optimization techniques", M. Eng. thesis, University
    of Louisville; as in Jamil & Yang 2013, arXiv:1308.4008.
    """

    def value(w: Array) -> Array:
        x, y = w
        return -np.cos(x) * np.cos(y) * np.exp(-((x - np.pi) ** 2) - (y - np.pi) ** 2)

    def gradient(w: Array) -> Array:
        x, y = w
        u, v = x - np.pi, y - np.pi
        hole = np.exp(-u * u - v * v)
        cx, cy = np.cos(x), np.cos(y)
        return np.array(
            [(np.sin(x) + 2 * u * cx) * cy * hole, (np.sin(y) + 2 * v * cy) * cx * hole]
        )

    def hessian(w: Array) -> Array:
        x, y = w
        u, v = x - np.pi, y - np.pi
        hole = np.exp(-u * u - v * v)
        cx, cy, sx, sy = np.cos(x), np.cos(y), np.sin(x), np.sin(y)
        # −cos t · exp(−(t − π)²) for one coordinate, without its exponential: slope, curvature.
        px, py = sx + 2 * u * cx, sy + 2 * v * cy
        qx = cx * (3 - 4 * u * u) - 4 * u * sx
        qy = cy * (3 - 4 * v * v) - 4 * v * sy
        return np.array([[qx * cy, -px * py], [-px * py, qy * cx]]) * hole

    formula = r"-\cos x\,\cos y\,e^{-(x - \pi)^2 - (y - \pi)^2}"
    return Surface(
        value, gradient, ((0.5, 6.0), (0.5, 6.0)), ((np.pi, np.pi),), formula, hessian=hessian
    )
