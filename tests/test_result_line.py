"""`figure: {result: true}`: what became of the optimizers, in a sentence of the last frame."""

from __future__ import annotations

import pytest

import optanim
from optanim.config.dump import as_yaml
from optanim.drawing.appearing import Appearing
from optanim.drawing.painter import Painter
from optanim.experiment.trials import trajectories_of
from optanim.scene.alt_text import alt_text, result_sentences
from optanim.scene.compose import compose_scene
from tests.painters import SMALL, painter

ONE = "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: momentum, lr: 0.1}\n"
RACE = "surface: quadratic\nstart: [-4, 3]\noptimizers: [gd, momentum, nesterov, rmsprop, adam]\n"


def sentences(text: str) -> tuple[str, ...]:
    run = optanim.loads(text)
    return result_sentences(run, trajectories_of(run))


def line_of(painter: Painter) -> Appearing:
    (mark,) = [mark for mark in painter._marks if isinstance(mark, Appearing)]
    return mark


def test_it_is_the_alt_text_without_what_the_figure_shows() -> None:
    (sentence,) = sentences(ONE)
    assert sentence == "Momentum overshoots the minimum five times and settles after 83 steps"
    run = optanim.loads(ONE)
    alt = alt_text(run, trajectories_of(run))
    assert alt == sentence.replace("minimum", "minimum of x² + 2y²") + ", from (−4, 3)"


def test_it_is_in_the_language_of_the_config() -> None:
    (sentence,) = sentences(ONE + "lang: ko\n")
    assert sentence == "모멘텀이 최솟값을 다섯 번 지나쳤다가 83걸음 만에 자리를 잡는다."


@pytest.mark.parametrize(
    ("optimizer", "english", "korean"),
    [
        ("{name: gd, lr: 0.6}",
         "Gradient descent diverges from step 1 on, as it does above a learning rate of 0.5",
         "경사하강법이 1걸음부터 발산한다. 학습률이 0.5를 넘으면 발산한다."),
        ("{name: gd, lr: 1e-7}",
         "Gradient descent has hardly moved after 100 steps, where the gradient is 14.4",
         "경사하강법이 100걸음 동안 거의 움직이지 않는다. 그곳의 기울기는 14.4."),
        ("{name: gd, start: [0, 0]}", "Gradient descent starts at the minimum and stays there",
         "경사하강법이 최솟값에서 출발해 그대로 머문다."),
        ("{name: gd, start: [1]}",
         "Gradient descent becomes undefined at step 6, where the surface has no value",
         "경사하강법이 곡면의 값이 정의되지 않는 곳에 6걸음째에 들어선다."),
        ("{name: adam, start: [-3, 3]}",
         "Adam is still moving after 100 steps, at (−2.98, 2.98)",
         "Adam이 100걸음 뒤에도 아직 움직이고 있다. 마지막 위치는 (−2.98, 2.98)."),
    ],
)  # fmt: skip
def test_sentences_without_surface_and_start(optimizer: str, english: str, korean: str) -> None:
    surface = "{expr: log(x)}" if "[1]" in optimizer else "quadratic"
    surface = "ackley" if "adam" in optimizer else surface
    text = f"surface: {surface}\nstart: [-4, 3]\noptimizer: {optimizer}\n"
    assert sentences(text) == (english,)
    assert sentences(text + "lang: ko\n") == (korean,)


def test_a_race_has_shorter_sentences_with_fewer_names() -> None:
    found = sentences(RACE)
    assert found[0] == (
        "Gradient descent settles first, after 20 steps, then Nesterov (23), RMSProp (54),"
        " momentum (83) and Adam (94)"
    )
    assert found[-1].endswith("then Nesterov (23) and 3 others")
    assert sorted(found, key=len, reverse=True) == [*found]


def test_only_the_last_frame_has_it_and_its_room_is_kept() -> None:
    plain, told = painter(ONE, SMALL), painter(ONE, SMALL, "figure.result=true")
    height = plain.axes[0].bbox.y1 - told.axes[0].bbox.y1
    assert 10 < height < 40
    rows, columns = line_of(told).part
    top = told.axes[0].get_figure(root=True).bbox.height - told.axes[0].bbox.y1
    assert rows.stop < top and columns.start >= 8 and columns.stop <= 320 - 8
    part = rows, columns
    assert (told.paint(99.9)[part] == told.paint(0)[part]).all()
    assert (told.paint(100)[part] != told.paint(0)[part]).any()


def test_it_is_in_one_line_or_two_and_then_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(text: str, *set: str) -> str:
        kept = []
        monkeypatch.setattr(
            "optanim.drawing.result_line.Appearing",
            lambda artists, *rest: kept.extend(artists) or Appearing(artists, *rest),
        )
        run = optanim.loads(text, set=["figure.result=true", "figure.legend=none", *set])
        Painter(compose_scene(run, trajectories_of(run)))
        return kept[-1].get_text()

    found = sentences(RACE)
    assert shown(RACE, "figure.size=[1280, 480]") == found[0]
    assert shown(RACE).count("\n") == 0 and shown(RACE) in found[1:]
    assert shown(RACE, "figure.size=[320, 400]").replace("\n", " ") in found
    long = RACE.replace("gd", "{name: gd, label: a label that is as long as a sentence of a text}")
    assert shown(long, "figure.size=[240, 400]").endswith("…")
    dollars = shown(ONE.replace("0.1}", r"0.1, label: 5 \$ and 7 \$ more}"))
    assert dollars.startswith(r"5 \$ and 7 \$ more overshoots")


def test_a_dump_has_it() -> None:
    run = optanim.loads(ONE + "figure: {result: true}\n")
    assert optanim.loads(as_yaml(run)).figure.result is True
    assert "result" not in as_yaml(optanim.loads(ONE))
