from optanim.experiment.claim import OneTrial, Verdict
from optanim.experiment.measurements import became


def cycles(*, cycles: OneTrial) -> Verdict:
    """Cycles: the trial ends in a swing to and fro that lasts.

        the last quarter of the steps goes a tenth of the path or more, and comes back

    Reference: "cycling" as in docs/glossary.md.
    """
    return Verdict(
        says=f"{cycles.name} ends in a cycle",
        holds=cycles.outcome().status == "cycling",
        measured=became(cycles),
        numbers=(None,),
    )
