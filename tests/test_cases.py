"""Small inputs that once failed. The head of each file in `tests/cases/` says what is expected."""

import re
from pathlib import Path

import numpy as np
import pytest

import optanim
from optanim.config.dump import as_yaml
from optanim.drawing.live_numbers import LiveNumber
from optanim.drawing.painter import Painter
from optanim.drawing.trail import Trail
from optanim.errors import ConfigError
from optanim.experiment.trials import trajectories_of
from optanim.scene.compose import compose_scene
from optanim.schema.animation import count_frames
from optanim.surfaces import Data
from tests.painters import headless
from tests.test_encodings import printed

CASES = Path(__file__).parent / "cases"


def painted(name: str) -> Painter:
    run = optanim.load(CASES / f"{name}.yaml")
    return headless(compose_scene(run, trajectories_of(run)))


def trails(made: Painter, panel: int) -> list[Trail]:
    box = made.axes[panel].bbox.bounds
    marks = [mark for mark in made._marks if isinstance(mark, Trail)]
    return [mark for mark in marks if mark.clip.bounds == box]


def said(made: Painter, step: int) -> str:
    """The numbers and words that change, at a step."""
    return " ".join(mark.text(step) for mark in made._marks if isinstance(mark, LiveNumber))


def test_every_case_has_its_test() -> None:
    tested = Path(__file__).read_text("utf-8")
    for name in {file.stem for file in CASES.iterdir()}:
        assert f"def test_{name.replace('-', '_')}(" in tested, name
        assert (CASES / f"{name}.yaml").exists()


# 01-loss-floor-converging, 03-loss-zero-among-others, 04-log-scale-negative-loss


def test_01_loss_floor_converging() -> None:
    gd, _ = trails(painted("01-loss-floor-converging"), 1)
    falls = -np.diff(gd.points[100:, 1])
    assert falls.min() > 0 and falls.max() < 1.01 * falls.min() and gd.exit(200) is None


def test_03_loss_zero_among_others() -> None:
    first, second = trails(painted("03-loss-zero-among-others"), 1)
    assert first.exit(30) is None and second.exit(0) is None
    pixel, _ = second.exit(30) or (np.zeros(2), 0)
    assert pixel == pytest.approx([second.points[0, 0], second.clip.y0], abs=0.5)


def test_04_log_scale_negative_loss() -> None:
    with pytest.raises(ConfigError, match=r"04-log-scale-negative-loss.yaml:7:37: .* -4\n"):
        painted("04-log-scale-negative-loss")


# 05-other-encodings


