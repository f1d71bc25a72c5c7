from optanim.experiment.claim import OneTrial, Verdict
from optanim.experiment.measurements import outcome_clause
from optanim.schema.claim import StepOfRun


def diverges(*, diverges: OneTrial, by: StepOfRun | None = None) -> Verdict:
    """Diverges: the trial diverges, at the latest at the step `by`.

        a number becomes too large; or steps and losses grow by 40 % from quarter to quarter, and
        the loss is above that of the start

    Reference: "diverged" as in docs/words.md. A trial that leaves the map need not diverge.
    """
    outcome = diverges.outcome()
    since = outcome.since if outcome.status == "diverged" else None
    deadline = "" if by is None else f" by step {by}"
    return Verdict(
        says=f"{diverges.name} diverges{deadline}",
        holds=since is not None and (by is None or since <= by),
        measured=outcome_clause(diverges),
        numbers=(since,),
    )
