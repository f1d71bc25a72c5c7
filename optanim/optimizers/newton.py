from collections.abc import Iterator

from optanim.optimizers._line_search import LineSearch
from optanim.optimizers._newton_step import newton_step
from optanim.surfaces import Array, Surface


def newton(f: Surface, w: Array, *, damped: bool = False) -> Iterator[Array]:
    """Newton's method: to the point where the gradient of the local parabola is zero.

        w ← w − H⁻¹g, with the Hessian H = ∇²f(w)
        damped: w ← w − t|H|⁻¹g, and t = 1 is halved until f falls (Armijo's rule)

    One step leads to the middle of any bowl. Undamped it does not care whether that is a minimum:
    near a saddle or a maximum it climbs there. Damped, the eigenvalues of H count by their size,
    |H|, so that each step goes down.

    Names: ko 뉴턴 방법.

    Family: second order.

    Reference: Nocedal & Wright 2006, "Numerical Optimization", sections 3.3 and 3.4. Directions in
    which the surface is flat, to 1e-9 of the largest curvature, are left out of a step.
    """
    line = LineSearch(f, "armijo")
    while True:
        g = f.gradient(w)
        if not g.any():
            return
        p = newton_step(f.hessian(w), g, downhill=damped)
        t = line.step(w, p, g, first=1.0) if damped else 1.0
        if t is None:
            return
        w = w + t * p
        yield w
