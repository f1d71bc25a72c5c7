from optanim.experiment.claim import OneTrial, Verdict
from optanim.experiment.measurements import quarters, told
from optanim.schema.types import Fraction


def slows(*, slows: OneTrial, to: Fraction = 0.1) -> Verdict:
    """Slows: the steps of the trial end much shorter than they began.

        mean ‖w(t) − w(t − 1)‖ in the last quarter ≤ `to` × that in the first

    Reference: of the whole run, so that what has arrived has slowed, too. A quarter is a fourth of
    the steps, one at least.
    """
    first, *_, last = quarters(slows)
    return Verdict(
        says=f"{slows.name} slows down to {told(to)} of its first steps",
        holds=first > 0 and last <= to * first,
        measured=f"its steps are {told(first)} long in the first quarter of the run and"
        f" {told(last)} in the last",
        numbers=(last / first if first > 0 else None,),
    )
