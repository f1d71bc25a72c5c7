import numpy as np

from optanim.experiment.claim import OneTrial, Verdict
from optanim.experiment.measurements import three_digits

LOSS_ROUNDING = 4
"""Units in the last place of a loss that a rise may have and count as rounding."""


def loss_falls(*, loss_falls: OneTrial) -> Verdict:
    """Loss falls: no update of the trial leads to a higher loss.

        f(w(t)) ≤ f(w(t − 1)) at every step t

    Reference: a rise of at most four units in the last place of the loss counts as rounding. The
    claim fails if the trial diverges or becomes undefined.
    """
    trajectory = loss_falls.trajectory
    losses = trajectory.values
    rounding = LOSS_ROUNDING * np.spacing(np.maximum(np.abs(losses[1:]), np.abs(losses[:-1])))
    rises = np.flatnonzero(np.diff(losses) > rounding)
    step = int(rises[0]) + 1 if len(rises) else None
    measured = f"it falls or stays at each of {trajectory.steps} steps"
    if step is not None:
        before, after = losses[step - 1 : step + 1]
        measured = f"it rises at step {step}, from {three_digits(before)} to {three_digits(after)}"
    elif trajectory.status != "finished":
        step = trajectory.since
        verb = "diverges" if trajectory.status == "diverged" else "is undefined"
        measured = f"it {verb} at step {step}"
    return Verdict(
        says=f"the loss of {loss_falls.name} never rises",
        holds=step is None,
        measured=measured,
        numbers=(step,),
    )
