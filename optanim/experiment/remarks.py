"""Remarks about a run that are no errors: a trial that fails, a view that shows nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10, prod

import numpy as np

from optanim.config.run import Run, Trial
from optanim.experiment.motion import hessians
from optanim.experiment.simulate import Trajectory
from optanim.experiment.swarm import SwarmTrajectory
from optanim.formulas.plain_text import number_in_text, plain
from optanim.schema.animation import count_frames
from optanim.surfaces import Array, configured_window, sentinel_in

TURNING_BYTES = 0.07
"""Bytes of a GIF for a pixel of a frame of a landscape whose camera turns."""


def remarks_of(
    run: Run, trajectories: Sequence[Trajectory], *, still: bool = False
) -> tuple[str, ...]:
    """A sentence for each thing that may be unintended, in the order of the trials.

    Args:
        run: the run.
        trajectories: of its trials.
        still: whether one frame is drawn instead of a film.
    """
    remarks = list[str]()
    for trial, trajectory in zip(run.trials, trajectories, strict=True):
        label = plain(trajectory.label)
        if trial.starts:
            remarks += [*_start_remarks(trial, label), *_moving_remarks(trial, trajectory, label)]
            continue
        if limit := limit_of_divergence(trial, trajectory):
            remarks.append(f"{label} diverges on this surface above lr {limit}")
        if remark := _view_remark(run, trial, trajectory):
            remarks.append(f"{label}: {remark}")
    remarks += [*_tuning_remarks(run), *_basin_remarks(run)]
    return (*remarks, *_data_remarks(run), *([] if still else _film_remarks(run)))


def _tuning_remarks(run: Run) -> list[str]:
    """A remark for each option of `tuning.over` that was tuned in no optimizer of the run."""
    tuned = {name for trial in run.trials if trial.search for name in trial.search.names}
    return [
        f"tuning.over names {name}, but no optimizer was tuned over it: none has it, or the config"
        " sets it"
        for name in run.tuning.named
        if tuned and name not in tuned
    ]


def _basin_remarks(run: Run) -> list[str]:
    """A remark where the panel `basins` has no color, as nobody has stated a minimum."""
    shown = [panel.options.get("of") for panel in run.panels if panel.entry.name == "basins"]
    trials = run.trials if run.layout == "grid" else [run.trials[(of or 1) - 1] for of in shown]
    surfaces = [trial.look.surface or run.chosen for trial in trials if not trial.surface.minima]
    if not shown or not any("minima" in surface.entry.options for surface in surfaces):
        return []
    return [
        "basins has colors for the minima of a formula that the config states, and it states none;"
        " surface: {minima: [[x, y], …]} with their numbers names them"
    ]


def _start_remarks(trial: Trial, label: str) -> list[str]:
    """A remark where some starts of a swarm are left out."""
    assert trial.swarm and trial.starts
    if not (lost := trial.swarm.count - len(trial.starts)):
        return []
    return [
        f"{label}: {lost:,} of {trial.swarm.count:,} starts are left out, where the surface has no"
        " finite value and gradient"
    ]


def _moving_remarks(trial: Trial, trajectory: Trajectory, label: str) -> list[str]:
    """A remark where most dots of a swarm are on their way at the last step."""
    if not isinstance(trajectory, SwarmTrajectory):
        return []
    members, outcomes = trajectory.members, trajectory.outcomes
    moving = int(((outcomes.status == "moving") & (members.stopped == "")).sum())
    count = len(outcomes.status)
    if moving <= count / 2:
        return []
    return [
        f"{label}: {moving:,} of {count:,} starts still move at step {trial.steps:,};"
        f" with more steps they may arrive, for example steps: {2 * trial.steps}"
    ]


def _film_remarks(run: Run) -> list[str]:
    """A remark where a GIF alone shows a camera that turns, and is large."""
    suffixes = {output.suffix.lower() for output in run.outputs}
    share = [chosen.entry.name for chosen in run.panels].count("surface3d") / len(run.panels)
    if not (run.view.camera.turn and run.figure.size and share) or ".gif" not in suffixes:
        return []
    pixels = share * prod(side * run.figure.scale for side in run.figure.size)
    size = count_frames(run.steps, run.animation) * pixels * TURNING_BYTES / 1e6
    if size < 1 or suffixes & {".mp4", ".webm"}:
        return []
    return [
        f"where the camera turns, every frame of a GIF is large, here about {size:.0f} MB together;"
        " formats: [mp4] or [webm] suit it"
    ]


def _data_remarks(run: Run) -> list[str]:
    """A remark for each column of a file with a number that probably stands for no value."""
    remarks = dict[str, None]()
    for trial in run.trials:
        data = trial.surface.data
        section = (trial.look.surface or run.chosen).options.get("regression")
        if data is None or getattr(section, "data", None) is None:
            continue
        for name, values in zip(data.names, (*data.inputs, data.y), strict=False):
            if found := sentinel_in(values):
                value, count, (low, high) = found
                times = "once" if count == 1 else f"{count} times"
                remarks[
                    f"{name} is {value:g} {times}, far from the others, {low:g} to {high:g};"
                    f" if it stands for no value: missing: {value:g}"
                ] = None
    return list(remarks)


def limit_of_divergence(trial: Trial, trajectory: Trajectory) -> str:
    """The `stable_rate` of a trial that diverged, in three digits; "" if it is not known."""
    limit = stable_rate(trial) if trajectory.status == "diverged" else None
    return "" if limit is None else _rounded_down(limit)


def stable_rate(trial: Trial) -> float | None:
    """The learning rate above which a trial diverges, for any start; None if it is not known.

    It is known for these three, if the surface is quadratic, with the largest curvature λ:

        gd: 2/λ; momentum: 2(1 + μ)/λ; nesterov: 2(1 + μ)/((1 + 2μ)λ)

    Reference: the rate at which a root of the recurrence of w(t) leaves the unit circle at −1.
    """
    surface, options = trial.surface, trial.chosen.options
    if trial.name not in ("gd", "momentum", "nesterov") or surface.batch_size is not None:
        return None
    if not all(isinstance(options.get(name, 0.1), int | float) for name in ("lr", "momentum")):
        return None
    curvature = _constant_curvature(trial)
    if curvature is None:
        return None
    curvature = -curvature if surface.ascends else curvature  # it minimizes −f
    low, high = np.linalg.eigvalsh(curvature)[[0, -1]]
    if high <= 0 or low < -1e-6 * high:
        return None
    mu = 0.0
    if trial.name != "gd":
        option = trial.chosen.entry.options["momentum"]
        mu = float(options.get("momentum", option.default))
    ahead = 1 + 2 * mu if trial.name == "nesterov" else 1
    return float(2 * (1 + mu) / (ahead * high))


def _constant_curvature(trial: Trial) -> Array | None:
    """The second derivatives (d, d) of a quadratic surface; None for any other."""
    surface, d = trial.surface, trial.surface.dimensions
    domain = np.array(surface.domain)
    center = np.array(surface.minima[0]) if surface.minima else domain.mean(axis=1)
    curvature: Array = hessians(surface, center[:, None])[0]
    if not np.isfinite(curvature).all():
        return None
    # Corners, edges and beyond: a formula that is quadratic at all of these is quadratic.
    shares = np.random.RandomState(0).uniform(-3, 4, (d, 12))
    points = domain[:, :1] + shares * np.ptp(domain, axis=1)[:, None]
    points = np.concatenate([points, np.array(trial.start)[:, None]], axis=1)
    with np.errstate(all="ignore"):
        found = np.broadcast_to(surface.gradient(points), points.shape)
        base = np.broadcast_to(surface.gradient(center[:, None]), (d, 1))
        expected = curvature @ (points - center[:, None]) + base
    size = np.abs(expected).max()
    return curvature if np.allclose(found, expected, rtol=0, atol=1e-5 * size) else None


def _rounded_down(value: float) -> str:
    """Three digits, not above the value."""
    unit = 10.0 ** (floor(log10(value)) - 2)
    # 1e-9: a bound of 0.5 is not written as 0.499.
    return number_in_text(float(f"{floor(value / unit + 1e-9) * unit:.3g}"))


def _view_remark(run: Run, trial: Trial, trajectory: Trajectory) -> str:
    """What is wrong with a `view` that holds no point of a trial, and a range that holds it."""
    window = configured_window(run.view, trial.surface)
    if window is None:
        return ""
    low, high = np.array(window).T[:, :, None]
    points = trajectory.points
    if ((points >= low) & (points <= high)).all(axis=0).any():
        return ""
    part = points[:, : max(1, (trajectory.since or points.shape[1]))]
    if part.shape[1] == 1:  # a window around one point would show nothing else
        part = np.concatenate([part, np.array(trial.surface.domain)], axis=1)
    keys = ("x", "y")[: len(part)]
    ranges = [
        f"{key}: [{a:.3g}, {b:.3g}]" for key, a, b in zip(keys, *_outer_bounds(part), strict=True)
    ]
    return f"the view holds no point of its path; view: {{{', '.join(ranges)}}} would"


def _outer_bounds(points: Array) -> tuple[Array, Array]:
    """Bounds (d,) with a margin, outside all points (d, n) also after rounding."""
    low, high = points.min(axis=1), points.max(axis=1)
    margin = np.maximum(0.05 * (high - low), 0.01 * np.maximum(np.abs(low), np.abs(high)) + 1e-9)
    return low - margin, high + margin
