from optanim.experiment.claim import OneTrial, Verdict
from optanim.experiment.measurements import quarter_step_lengths, three_digits
from optanim.schema.types import Fraction


def slows(*, slows: OneTrial, to: Fraction = 0.1) -> Verdict:
    """Slows: the last steps of the trial are much shorter than the first.

        mean ‖w(t) − w(t − 1)‖ in the last quarter ≤ `to` × that in the first

    Reference: each quarter has a fourth of all steps, and at least one. A trial that has arrived
    has also slowed.
    """
    first, *_, last = quarter_step_lengths(slows)
    return Verdict(
        says=f"{slows.name} slows down to {three_digits(to)} of its first steps",
        holds=first > 0 and last <= to * first,
        measured=f"its steps are {three_digits(first)} long in the first quarter of the run and"
        f" {three_digits(last)} in the last",
        numbers=(last / first if first > 0 else None,),
    )