@pytest.mark.parametrize("encoding", ["cp949", "cp932", "cp1252"])
def test_05_other_encodings(encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("c.yaml").write_bytes((CASES / "05-other-encodings.yaml").read_bytes())
    for call in (
        "list",
        "list surfaces",
        "show adam",
        "show quadratic",
        "show c.yaml",
        "tune c.yaml",
    ):
        done = printed(tuple(call.split()), encoding, monkeypatch)
        assert done.code == 0 and done.out.decode(encoding).strip()


# 06-nine-paths, 07-curve-across-a-pole


def test_06_nine_paths() -> None:
    looks = [(t.color, t.marker, t.pen.dash) for t in painted("06-nine-paths").scene.traces]
    assert looks[8][0] == looks[0][0]
    assert len({look[:2] for look in looks}) == 9 and len({look[::2] for look in looks}) == 9


def test_07_curve_across_a_pole() -> None:
    made = painted("07-curve-across-a-pole")
    y = np.asarray(made.axes[0].lines[0].get_ydata())
    assert np.isnan(y).sum() == 1
    low, high = made.axes[0].get_ylim()
    assert -12 < low < 2 and 3.6 < high < 12


# 09-excel-sep-line, 11-comment-lines, 12-title-line,
# 14-missing-values, 15-decimal-comma, 16-thousands


def data_of(name: str) -> Data:
    """The data of the surface of a case."""
    data = optanim.load(CASES / name).surface.data
    assert data is not None
    return data


def test_09_excel_sep_line() -> None:
    data = data_of("09-excel-sep-line.yaml")
    assert data.names == ("hours", "score")
    assert data.x.tolist() == [1, 2, 3] and data.y.tolist() == [52, 57, 66]


def test_11_comment_lines() -> None:
    data = data_of("11-comment-lines.yaml")
    assert data.names == ("year", "co2")
    assert data.x.tolist() == [0, 10, 20] and data.y.tolist() == [316.9, 325.7, 338.8]


def test_12_title_line() -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.load(CASES / "12-title-line.yaml")
    (problem,) = caught.value.problems
    assert str(problem.place).endswith("12-title-line.csv:6:8")
    assert "missing: drop" in problem.help
    assert "names in line 2: Year | Jan | Mean" in problem.help
    run = optanim.load(CASES / "12-title-line.yaml", set=["surface.regression.missing=drop"])
    assert run.surface.data is not None and run.surface.data.x.tolist() == [0, 1, 2]


def test_14_missing_values() -> None:
    with pytest.raises(ConfigError, match="missing: drop leaves out"):
        optanim.load(CASES / "14-missing-values.yaml")
    run = optanim.load(CASES / "14-missing-values.yaml", set=["surface.regression.missing=drop"])
    data = run.surface.data
    assert data is not None and data.x.tolist() == [130, 60, 90]
    assert data.notes == ("1 row is left out: a value is missing",)


def test_15_decimal_comma() -> None:
    data = data_of("15-decimal-comma.yaml")
    assert data.x.tolist() == [1.5, 2, 3.25] and data.y.tolist() == [62, 65.5, 71]


def test_16_thousands() -> None:
    data = data_of("16-thousands.yaml")
    assert data.x.tolist() == [1200, 1850, 2400] and data.y[0] == 250_000


# 18-left-the-frame, 19-left-the-domain, 20-labels-touch-ticks, 21-empty-half


def test_18_left_the_frame_is_said_of_what_diverges() -> None:
    made = painted("18-left-the-frame")
    assert "diverged from step 1 on" in said(made, 10) and "diverged" not in said(made, 9)


def test_19_left_the_domain() -> None:
    made = painted("19-left-the-domain")
    assert made.scene.steps == 14
    assert "undefined at step 15" in said(made, 14) and "undefined" not in said(made, 13)


def test_18_left_the_frame() -> None:
    made = painted("18-left-the-frame")
    texts = [mark.text(10) for mark in made._marks if isinstance(mark, LiveNumber)]
    assert any(" from step 1" in text or "left the frame at step" in text for text in texts)
    (trail,) = trails(made, 0)
    assert trail.exit(0) is None and trail.exit(10) is not None


def test_a_trace_that_leaves_says_so_from_that_step_on() -> None:
    run = optanim.loads(
        "surface: {expr: x + y}\nstart: [1, 1]\noptimizer: {name: gd, lr: 0.5}\nsteps: 30\n"
        "view: {x: [-2, 2], y: [-2, 2]}\n"
    )
    made = Painter(compose_scene(run, trajectories_of(run)))
    numbers = [mark for mark in made._marks if isinstance(mark, LiveNumber)]
    shown = {k: [mark.text(k) for mark in numbers] for k in (6, 7)}
    assert "left the frame at step 7" in shown[7] and "left the frame at step 7" not in shown[6]
    (trail,) = trails(made, 0)
    pixel, _ = trail.exit(30) or (np.zeros(2), 0)
    assert trail.exit(6) is None and pixel == pytest.approx([trail.clip.x0, trail.clip.y0])


@pytest.mark.parametrize("name", ["20-labels-touch-ticks", "07-curve-across-a-pole"])
def test_20_labels_touch_ticks(name: str) -> None:
    made = painted(name)
    for axes in made.axes:
        label = axes.yaxis.label.get_window_extent(made._renderer)
        numbers = [text.get_window_extent(made._renderer) for text in axes.get_yticklabels()]
        beside = [box.x0 for box in numbers if box.y0 < label.y1 and box.y1 > label.y0]
        descends = axes.get_ylabel() != "loss"  # its letters end above the box
        assert all(x - label.x1 >= (4 if descends else 2) - 0.1 for x in beside)


def test_21_empty_half() -> None:
    low, high = painted("21-empty-half").axes[0].get_xlim()
    assert -0.3 < low < 0.05 and high > 3


# 22-ten-thousand-steps, 23-each-its-surface, 24-auto-rate-of-unscaled-data


def test_22_ten_thousand_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit of 20,000 steps is true at the usual pace, and `trace` has no limit of frames."""
    monkeypatch.chdir(tmp_path)
    text = (CASES / "22-ten-thousand-steps.yaml").read_text("utf-8")
    Path("c.yaml").write_text(text, "utf-8")
    slow = text + "animation: {steps_per_second: 10}\n"
    Path("slow.yaml").write_text(slow, "utf-8")
    for steps in ("steps=10000", "steps=20000"):
        assert printed(("check", "c.yaml", "-s", steps), "utf-8", monkeypatch).code == 0
        run = optanim.load("c.yaml", set=[steps])
        assert count_frames(run.steps, run.animation) == 122
    for command in ("check", "render", "batch"):
        done = printed((command, "slow.yaml"), "utf-8", monkeypatch)
        said = (done.out + done.err).decode()
        assert done.code == 2 and "animation: {duration: 10s}" in said
        assert "slow.yaml:6:8: error: 20001 frames" in said and not Path("output").exists()
        done = printed((command, "slow.yaml", "-s", "animation={duration: 10s}", "--limit", "1ms"),
                       "utf-8", monkeypatch)  # fmt: skip
        assert "frames of 307200" not in done.err.decode()
    for call in (("trace",), ("show",), ("embed",), ("deps",), ("render", "--frame", "last")):
        assert printed((call[0], "slow.yaml", *call[1:]), "utf-8", monkeypatch).code == 0, call


def test_23_each_its_surface() -> None:
    made = painted("23-each-its-surface")
    run = optanim.load(CASES / "23-each-its-surface.yaml")
    assert len(made.axes) == 2 and run.surface is run.trials[0].surface
    for trial, ys in zip(run.trials, ([1, 3, 4], [2, 2, 5]), strict=True):
        assert isinstance(trial.surface.data, Data) and trial.surface.data.y.tolist() == ys
    again = optanim.loads(as_yaml(run))
    assert as_yaml(again) == as_yaml(run) and "\nsurface:" not in f"\n{as_yaml(run)}"


@pytest.mark.parametrize(
    ("config", "panel"),
    [
        ("optimizer: {name: gd, surface: beale}", "contour"),
        ("optimizers: [{name: gd, surface: beale}, {name: adam, surface: booth}]", "contour"),
        ("optimizers: [{name: gd, surface: parabola}, {name: adam, surface: wave}]", "curve"),
    ],
)
def test_23_other_panels_show_the_first(config: str, panel: str) -> None:
    run = optanim.loads(f"{config}\nstart: {'1' if panel == 'curve' else '[1, 1]'}\n")
    assert [chosen.entry.name for chosen in run.panels] == [panel]
    assert run.surface is run.trials[0].surface
    assert as_yaml(optanim.loads(as_yaml(run))) == as_yaml(run)


def test_23_one_without_a_surface_is_an_error() -> None:
    with pytest.raises(ConfigError, match="surface is missing") as caught:
        optanim.loads("optimizers: [{name: gd, surface: beale}, adam]\nstart: [1, 1]\n")
    assert caught.value.problems[0].help.startswith("for example surface: ackley; surfaces: ")


def test_23_a_wrong_surface_of_its_own_is_one_problem() -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads("optimizer: {name: gd, surface: {name: quadratic, a: -1}}\nstart: [1, 1]\n")
    (problem,) = caught.value.problems
    assert problem.message == "optimizer.surface.a must be greater than 0, got -1"


def test_24_auto_rate_of_unscaled_data() -> None:
    """The help names scaling, and a `tuning.low` that has a finite rate."""
    file = CASES / "24-auto-rate-of-unscaled-data.yaml"
    with pytest.raises(ConfigError, match="scale the data") as caught:
        trajectories_of(optanim.load(file))
    (problem,) = caught.value.problems
    low = re.search(r"write tuning: (\{low: .*?\})", problem.help)
    assert low
    (trajectory,) = trajectories_of(optanim.load(file, set=[f"tuning={low[1]}"]))
    assert trajectory.status == "finished"
