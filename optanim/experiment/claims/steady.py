from optanim.experiment.claim import OneTrial, Verdict
from optanim.experiment.measurements import outcome_clause, quarter_step_lengths, three_digits

ORDINALS = ("first", "second", "third", "last")


def steady(*, steady: OneTrial) -> Verdict:
    """Steady: the steps of the trial keep about the same length.

        mean ‖w(t) − w(t − 1)‖ in any quarter of the run ≥ half of that in any other

    Reference: none in the literature. Here lengths look about the same down to a ratio of a half. A
    trial at rest, or one that has hardly moved, is not steady.
    """
    outcome = steady.outcome()
    moves = outcome.status != "resting" and outcome.pace != "none"
    lengths = quarter_step_lengths(steady)
    low, high = min(lengths), max(lengths)
    names = [ORDINALS[lengths.index(length)] for length in (high, low)]
    rest = "" if moves else f"; {outcome_clause(steady)}"
    return Verdict(
        says=f"{steady.name} moves steadily",
        holds=moves and high > 0 and low >= high / 2,
        measured=f"its steps are {three_digits(high)} long in the {names[0]} quarter of the run and"
        f" {three_digits(low)} in the {names[1]}{rest}",
        numbers=(low / high if high > 0 else None,),
    )
