from collections.abc import Iterator
from typing import Literal

from optanim.optimizers._line_search import Decrease, LineSearch
from optanim.surfaces import Array, Surface


def steepest_descent(
    f: Surface, w: Array, *, search: Literal["exact", "armijo"] = "exact", c1: Decrease = 1e-4
) -> Iterator[Array]:
    """Steepest descent: down the gradient to the lowest point of the line, then at a right angle.

        p = −g
        exact: t = argmin f(w + tp)
        armijo: t is halved until f(w + tp) ≤ f(w) + c₁tpᵀg
        w ← w + tp

    In a bowl of condition number κ a step leaves at most ((κ − 1)/(κ + 1))² of the loss.

    Names: ko 최급강하법.

    Family: line search.

    Reference: Cauchy 1847, "Méthode générale pour la résolution des systèmes d'équations
    simultanées"; Armijo 1966, "Minimization of functions having Lipschitz continuous first partial
    derivatives", Pacific J. Math. 16(1). A search begins at the step before, Armijo's at twice it.
    """
    line = LineSearch(f, search, c1=c1)
    while True:
        g = f.gradient(w)
        t = line.step(w, -g, g)
        if t is None:
            return
        w = w - t * g
        yield w
