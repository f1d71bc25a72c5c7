from optanim.claim import Seeker, Verdict
from optanim.finding import became
from optanim.rules import Positive


def stalls(*, stalls: Seeker, within: Positive | None = None) -> Verdict:
    """Stalls: the walk comes to rest, and not at the minimum.

        the last quarter of the steps goes less than a hundredth of the path, and so would all
        that follows; the end is farther than `within` from the minimum

    Reference: "resting" of `optanim.account`; without `within`, a hundredth of the start's distance
    from the minimum.
    """
    facts = stalls.account(within)
    return Verdict(
        says=f"{stalls.name} stops before it is at the minimum",
        holds=facts.status == "resting",
        measured=became(stalls, within),
        numbers=(facts.since if facts.status == "resting" else None,),
    )
