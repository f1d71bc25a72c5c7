"""What became of a walk: the numbers, on walks whose story is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import optanim
from optanim.experiment.outcome import Outcome, measure_outcome
from optanim.experiment.simulate import Trajectory
from optanim.experiment.trials import trajectories_of
from optanim.surfaces import Array, Surface

CONFIGS = Path(__file__).parents[1] / "configs"


def accounts(text: str, **options: float) -> list[Outcome]:
    run = optanim.loads(text)
    return [measure_outcome(path, run.surface, **options) for path in trajectories_of(run)]  # type: ignore[arg-type]


def told(surface: str, start: str, optimizer: str, steps: int) -> Outcome:
    (one,) = accounts(
        f"surface: {surface}\nstart: {start}\noptimizer: {optimizer}\nsteps: {steps}\n"
    )
    return one


def walk(points: Array, surface: Surface, status: str = "finished") -> Trajectory:
    path = np.atleast_2d(points)
    with np.errstate(over="ignore"):
        values = np.broadcast_to(surface.value(path), path.shape[1:])
    none = np.zeros((len(path), 0))
    return Trajectory("", path, values, none, none, np.zeros(0, np.int64), status)  # type: ignore[arg-type]


def bowl(*sides: float, minima: tuple[tuple[float, ...], ...] | None = None) -> Surface:
    """The square of the distance to the origin, in a window of such sides."""
    minima = (tuple(0.0 for _ in sides),) if minima is None else minima
    domain = tuple((-side / 2, side / 2) for side in sides)
    return Surface(lambda p: (p**2).sum(axis=0), lambda p: 2 * p, domain, minima, "")


@pytest.mark.parametrize(
    ("name", "status", "since", "overshoots"),
    [
        ("gd", "arrived", 20, 0),
        ("momentum", "arrived", 83, 5),
        ("nesterov", "arrived", 23, 1),
        ("adagrad", "arrived", 13, 0),
        ("rmsprop", "cycling", None, 0),
        ("adam", "arrived", 94, 0),
    ],
)
def test_the_articles_figures(name: str, status: str, since: int | None, overshoots: int) -> None:
    run = optanim.load(CONFIGS / f"{name}_optimization.yaml")
    (path,) = trajectories_of(run)
    one = measure_outcome(path, run.surface)
    assert (one.status, one.since, one.overshoots) == (status, since, overshoots)
    assert one.start == (-4, 3) and one.minimum == (0, 0) and one.within == pytest.approx(0.05)
    assert one.end == tuple(path.points[:, -1]) and one.loss == path.values[-1]
    assert one.distance == pytest.approx(float(np.linalg.norm(one.end)))
    assert one.around == ((0, 0) if status == "cycling" else None)


def test_adamws_figure_has_three_ends() -> None:
    run = optanim.load(CONFIGS / "adamw_optimization.yaml")
    adam, coupled, decoupled = (measure_outcome(p, run.surface) for p in trajectories_of(run))
    assert (adam.status, adam.since, adam.minimum) == ("arrived", 134, (3, 2))
    # L2 rests where 2(x − 3) + λx = 0 and 4(y − 2) + λy = 0, and that is not the minimum.
    assert coupled.status == "resting"
    assert coupled.end == pytest.approx([6 / 2.3, 8 / 4.3], abs=0.01)
    assert decoupled.status == "moving" and decoupled.since is None


@pytest.mark.parametrize(
    ("name", "published"),
    [("gd", (27, 28)), ("nesterov", (35, 36)), ("momentum", (116, 117)),
     ("adam", (108, 131)), ("adagrad", (18, 27)), ("rmsprop", None)],
)  # fmt: skip
def test_steps_to_a_hundredth_as_published(name: str, published: tuple[int, int] | None) -> None:
    run = optanim.load(CONFIGS / f"{name}_optimization.yaml", set=["steps=400"])
    (path,) = trajectories_of(run)
    one = measure_outcome(path, run.surface, within=0.01)
    if published:
        assert one.status == "arrived" and published[0] <= (one.since or 0) <= published[1]
    else:
        assert one.status == "cycling"


@pytest.mark.parametrize(
    ("surface", "start", "optimizer", "steps", "status", "since"),
    [
        # 1 − 2η = −1: from one side to the other for ever.
        ("parabola", "[10]", "{name: gd, lr: 1.0}", 20, "cycling", None),
        # |w| = 10·1.1ᵗ is past 1.5 times the domain's 11 from step 6 on; in 8 steps it grows too
        # little to call it divergence.
        ("parabola", "[10]", "{name: gd, lr: 1.05}", 8, "left", 6),
        ("parabola", "[10]", "{name: gd, lr: 1.1}", 20, "diverged", 1),
        ("parabola", "[10]", "{name: gd, lr: 1e9}", 50, "diverged", 17),
        ("parabola", "[10]", "{name: gd, lr: 0.5}", 1, "arrived", 1),
        ("parabola", "[0]", "{name: gd, lr: 0.5}", 9, "arrived", 0),
        # A kink keeps a constant step for ever.
        ("{expr: abs(x), minima: [[0]]}", "[3]", "{name: gd, lr: 0.35}", 30, "cycling", None),
        # On the ridge of a saddle, and beside it.
        ("saddle", "[1, 0]", "{name: gd, lr: 0.1}", 60, "resting", 21),
        ("saddle", "[1, 0.01]", "{name: gd, lr: 0.1}", 60, "left", 32),
        ("saddle", "[1, 0.001]", "{name: gd, lr: 0.1}", 20, "moving", None),
        # The wrong one of two wells.
        ("{name: double_well, tilt: 0.2}", "[1.5]", "{name: gd, lr: 0.01}", 200, "resting", 52),
        # A plain, where next to nothing happens, is no place of rest.
        ("plateau", "[2.4, 2.4]", "{name: gd, lr: 0.1}", 100, "moving", None),
        # Nor is the floor of a valley, that a long fall down its wall makes look short.
        ("{name: quadratic, a: 1e-3}", "[0.5, 4]", "{name: gd, lr: 0.4}", 100, "moving", None),
        ("beale", "[3, 4]", "{name: gd, lr: 0.1}", 100, "diverged", 3),
    ],
)
def test_known_walks(
    surface: str, start: str, optimizer: str, steps: int, status: str, since: int | None
) -> None:
    one = told(surface, start, optimizer, steps)
    assert (one.status, one.since) == (status, since)
    if status in ("left", "cycling") and surface == "parabola":
        assert one.overshoots == (20 if status == "cycling" else 6)
    if surface == "saddle":
        assert one.minimum is one.distance is one.within is one.overshoots is None
    assert one.steps == (16 if since == 17 else 2 if surface == "beale" else steps)


def test_divergence_keeps_the_last_finite_point() -> None:
    one = told("parabola", "[10]", "{name: gd, lr: 1e9}", 50)
    assert np.isfinite(one.end).all() and np.isfinite(one.loss) and one.since == one.steps + 1


def test_what_rolls_through_has_not_arrived() -> None:
    """At its last step a ball is at the bottom, and on its way up."""
    surface = bowl(4)
    rolling = np.cos(np.linspace(0, np.pi / 2, 30))[None]
    assert measure_outcome(walk(rolling, surface), surface).status == "moving"
    stays = np.r_[rolling[0], np.zeros(5)][None]
    one = measure_outcome(walk(stays, surface), surface)
    assert (one.status, one.since) == ("arrived", 29)


def test_overshoots_are_counted_where_they_can_be_seen() -> None:
    surface = bowl(4)
    swings = np.array([[1.0, -0.5, -0.6, 0.2, 0.05, -0.09, 0.05, -0.3, 0.0, -0.2]])
    # −0.5, 0.2, −0.3: what is less than a tenth does not count, nor going on on one side.
    assert measure_outcome(walk(swings, surface), surface).overshoots == 3
    along_y = np.stack([np.full(4, 0.0), [1, -1, 1, -1]])
    assert measure_outcome(walk(along_y, bowl(4, 4)), bowl(4, 4)).overshoots == 3


def test_of_several_minima_the_nearest_to_the_end_counts() -> None:
    one = told("himmelblau", "[-3, -3]", "{name: gd, lr: 0.01}", 100)
    assert one.minimum == pytest.approx((-3.779310, -3.283186)) and one.status == "arrived"


def test_the_authors_window_is_the_frame() -> None:
    surface = bowl(10, 10)
    path = walk(np.array([[0.5, 1.5, 2.5, 2.5], [0.5, 0.5, 0.5, 0.5]]), surface)
    frame = ((-1.0, 1.0), (-np.inf, np.inf))
    assert measure_outcome(path, surface).status != "left"
    one = measure_outcome(path, surface, frame=frame)
    assert (one.status, one.since) == ("left", 1)
    # Never in it, it cannot leave it.
    outside = ((-9.0, -8.0), (-9.0, -8.0))
    assert measure_outcome(path, surface, frame=outside).status != "left"


def test_parameters_of_different_units_weigh_alike() -> None:
    """A slope that is off by all of its window is not "there" beside an intercept of hundreds."""
    surface = bowl(1000, 1)
    points = np.stack([np.r_[400.0, np.zeros(20)], np.full(21, 0.4)])
    assert measure_outcome(walk(points, surface), surface).status != "arrived"
    assert measure_outcome(walk(points, surface), surface).distance == pytest.approx(0.4)
    assert measure_outcome(walk(points, surface), surface).length == pytest.approx(400)


def test_a_walk_that_never_began() -> None:
    surface = bowl(4, minima=())
    one = measure_outcome(walk(np.array([[1.0]]), surface), surface)
    assert (one.status, one.since, one.steps, one.length) == ("resting", 0, 0, 0)


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_any_size_of_numbers(size: float) -> None:
    surface = bowl(4)
    path = walk(size * np.array([[1.0, -0.5, 0.5]]), surface)
    one = measure_outcome(path, surface)
    assert one.overshoots == 2 and one.status != "arrived"
    assert one.distance == pytest.approx(size / 2) and one.length == pytest.approx(2.5 * size)


@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=1, max_size=40),
    st.booleans(),
)
def test_an_account_keeps_its_promises(points: list[tuple[float, float]], known: bool) -> None:
    surface = bowl(10, 8) if known else bowl(10, 8, minima=())
    path = np.array(points).T
    one = measure_outcome(walk(path, surface), surface)
    assert (one.since is None) == (one.status in ("moving", "cycling"))
    assert (one.minimum is None) == (not known) == (one.overshoots is None)
    assert (one.around is None) == (one.status != "cycling")
    if one.status == "arrived":
        away = np.linalg.norm(path, axis=0)
        assert (away[one.since :] <= (one.within or 0)).all()
        assert one.since == 0 or away[(one.since or 0) - 1] > (one.within or 0)
    assert 0 <= (one.overshoots or 0) <= one.steps and one.length >= 0
