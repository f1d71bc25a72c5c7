from typing import Annotated

from annotated_types import Ge

from optanim.experiment.claim import OneTrialToMinimum, Verdict
from optanim.experiment.measurements import overshot
from optanim.experiment.measurements import times as said


def overshoots(
    *, overshoots: OneTrialToMinimum, times: Annotated[int, Ge(0)] | None = None
) -> Verdict:
    """Overshoots: the trial passes the minimum, at least once, or as often as `times` says.

        it goes on for a tenth of the start's distance, seen along the line from start to minimum

    Reference: "overshoots" as in docs/glossary.md.
    """
    count = overshoots.outcome().overshoots or 0
    often = "" if times is None else f" {said(times)}"
    return Verdict(
        says=f"{overshoots.name} overshoots the minimum{often}",
        holds=count > 0 if times is None else count == times,
        measured=overshot(overshoots),
        numbers=(count,),
    )
