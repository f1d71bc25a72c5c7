from math import hypot

from optanim.experiment.claim import TwoTrials, Verdict
from optanim.experiment.measurements import finite, told


def smaller(*, smaller: TwoTrials) -> Verdict:
    """Smaller: `[a, b]`, the parameters of a end smaller than those of b, as weight decay wants.

        ‖w‖ of a < ‖w‖ of b at the end

    Reference: the Euclidean norm, in the parameters' own units; of a trial that diverges, that of
    its last finite point.
    """
    a, b = smaller
    sizes = tuple(hypot(*trial.trajectory.points[:, -1].tolist()) for trial in smaller)
    return Verdict(
        says=f"{a.name} ends with smaller parameters than {b.name}",
        holds=sizes[0] < sizes[1],
        measured=f"the norm of {a.name} is {told(sizes[0])}, that of {b.name} is {told(sizes[1])}",
        numbers=tuple(map(finite, sizes)),
    )
