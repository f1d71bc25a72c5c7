"""optanim turns a short YAML file into an animated GIF of optimizers on a loss surface.

From Python:

    import optanim

    run = optanim.load({"surface": "rosenbrock", "start": [-1.2, 1], "optimizer": "adam"})
    optanim.render(run, output="adam.gif")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optanim.__version__ import __version__ as __version__

__all__ = [
    "AnimatedRun", "ClaimError", "ConfigError", "Run", "Stop", "Surface", "Trajectories",
    "Trajectory", "animate", "load", "load_runs", "loads", "render", "simulate", "simulate_many",
]  # fmt: skip

if TYPE_CHECKING:
    from optanim.config.loader import load, load_runs, loads
    from optanim.config.run import Run
    from optanim.errors import ClaimError, ConfigError
    from optanim.experiment.simulate import Trajectory, simulate
    from optanim.experiment.simulate_many import simulate_many
    from optanim.experiment.trajectories import Trajectories
    from optanim.pipeline.animate import AnimatedRun, animate
    from optanim.pipeline.render import render
    from optanim.schema.stop import Stop
    from optanim.surfaces import Surface

_MODULES = {
    "ClaimError": "errors", "ConfigError": "errors",
    "Run": "config.run", "Stop": "schema.stop", "Surface": "surfaces",
    "Trajectory": "experiment.simulate", "Trajectories": "experiment.trajectories",
    "load": "config.loader", "load_runs": "config.loader", "loads": "config.loader",
    "AnimatedRun": "pipeline.animate", "animate": "pipeline.animate",
    "render": "pipeline.render", "simulate": "experiment.simulate",
    "simulate_many": "experiment.simulate_many",
    "load_ipython_extension": "cli.cell_magic",  # for `%load_ext optanim`
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """An attribute of the package, imported on first use so that `optanim --help` starts fast."""
    if name not in _MODULES:
        raise AttributeError(f"module 'optanim' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(f"optanim.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    """The public names, also those that are not imported yet."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
