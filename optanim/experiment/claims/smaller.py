from math import hypot

from optanim.experiment.claim import TwoTrials, Verdict
from optanim.experiment.measurements import finite_or_none, three_digits


def smaller(*, smaller: TwoTrials) -> Verdict:
    """Smaller: `[a, b]`, the last parameters of a are smaller than those of b, as by weight decay.

        ‖w‖ of a < ‖w‖ of b at the end

    Reference: the Euclidean norm, in the units of the parameters. For a trial that diverges, it is
    the norm of the last finite point.
    """
    a, b = smaller
    norms = tuple(hypot(*trial.trajectory.points[:, -1].tolist()) for trial in smaller)
    return Verdict(
        says=f"{a.name} ends with smaller parameters than {b.name}",
        holds=norms[0] < norms[1],
        measured=f"the norm of {a.name} is {three_digits(norms[0])},"
        f" that of {b.name} is {three_digits(norms[1])}",
        numbers=tuple(map(finite_or_none, norms)),
    )
