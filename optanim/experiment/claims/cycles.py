from optanim.experiment.claim import OneTrial, Verdict
from optanim.experiment.measurements import outcome_clause


def cycles(*, cycles: OneTrial) -> Verdict:
    """Cycles: the trial ends in a cycle, which may be inexact.

        the last quarter of the steps covers at least a tenth of the length, and returns

    Reference: "cycling" as in docs/words.md.
    """
    return Verdict(
        says=f"{cycles.name} ends in a cycle",
        holds=cycles.outcome().status == "cycling",
        measured=outcome_clause(cycles),
        numbers=(None,),
    )
