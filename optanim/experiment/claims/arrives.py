from optanim.experiment.claim import OneTrialToMinimum, Verdict
from optanim.experiment.measurements import arrival_clause, three_digits
from optanim.schema.claim import StepOfRun
from optanim.schema.types import Positive


def arrives(
    *, arrives: OneTrialToMinimum, within: Positive | None = None, by: StepOfRun | None = None
) -> Verdict:
    """Arrives: the trial comes to the minimum and stays there, at the latest from the step `by` on.

        ‖w(t) − minimum‖ ≤ within, from a step to the end

    Reference: "arrived" as in docs/words.md. By default `within` is a hundredth of the distance
    from the start to the minimum.
    """
    outcome = arrives.outcome(within)
    since = outcome.since if outcome.status == "arrived" else None
    tolerance = "" if within is None else f" within {three_digits(within)} of it"
    deadline = "" if by is None else f" by step {by}"
    return Verdict(
        says=f"{arrives.name} arrives at the minimum{tolerance}{deadline}",
        holds=since is not None and (by is None or since <= by),
        measured=arrival_clause(arrives, within=within),
        numbers=(since,),
    )
