from optanim.experiment.claim import TwoTrialsToMinimum, Verdict
from optanim.experiment.measurements import outcome_clause, overshoots_clause


def stabler(*, stabler: TwoTrialsToMinimum) -> Verdict:
    """Stabler: `[a, b]`, a overshoots the minimum less often than b, and does not diverge.

        overshoots of a < overshoots of b; a does not diverge, leaves neither the map nor the points
        where the loss has a value

    Reference: "overshoots", "diverged" and "left" as in docs/words.md.
    """
    a, b = stabler
    first, second = (trial.outcome() for trial in stabler)
    counts = first.overshoots or 0, second.overshoots or 0
    lost = first.status in ("diverged", "left", "undefined")
    reason = f"; {outcome_clause(a)}" if lost else ""
    return Verdict(
        says=f"{a.name} is stabler than {b.name}",
        holds=counts[0] < counts[1] and not lost,
        measured=f"{overshoots_clause(a, b)}{reason}",
        numbers=counts,
    )
