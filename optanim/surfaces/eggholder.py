import numpy as np

from optanim.surfaces._surface import Array, Surface


def eggholder() -> Surface:
    """Eggholder: deep hollows without order, the deeper the farther out.

        f(x, y) = −(y + 47)·sin √|x/2 + y + 47| − x·sin √|x − y − 47|

    Where a root is zero, its derivative is taken as zero.

    Names: ko 달걀판 함수.

    Reference: F101 of Whitley, Mathias, Rana & Dzubera 1996, "Evaluating evolutionary algorithms",
    Artificial Intelligence 85, 245–276, on their square from −512 to 511. The minimum is the
    lowest point of that square; the usual square up to 512 has a lower one at (512, 404.23).
    """

    def value(w: Array) -> Array:
        x, y = w
        p, q = np.sqrt(np.abs(x / 2 + y + 47)), np.sqrt(np.abs(x - y - 47))
        return -(y + 47) * np.sin(p) - x * np.sin(q)

    def gradient(w: Array) -> Array:
        x, y = w
        p, q = x / 2 + y + 47, x - y - 47
        root_p, root_q = np.sqrt(np.abs(p)), np.sqrt(np.abs(q))
        dp = (y + 47) * np.cos(root_p) * np.sign(p) / (2 * np.where(p == 0, 1.0, root_p))
        dq = x * np.cos(root_q) * np.sign(q) / (2 * np.where(q == 0, 1.0, root_q))
        return np.array([-dp / 2 - np.sin(root_q) - dq, -np.sin(root_p) - dp + dq])

    formula = (
        r"-(y + 47)\sin\sqrt{\left|x/2 + y + 47\right|} - x\,\sin\sqrt{\left|x - y - 47\right|}"
    )
    minima = ((482.35331046478840, 432.87899894548345),)
    return Surface(value, gradient, ((-512.0, 511.0), (-512.0, 511.0)), minima, formula)
