from optanim.experiment.claim import OneTrial, Verdict
from optanim.experiment.measurements import outcome_clause
from optanim.schema.claim import StepOfRun


def diverges(*, diverges: OneTrial, by: StepOfRun | None = None) -> Verdict:
    """Diverges: the trial diverges or leaves the map, at the latest at the step `by`.

        a point or a loss is not finite; or the trial is off the map from a step to the end, and
        its last loss is higher than its first

    Reference: "diverged" and "left" as in docs/glossary.md. The map is half as large again as the
    domain of the surface.
    """
    outcome, losses = diverges.outcome(), diverges.trajectory.values
    lost = outcome.status == "diverged" or (outcome.status == "left" and losses[-1] > losses[0])
    since = outcome.since if lost else None
    deadline = "" if by is None else f" by step {by}"
    return Verdict(
        says=f"{diverges.name} diverges{deadline}",
        holds=since is not None and (by is None or since <= by),
        measured=outcome_clause(diverges),
        numbers=(since,),
    )
