from collections.abc import Iterator
from math import copysign, hypot, sqrt
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Le

from optanim.optimizers._newton_step import newton_step
from optanim.optimizers._state import State
from optanim.schema.option import Minor, Symbol
from optanim.schema.types import Positive, Real
from optanim.surfaces import Array, Surface

ROUNDING = float(np.finfo(float).eps)
"""A fall of this part of the loss is none that can be seen."""

MAX_HALVINGS = 200

Radius = Annotated[Positive, Symbol("r")]
MaxRadius = Annotated[Positive, Symbol(r"r_{\max}"), Minor()]
Threshold = Annotated[Real, Ge(0), Le(0.25), Minor()]


def trust_region(
    f: Surface,
    w: Array,
    *,
    solver: Literal["exact", "dogleg"] = "exact",
    radius: Radius = 1.0,
    max_radius: MaxRadius = 1000.0,
    eta: Threshold = 0.15,
) -> Iterator[State]:
    """Trust region: Newton's parabola is believed inside a disc, which learns from its mistakes.

        m(p) = f(w) + gᵀp + pᵀHp/2, with the Hessian H = ∇²f(w)
        exact: p = argmin m(p) for ‖p‖ ≤ r
        dogleg: p on the path from w down the gradient, then to −H⁻¹g, as far as r
        ρ = (f(w) − f(w + p))/(m(0) − m(p))
        w ← w + p if ρ > η
        r ← r/4 if ρ < 1/4; min(2r, r_max) if ρ > 3/4 and ‖p‖ = r

    The disc is that of the next step. A step that is refused leaves the point where it is.

    Names: ko 신뢰 영역 방법.

    Family: second order.

    Reference: Nocedal & Wright 2006, "Numerical Optimization", Algorithm 4.1, with the constants of
    SciPy's dogleg and trust-exact. Where H is not positive definite, the dogleg goes down the
    gradient to the edge of the disc.
    """
    r, eye = radius, np.eye(len(w))
    yield State(w, shape=r * r * eye, initial=True)
    loss = float(f.value(w))
    while True:
        g, hessian = f.gradient(w), f.hessian(w)
        if not (np.isfinite(g).all() and np.isfinite(hessian).all()):
            yield State(np.full_like(w, np.nan))
            return
        p = (_exact if solver == "exact" else _dogleg)(g, hessian, r)
        foretold = -float(g @ p + p @ hessian @ p / 2)
        if not foretold > ROUNDING * abs(loss):
            return
        there = float(f.value(w + p))
        rho = (loss - there) / foretold
        at_edge = hypot(*p) >= r * (1 - 1e-12)
        if not rho >= 0.25:
            r = r / 4
        elif rho > 0.75 and at_edge:
            r = min(2 * r, max_radius)
        if rho > eta:
            w, loss = w + p, there
        yield State(w, shape=r * r * eye)


def _dogleg(g: Array, hessian: Array, r: float) -> Array:
    """The end of the path from 0 to the lowest point down the gradient, to −H⁻¹g, as far as r."""
    if not np.linalg.eigvalsh(hessian)[0] > 0:
        return _to_edge(g, r)
    newton = newton_step(hessian, g)
    if hypot(*newton) < r:
        return newton
    bend = float(g @ hessian @ g)  # 0 if g is too small
    steepest = -float(g @ g) / bend * g if bend else _to_edge(g, r)
    if hypot(*steepest) >= r:
        return _to_edge(g, r)
    # The positive t with ‖steepest + t(newton − steepest)‖ = r.
    on = newton - steepest
    a, b, c = float(on @ on), 2 * float(steepest @ on), float(steepest @ steepest) - r * r
    t = (-b + sqrt(b * b - 4 * a * c)) / (2 * a)
    return np.asarray(steepest + t * on)


def _to_edge(g: Array, r: float) -> Array:
    """The way down the gradient to the edge of the disc; 0 if there is no gradient."""
    size = hypot(*g)
    return -r / size * g if size else np.zeros_like(g)


def _exact(g: Array, hessian: Array, r: float) -> Array:
    """P = −(H + λI)⁻¹g with the smallest λ ≥ 0 that makes H + λI positive and ‖p‖ ≤ r."""
    curvatures, axes = np.linalg.eigh(hessian)
    along, least = axes.T @ g, float(curvatures[0])

    def step(shift: float) -> Array:
        below = curvatures + shift
        return -np.divide(along, below, out=np.zeros_like(along), where=below > 0)

    if least > 0 and hypot(*step(0.0)) <= r:
        return np.asarray(axes @ step(0.0))
    low = max(0.0, -least)
    p = step(low)
    if abs(along[0]) <= 1e-12 * hypot(*along) and hypot(*p) < r:
        # No shift is enough: the rest of the way is along the direction of the least curvature.
        p[0] += copysign(sqrt(r * r - float(p @ p)), -along[0])
        return np.asarray(axes @ p)
    high = low + hypot(*along) / r
    for _ in range(MAX_HALVINGS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (middle, high) if hypot(*step(middle)) > r else (low, middle)
    p = step(high)
    # Beside a shift that is too large for a number, curvatures make no difference.
    p = p if p.any() else -along
    return np.asarray(axes @ (p * (r / hypot(*p))))
