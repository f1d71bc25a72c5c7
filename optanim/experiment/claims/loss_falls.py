import numpy as np

from optanim.experiment.claim import OneTrial, Verdict
from optanim.experiment.measurements import told


def loss_falls(*, loss_falls: OneTrial) -> Verdict:
    """Loss falls: no update of the trial leads to a higher loss.

        f(t) ≤ f(t − 1) at every step t

    Reference: less than 10⁻⁹ of the largest loss so far is rounding. A trial that diverges rises.
    """
    path = loss_falls.trajectory
    rounding = 1e-9 * np.maximum.accumulate(np.abs(path.values[:-1]))
    rises = np.flatnonzero(np.diff(path.values) > rounding)
    step = int(rises[0]) + 1 if len(rises) else None
    measured = f"it falls or stays at each of {path.steps} steps"
    if step is not None:
        before, after = path.values[step - 1 : step + 1]
        measured = f"it rises at step {step}, from {told(before)} to {told(after)}"
    elif path.status == "diverged":
        step = path.steps + 1
        measured = f"it diverges at step {step}"
    return Verdict(
        says=f"the loss of {loss_falls.name} never rises",
        holds=step is None,
        measured=measured,
        numbers=(step,),
    )
