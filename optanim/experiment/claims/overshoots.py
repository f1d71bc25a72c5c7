from typing import Annotated

from annotated_types import Ge

from optanim.experiment.claim import OneTrialToMinimum, Verdict
from optanim.experiment.measurements import overshoots_clause, times_in_words


def overshoots(
    *, overshoots: OneTrialToMinimum, times: Annotated[int, Ge(0)] | None = None
) -> Verdict:
    """Overshoots: the trial passes the minimum at least once, or exactly `times` times.

        each time it continues for at least a tenth of the distance from the start to the minimum,
        measured along the line between them

    Reference: "overshoots" as in docs/words.md.
    """
    count = overshoots.outcome().overshoots or 0
    frequency = "" if times is None else f" {times_in_words(times)}"
    says = f"overshoots the minimum{frequency}" if times != 0 else "never overshoots the minimum"
    return Verdict(
        says=f"{overshoots.name} {says}",
        holds=count > 0 if times is None else count == times,
        measured=overshoots_clause(overshoots),
        numbers=(count,),
    )
