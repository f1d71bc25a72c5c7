from optanim.experiment.claim import TwoTrialsToMinimum, Verdict
from optanim.experiment.measurements import stays
from optanim.schema.types import Positive


def faster(*, faster: TwoTrialsToMinimum, within: Positive | None = None) -> Verdict:
    """Faster: `[a, b]`, a settles at the minimum before b does, if b ever does.

        the first step from which on a stays within the distance of the minimum is before b's

    Reference: "arrived" as in docs/glossary.md; without `within`, a hundredth of the
    distance from the start to the minimum. Steps are counted, not seconds.
    """
    a, b = faster
    first, second = (trial.outcome(within) for trial in faster)
    steps = [facts.since if facts.status == "arrived" else None for facts in (first, second)]
    return Verdict(
        says=f"{a.name} is faster than {b.name}",
        holds=steps[0] is not None and (steps[1] is None or steps[0] < steps[1]),
        measured=stays(a, b, within=within),
        numbers=tuple(steps),
    )
