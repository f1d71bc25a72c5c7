from optanim.experiment.claim import TwoTrialsToMinimum, Verdict
from optanim.experiment.measurements import arrival_clause
from optanim.schema.types import Positive


def faster(*, faster: TwoTrialsToMinimum, within: Positive | None = None) -> Verdict:
    """Faster: `[a, b]`, a arrives at the minimum before b, or b never arrives.

        the step of arrival of a < that of b

    Reference: "arrived" as in docs/words.md. By default `within` is a hundredth of the distance
    from the start to the minimum. The measure is the number of steps, not time; with
    `view: {against: evaluations}` it is the number of evaluations up to the arrival.
    """
    a, b = faster
    outcomes = [trial.outcome(within) for trial in faster]
    steps = [
        trial.progress(outcome.since or 0) if outcome.status == "arrived" else None
        for trial, outcome in zip(faster, outcomes, strict=True)
    ]
    return Verdict(
        says=f"{a.name} is faster than {b.name}",
        holds=steps[0] is not None and (steps[1] is None or steps[0] < steps[1]),
        measured=arrival_clause(a, b, within=within),
        numbers=tuple(steps),
    )
