"""The timeline: every step is reached, and the times add up."""

from fractions import Fraction
from math import ceil
from typing import Literal

from hypothesis import example, given
from hypothesis import strategies as st
from pytest import approx

from optanim.scene.timeline import timeline
from optanim.schema.animation import Animation


@given(
    steps=st.integers(1, 500),
    fps=st.floats(1, 50),
    rate=st.floats(0.5, 100),
    hold=st.floats(0, 10),
    easing=st.sampled_from(["smooth", "linear"]),
)
def test_from_the_first_step_to_the_last(
    steps: int, fps: float, rate: float, hold: float, easing: Literal["smooth", "linear"]
) -> None:
    moments = timeline(
        steps,
        Animation(fps=fps, steps_per_second=rate, hold_start=hold, hold_end=hold, easing=easing),
    )
    shown = [moment.step for moment in moments]
    assert shown[0] == 0 and shown[-1] == steps and shown == sorted(shown)
    assert len(set(shown)) == len(shown)
    assert moments[0].seconds == approx(1 / fps + hold)
    assert sum(moment.seconds for moment in moments) == approx(len(moments) / fps + 2 * hold)
    assert len(moments) / fps == approx(steps / rate, abs=2 / fps + 1e-6)


@given(
    steps=st.integers(1, 200),
    fps=st.fractions(1, 50, max_denominator=100),
    rate=st.fractions("0.5", 100, max_denominator=300),
)
@example(steps=7, fps=Fraction(10), rate=Fraction(7, 10))
@example(steps=1, fps=Fraction(10), rate=Fraction(20_000, 6_001))  # 3.0005 frames are 4
def test_there_are_as_many_frames_as_exact_arithmetic_says(
    steps: int, fps: Fraction, rate: Fraction
) -> None:
    """Rounding adds no frame: 7 steps at 0.7 a second and 10 fps are 100 frames and the last."""
    moments = timeline(steps, Animation(fps=float(fps), steps_per_second=float(rate)))
    assert len(moments) == ceil(steps * fps / rate) + 1
    assert {moment.seconds for moment in moments[:-1]} == {1 / float(fps)}


def test_a_run_that_diverges_at_once_is_one_picture() -> None:
    (only,) = timeline(0, Animation(fps=10, hold_start=0, hold_end=1))
    assert only.step == 0 and only.seconds == approx(1.1)


def test_ten_steps_at_ten_a_second() -> None:
    moments = timeline(10, Animation(steps_per_second=10))
    assert [moment.step for moment in moments][:4] == [0, 0.5, 1, 1.5]
    assert len(moments) == 21 and moments[-1].seconds == approx(2.05)


def test_the_start_is_shown_at_any_speed() -> None:
    assert [m.step for m in timeline(3, Animation(steps_per_second=1e15))] == [0, 3]


@given(steps=st.integers(1, 300), fps=st.floats(1, 50), duration=st.floats(0.5, 60))
def test_a_duration_is_kept(steps: int, fps: float, duration: float) -> None:
    moments = timeline(steps, Animation(fps=fps, duration=duration, hold_end=0))
    assert sum(m.seconds for m in moments[:-1]) == approx(duration, abs=1.01 / fps)


def test_easing_keeps_whole_steps_and_the_middle_and_lingers_at_both_ends() -> None:
    smooth, linear = (
        [m.step for m in timeline(2, Animation(fps=40, steps_per_second=10, easing=easing))]
        for easing in ("smooth", "linear")  # type: ignore[arg-type]
    )
    assert linear[:5] == [0, 0.25, 0.5, 0.75, 1] and smooth[::2] == linear[::2]
    assert smooth[1] == approx(0.15625) and smooth[3] == approx(0.84375)
