from optanim.experiment.claim import OneTrial, Verdict
from optanim.experiment.measurements import became
from optanim.schema.claim import StepOfRun


def diverges(*, diverges: OneTrial, by: StepOfRun | None = None) -> Verdict:
    """Diverges: the trial gets lost, at the latest at the step `by`.

        a point or loss is no finite number; or it leaves the map for good, and its loss ends
        higher than it began

    Reference: "diverged" and "left" as in docs/glossary.md; the map is half as large again as the
    surface's domain.
    """
    facts, path = diverges.outcome(), diverges.trajectory
    lost = facts.status == "diverged" or (
        facts.status == "left" and path.values[-1] > path.values[0]
    )
    since = facts.since if lost else None
    late = "" if by is None else f" by step {by}"
    return Verdict(
        says=f"{diverges.name} diverges{late}",
        holds=since is not None and (by is None or since <= by),
        measured=became(diverges),
        numbers=(since,),
    )
