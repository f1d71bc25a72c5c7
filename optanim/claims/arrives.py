from optanim.claim import Seeker, Verdict
from optanim.claim_types import StepOfRun
from optanim.finding import stays, told
from optanim.rules import Positive


def arrives(
    *, arrives: Seeker, within: Positive | None = None, by: StepOfRun | None = None
) -> Verdict:
    """Arrives: the walk settles at the minimum, at the latest at the step `by`.

        from a step on, until the end, it is within the distance of the minimum

    Reference: "arrived" of `optanim.account`; without `within`, a hundredth of the start's distance
    from the minimum.
    """
    facts = arrives.account(within)
    since = facts.since if facts.status == "arrived" else None
    near = "" if within is None else f" within {told(within)} of it"
    late = "" if by is None else f" by step {by}"
    return Verdict(
        says=f"{arrives.name} arrives at the minimum{near}{late}",
        holds=since is not None and (by is None or since <= by),
        measured=stays(arrives, within=within),
        numbers=(since,),
    )
