"""The timeline: every step is reached, and the times add up."""

from fractions import Fraction
from math import ceil

from hypothesis import example, given
from hypothesis import strategies as st
from pytest import approx

from optanim.timeline import Animation, timeline


@given(
    steps=st.integers(1, 500),
    fps=st.floats(1, 50),
    rate=st.floats(0.5, 100),
    hold=st.floats(0, 10),
)
def test_from_the_first_step_to_the_last(steps: int, fps: float, rate: float, hold: float) -> None:
    moments = timeline(steps, Animation(fps=fps, steps_per_second=rate, hold_end=hold))
    shown = [moment.step for moment in moments]
    assert shown[0] == 0 and shown[-1] == steps and shown == sorted(shown)
    assert len(set(shown)) == len(shown)
    assert sum(moment.seconds for moment in moments) == approx(len(moments) / fps + hold)
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
    (only,) = timeline(0, Animation(fps=10, hold_end=1))
    assert only.step == 0 and only.seconds == approx(1.1)


def test_ten_steps_at_ten_a_second() -> None:
    moments = timeline(10, Animation())
    assert [moment.step for moment in moments][:4] == [0, 0.5, 1, 1.5]
    assert len(moments) == 21 and moments[-1].seconds == approx(2.05)


def test_the_start_is_shown_at_any_speed() -> None:
    assert [m.step for m in timeline(3, Animation(steps_per_second=1e15))] == [0, 3]
