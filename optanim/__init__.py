"""optanim: a short YAML file becomes an animated GIF of optimizers on a loss surface.

What the commands do, a notebook can do:

    import optanim

    run = optanim.load("configs/adam_optimization.yaml", set=["optimizer.lr=0.3"])
    optanim.render(run, output="adam.gif")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "ClaimError", "ConfigError", "Run", "Surface", "Trajectory",
    "load", "load_runs", "loads", "render", "simulate",
]  # fmt: skip

if TYPE_CHECKING:
    from optanim.config import Run, load, load_runs, loads
    from optanim.errors import ClaimError, ConfigError
    from optanim.rendering import render
    from optanim.simulation import Trajectory, simulate
    from optanim.surface import Surface

_HOMES = {
    "ClaimError": "errors", "ConfigError": "errors",
    "Run": "config", "Surface": "surface", "Trajectory": "simulation",
    "load": "config", "load_runs": "config", "loads": "config",
    "render": "rendering", "simulate": "simulation",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import on first use: `optanim --help` needs none of it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'optanim' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(f"optanim.{_HOMES[name]}"), name)
