"""The timeline: every step is reached, and the times add up."""

from hypothesis import given
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


def test_ten_steps_at_ten_a_second() -> None:
    moments = timeline(10, Animation())
    assert [moment.step for moment in moments][:4] == [0, 0.5, 1, 1.5]
    assert len(moments) == 21 and moments[-1].seconds == approx(2.05)
