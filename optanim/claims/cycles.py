from optanim.claim import Verdict, Walker
from optanim.finding import became


def cycles(*, cycles: Walker) -> Verdict:
    """Cycles: the walk ends in a swing to and fro that lasts.

        the last quarter of the steps goes a tenth of the path or more, and comes back

    Reference: "cycling" of `optanim.account`.
    """
    return Verdict(
        says=f"{cycles.name} ends in a cycle",
        holds=cycles.account().status == "cycling",
        measured=became(cycles),
        numbers=(None,),
    )
