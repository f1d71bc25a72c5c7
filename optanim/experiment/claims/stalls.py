from optanim.experiment.claim import OneTrialToMinimum, Verdict
from optanim.experiment.measurements import became
from optanim.schema.types import Positive


def stalls(*, stalls: OneTrialToMinimum, within: Positive | None = None) -> Verdict:
    """Stalls: the trial comes to rest, and not at the minimum.

        the last quarter of the steps goes less than a hundredth of the path, and so would all
        that follows; the end is farther than `within` from the minimum

    Reference: "resting" as in docs/glossary.md; without `within`, a hundredth of the
    distance from the start to the minimum.
    """
    facts = stalls.outcome(within)
    return Verdict(
        says=f"{stalls.name} stops before it is at the minimum",
        holds=facts.status == "resting",
        measured=became(stalls, within),
        numbers=(facts.since if facts.status == "resting" else None,),
    )
