from optanim.experiment.claim import TwoTrials, Verdict
from optanim.experiment.measurements import finite_or_none, three_digits


def longer(*, longer: TwoTrials) -> Verdict:
    """Longer: `[a, b]`, the trajectory of a is longer than that of b.

        Σ ‖w(t) − w(t − 1)‖ of a > that of b

    Reference: "length" as in docs/words.md, in the units of the parameters.
    """
    a, b = longer
    lengths = tuple(trial.outcome().length for trial in longer)
    return Verdict(
        says=f"{a.name} moves farther than {b.name}",
        holds=lengths[0] > lengths[1],
        measured=f"the trajectory of {a.name} is {three_digits(lengths[0])} long, that of {b.name}"
        f" is {three_digits(lengths[1])}",
        numbers=tuple(map(finite_or_none, lengths)),
    )
