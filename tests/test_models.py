"""Models that name columns, and the log-loss: against NumPy, Newton's method and PyTorch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import optanim
from optanim.drawing.marks import Dots
from optanim.drawing.painter import Painter
from optanim.errors import ConfigError
from optanim.experiment.trials import simulate_run
from optanim.scene.compose import compose_scene
from optanim.surfaces import Surface
from tests.needs import uses_torch

RNG = np.random.default_rng(7)
N = 40
TV, RADIO = RNG.uniform(0, 3, N).round(4), RNG.uniform(-1, 2, N).round(4)
SALES = (1.5 * TV - 0.8 * RADIO + RNG.normal(0, 0.3, N)).round(4)
PASSED = (RNG.uniform(size=N) < 1 / (1 + np.exp(1.5 - 1.3 * TV))).astype(int)
WORDS = np.where(PASSED == 1, "yes", "no")
TABLE = "TV,radio,sales,passed,word\n" + "".join(
    f"{a},{b},{c},{d},{e}\n" for a, b, c, d, e in zip(TV, RADIO, SALES, PASSED, WORDS, strict=True)
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("d.csv").write_text(TABLE)
    return tmp_path


def surface_of(keys: str, more: str = "", start: str = "[0, 0]") -> Surface:
    return loaded(keys, more, start).surface


def loaded(keys: str, more: str = "", start: str = "[0, 0]") -> optanim.Run:
    return optanim.loads(
        f"surface: {{regression: {{data: d.csv, {keys}}}{more}}}\n"
        f"start: {start}\noptimizer: gd\nsteps: 5\npanels: [contour, fit]\n",
        source="c.yaml",
    )


def test_two_columns_are_two_inputs() -> None:
    surface = surface_of("model: w1*TV + w2*radio, y: sales")
    assert surface.axes == ("w1", "w2")
    J = np.stack([TV, RADIO], axis=1)
    best = np.linalg.lstsq(J, SALES, rcond=None)[0]
    assert surface.minima[0] == pytest.approx(best, abs=1e-12)
    p = np.array([0.3, -1.1])
    residuals = SALES - J @ p
    assert surface.value(p) == pytest.approx((residuals**2).mean())
    assert surface.gradient(p) == pytest.approx(-2 * residuals @ J / N)
    data = surface.data
    assert data is not None and data.names == ("TV", "radio", "sales")
    assert data.predict(p, data.inputs) == pytest.approx(J @ p)
    batch = np.array([3, 5, 8])
    assert data.gradient(p, batch) == pytest.approx(-2 * residuals[batch] @ J[batch] / 3)


@pytest.mark.parametrize("loss", ["mse", "mae", "huber"])
@pytest.mark.parametrize(
    "model",
    ["w*TV*radio + b", "a*exp(-k*TV) + radio", "w*TV + w**2*radio*b", "tanh(w*TV + b*radio)"],
)
def test_gradients_are_those_of_finite_differences(model: str, loss: str) -> None:
    surface = surface_of(f"model: {model}, y: sales, loss: {loss}")
    points = np.random.default_rng(3).uniform(-1, 1.5, (2, 5)) if len(surface.axes) == 2 else (
        np.random.default_rng(3).uniform(-1, 1.5, (1, 5)))  # fmt: skip
    gradients = surface.gradient(points)
    for i, axis in enumerate(np.eye(len(points))):
        h = 1e-6 * axis[:, None]
        slope = (surface.value(points + h) - surface.value(points - h)) / 2e-6
        assert gradients[i] == pytest.approx(slope, rel=1e-5, abs=1e-6)


def newton(J: np.ndarray, y: np.ndarray) -> np.ndarray:
    p = np.zeros(J.shape[1])
    for _ in range(50):
        q = 1 / (1 + np.exp(-J @ p))
        p = p - np.linalg.solve((J.T * (q * (1 - q))) @ J, J.T @ (q - y))
    return p


@pytest.mark.parametrize("model", ["sigmoid(w*TV + b)", "1/(1 + exp(-w*TV - b))",
                                   "1/(exp(-(w*TV + b)) + 1)"])  # fmt: skip
@pytest.mark.parametrize("y", ["passed", "word"])
def test_logistic_regression(model: str, y: str) -> None:
    surface = surface_of(f"model: {model}, y: {y}, loss: logloss")
    J = np.stack([np.ones(N), TV], axis=1)
    assert surface.minima[0] == pytest.approx(newton(J, PASSED), abs=1e-9)
    p = np.array([[0.3, -0.7, 2.0], [0.4, 1.0, -3.0]])
    q = 1 / (1 + np.exp(-np.tensordot(J, p, 1)))
    by_hand = -(PASSED[:, None] * np.log(q) + (1 - PASSED[:, None]) * np.log(1 - q)).mean(0)
    assert surface.value(p) == pytest.approx(by_hand)
    assert surface.gradient(p) == pytest.approx(J.T @ (q - PASSED[:, None]) / N)
    data = surface.data
    assert data is not None and set(data.y) == {0.0, 1.0}
    assert data.predict(p[:, 0], data.inputs) == pytest.approx(q[:, 0])
    assert data.notes == (("word: 1 is yes, 0 is no",) if y == "word" else ())
    assert surface.domain[0][0] < 0 < surface.domain[0][1]


def test_logloss_does_not_overflow() -> None:
    surface = surface_of("model: sigmoid(w*TV + b), y: passed, loss: logloss")
    far = np.array([3e4, -5e4])
    margins = (2 * PASSED - 1) * (far[0] + far[1] * TV)
    assert surface.value(far) == pytest.approx(np.maximum(0, -margins).mean())
    assert np.isfinite(surface.gradient(far)).all()


def test_logloss_of_another_probability() -> None:
    surface = surface_of("model: c*exp(-k*TV), y: passed, loss: logloss", "", "[0.9, 1]")
    k = 0.8
    q = 0.7 * np.exp(-k * TV)
    p = np.array([0.7, k])
    by_hand = -(PASSED * np.log(q) + (1 - PASSED) * np.log(1 - q)).mean()
    assert surface.axes == ("c", "k") and surface.value(p) == pytest.approx(by_hand)
    slope = -(PASSED / q - (1 - PASSED) / (1 - q)) * -TV * q
    assert surface.gradient(p)[1] == pytest.approx(slope.mean())


def test_classes_that_a_line_separates_have_no_minimum() -> None:
    Path("d.csv").write_text("h,y\n1,0\n2,0\n3,1\n4,1\n")
    surface = surface_of("model: sigmoid(w*h + b), loss: logloss")
    assert surface.minima == () and surface.data is not None


@uses_torch
def test_logloss_is_that_of_torch() -> None:
    import torch

    surface = surface_of("model: sigmoid(w*TV*radio + b), y: passed, loss: logloss")
    for point in np.random.default_rng(1).uniform(-3, 3, (6, 2)):
        p = torch.tensor(point, requires_grad=True)
        z = p[1] * torch.tensor(TV * RADIO) + p[0]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(z, torch.tensor(PASSED * 1.0))
        loss.backward()
        assert surface.value(point) == pytest.approx(loss.item(), rel=1e-12)
        assert surface.gradient(point) == pytest.approx(p.grad.numpy(), rel=1e-10)


def test_the_word_that_is_one_can_be_said() -> None:
    keys = "model: sigmoid(w*TV + b), y: word, loss: logloss, positive: "
    data = surface_of(keys + "'no'").data
    assert data is not None and data.y.tolist() == (1 - PASSED).tolist()
    assert data.notes == ("word: 1 is no, 0 is yes",)
    data = surface_of(keys.replace("word", "passed") + "0").data
    assert data is not None and data.y.tolist() == (1 - PASSED).tolist()


@pytest.mark.parametrize(
    ("columns", "values"),
    [("1,2", [0, 1]), ("-1,1", [0, 1]), ("9,10", [0, 1]), ("b,a", [1, 0]), ("No,yes", [0, 1]),
     ("TRUE,FALSE", [1, 0])],
)  # fmt: skip
def test_two_values_are_zero_and_one(columns: str, values: list[float]) -> None:
    first, second = columns.split(",")
    Path("d.csv").write_text(f"h,m\n1,{first}\n2,{second}\n3,{first}\n")
    data = surface_of("model: sigmoid(w*h + b), loss: logloss").data
    assert data is not None and data.y.tolist() == [*values, values[0]]


@pytest.mark.parametrize(
    ("header", "keys", "names"),
    [
        ("TV,radio", "model: w*TV + b", ("TV", "radio")),
        ("radio,TV", "model: w*TV + b", ("TV", "radio")),
        ("x,TV", "model: w*x + b", ("x", "TV")),
        ("x,TV", "model: w*TV + b", ("TV", "x")),
        ("TV,radio", "model: w*x + b", ("TV", "radio")),
        ("TV,radio", "model: w*x + b, x: radio", ("radio", "TV")),
        ("b,m", "model: w*m + b}, axes: [w, b", ("m", "b")),
        ("Sepal.Length,m", "model: 'w*h + b', columns: {h: Sepal.Length}", ("Sepal.Length", "m")),
        ("공부 시간,점수", "model: 'w*h + b', columns: {h: 공부 시간}", ("공부 시간", "점수")),
        ("2020,m", "model: 'w*h + b', columns: {h: 2020}", ("2020", "m")),
    ],
)
def test_which_names_are_columns(header: str, keys: str, names: tuple[str, ...]) -> None:
    Path("d.csv").write_text(f"{header}\n1.5,2\n3.5,4\n5.5,9\n", "utf-8")
    more = ", " + keys.split("}, ")[1] + "]" if "}, axes" in keys else ""
    data = surface_of(keys.split("}, axes")[0], more).data
    assert data is not None and data.names == names


WRONG = {
    "too many": ("model: w*TV + v*radio + b, y: sales", "c.yaml:1:61: error: the model has 3 par"),
    "too many, columns": ("model: w*TV + v*radio + b, y: sales", "columns: TV, radio, sales"),
    "no target": ("model: w*TV + b", "c.yaml:1:30: error: d.csv has 4 columns beside those of the"),
    "the target": ("model: w*sales + b, y: sales", "c.yaml:1:46: error: 'sales' is the target"),
    "a product": ("model: wTV + b, y: sales", "help: a product is written w*TV"),
    "letters": ("model: w*시간 + b, y: sales", "columns: {a: its name}"),
    "a point": ("model: w*Sepal.Length + b, y: sales", "columns: {a: its name}"),
    "no column": ("model: w*h + b, columns: {h: tv}, y: sales", "there is no column 'tv'"),
    "no column, near": ("model: w*h + b, columns: {h: TVs}, y: sales", "did you mean 'TV'?"),
    "not in the model": ("model: w*TV + b, columns: {h: TV}, y: sales", "the model has no 'h'"),
    "a function": ("model: w*TV + b, columns: {exp: TV}, y: sales", "'exp' is the name of a func"),
    "columns": ("model: w*h + b, columns: TV, y: sales", "columns must have a column for each"),
    "a line": ("model: w*TV + b, loss: logloss, y: passed", "help: model: sigmoid(w*TV + b)"),
    "three words": ("model: sigmoid(w*TV + b), loss: logloss, y: sales", "needs two values, got"),
    "positive": (
        "model: sigmoid(w*TV + b), loss: logloss, y: word, positive: maybe",
        "word is never 'maybe'",
    ),
    "positive of mse": ("model: w*TV + b, y: sales, positive: a", "positive is an option of the"),
    "a name of words": ("model: w*word + b, y: sales", "d.csv:2:"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_model_gets_its_message(name: str) -> None:
    keys, message = WRONG[name]
    with pytest.raises(ConfigError) as caught:
        surface_of(keys)
    assert message in str(caught.value)


def test_points_of_classes_are_zero_or_one() -> None:
    with pytest.raises(ConfigError, match="y must be 0 or 1 for logloss, got 2"):
        optanim.loads(
            "surface: {regression: {points: [[1, 0], [2, 2]], model: sigmoid(w*x),\n"
            "  loss: logloss}}\nstart: 1\noptimizer: gd\n"
        )
    surface = optanim.loads(
        "surface: {regression: {points: [[1, 0], [2, 1]], x: h, model: sigmoid(w*h + b),\n"
        "  loss: logloss}}\nstart: [0, 0]\noptimizer: gd\n"
    ).surface
    assert surface.data is not None and surface.data.names == ("h", "y")


def test_standardized_columns() -> None:
    surface = surface_of("model: w1*TV + w2*radio, y: sales, standardize: true")
    J = np.stack([TV, RADIO], axis=1)
    z = (J - J.mean(0)) / J.std(0)
    best = np.linalg.lstsq(z, SALES, rcond=None)[0]
    assert surface.minima[0] == pytest.approx(best)
    assert surface.data is not None and np.array_equal(surface.data.inputs, J.T)
    assert surface.data.predict(best, J.T) == pytest.approx(z @ best)
    assert len(surface.data.notes) == 2


def test_the_fit_of_two_columns_is_predicted_against_true() -> None:
    run = loaded("model: w1*TV + w2*radio, y: sales", start="[1, 0.5]")
    painter = Painter(compose_scene(*simulate_run(run)))
    axes = painter.axes[1]
    assert axes.get_xlabel() == "sales" and axes.get_ylabel() == "predicted"
    (dots,) = [mark for mark in painter._marks if isinstance(mark, Dots)]
    assert callable(dots.points)
    expected = axes.transData.transform(np.stack([SALES, TV + 0.5 * RADIO], axis=1))
    assert dots.points(0.0) == pytest.approx(expected)
    assert not np.allclose(dots.points(5.0), expected)
    painter.paint(2.5)


def test_the_formula_names_the_columns() -> None:
    surface = surface_of("model: w1*TV + w2*radio, y: sales")
    assert surface.formula == (
        r"\frac{1}{40}\sum (y - w_{1} \,\mathrm{TV} - w_{2} \,\mathrm{radio})^2"
    )
    logistic = surface_of("model: sigmoid(w*TV + b), y: passed, loss: logloss")
    assert logistic.formula.startswith(r"\frac{1}{40}\sum \mathrm{logloss}(y, \sigma(")
