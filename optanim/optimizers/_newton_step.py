"""The step to the stationary point of a local parabola."""

from __future__ import annotations

import numpy as np

from optanim.surfaces import Array

FLAT = 1e-9
"""A curvature of this part of the largest is none: differences of gradients have such errors."""


def newton_step(hessian: Array, g: Array, *, downhill: bool = False) -> Array:
    """−H⁻¹g, (d,); with `downhill`, −|H|⁻¹g.

    NaN if a number is not finite. In flat directions the step is 0, downhill −g.

    Args:
        hessian: (d, d), symmetric.
        g: the gradient (d,).
        downhill: whether curvatures count by their size.
    """
    if not (np.isfinite(hessian).all() and np.isfinite(g).all()):
        return np.full_like(g, np.nan)
    curvatures, axes = np.linalg.eigh(hessian)
    size = np.abs(curvatures)
    flat = size <= FLAT * size.max()
    along = axes.T @ g
    if downhill:
        return np.asarray(-axes @ (along / np.where(flat, 1.0, size)))
    return np.asarray(-axes @ np.where(flat, 0.0, along / np.where(flat, 1.0, curvatures)))
