from optanim.experiment.claim import OneTrialToMinimum, Verdict
from optanim.experiment.measurements import outcome_clause
from optanim.schema.types import Positive


def stalls(*, stalls: OneTrialToMinimum, within: Positive | None = None) -> Verdict:
    """Stalls: the trial comes to rest away from the minimum.

        the last quarter of the steps covers less than a hundredth of the length, and so would all
        further steps; the end is farther than `within` from the minimum

    Reference: "resting" as in docs/words.md. By default `within` is a hundredth of the distance
    from the start to the minimum.
    """
    outcome = stalls.outcome(within)
    return Verdict(
        says=f"{stalls.name} stops before it is at the minimum",
        holds=outcome.status == "resting",
        measured=outcome_clause(stalls, within),
        numbers=(outcome.since if outcome.status == "resting" else None,),
    )
