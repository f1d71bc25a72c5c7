from optanim.experiment.claim import Verdict, Walker
from optanim.experiment.measurements import became


def cycles(*, cycles: Walker) -> Verdict:
    """Cycles: the walk ends in a swing to and fro that lasts.

        the last quarter of the steps goes a tenth of the path or more, and comes back

    Reference: "cycling" as in docs/glossary.md.
    """
    return Verdict(
        says=f"{cycles.name} ends in a cycle",
        holds=cycles.account().status == "cycling",
        measured=became(cycles),
        numbers=(None,),
    )
