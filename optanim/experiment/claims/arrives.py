from optanim.experiment.claim import OneTrialToMinimum, Verdict
from optanim.experiment.measurements import stays, told
from optanim.schema.claim import StepOfRun
from optanim.schema.types import Positive


def arrives(
    *, arrives: OneTrialToMinimum, within: Positive | None = None, by: StepOfRun | None = None
) -> Verdict:
    """Arrives: the trial settles at the minimum, at the latest at the step `by`.

        from a step on, until the end, it is within the distance of the minimum

    Reference: "arrived" as in docs/glossary.md; without `within`, a hundredth of the
    distance from the start to the minimum.
    """
    facts = arrives.outcome(within)
    since = facts.since if facts.status == "arrived" else None
    near = "" if within is None else f" within {told(within)} of it"
    late = "" if by is None else f" by step {by}"
    return Verdict(
        says=f"{arrives.name} arrives at the minimum{near}{late}",
        holds=since is not None and (by is None or since <= by),
        measured=stays(arrives, within=within),
        numbers=(since,),
    )
