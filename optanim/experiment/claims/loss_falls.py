import numpy as np

from optanim.experiment.claim import OneTrial, Verdict
from optanim.experiment.measurements import three_digits


def loss_falls(*, loss_falls: OneTrial) -> Verdict:
    """Loss falls: no update of the trial leads to a higher loss.

        f(w(t)) ≤ f(w(t − 1)) at every step t

    Reference: a rise of at most 10⁻⁹ of the largest loss so far counts as rounding. The claim fails
    if the trial diverges.
    """
    trajectory = loss_falls.trajectory
    losses = trajectory.values
    rounding = 1e-9 * np.maximum.accumulate(np.abs(losses[:-1]))
    rises = np.flatnonzero(np.diff(losses) > rounding)
    step = int(rises[0]) + 1 if len(rises) else None
    measured = f"it falls or stays at each of {trajectory.steps} steps"
    if step is not None:
        before, after = losses[step - 1 : step + 1]
        measured = f"it rises at step {step}, from {three_digits(before)} to {three_digits(after)}"
    elif trajectory.status == "diverged":
        step = trajectory.steps + 1
        measured = f"it diverges at step {step}"
    return Verdict(
        says=f"the loss of {loss_falls.name} never rises",
        holds=step is None,
        measured=measured,
        numbers=(step,),
    )
