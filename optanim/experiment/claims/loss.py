from optanim.experiment.claim import OneTrial, Verdict
from optanim.experiment.measurements import finite, loss_at, told
from optanim.schema.claim import ClaimBound, StepOfRun


def loss(
    *,
    loss: OneTrial,
    below: ClaimBound = None,
    above: ClaimBound = None,
    at: StepOfRun | None = None,
) -> Verdict:
    """Loss: that of the trial is below or above a number, at the end or at a step.

        above < f < below after so many updates

    Reference: a trial that has diverged by then has an infinite loss.
    """
    found = loss_at(loss, at)
    sides = [f"below {told(below)}"] if below is not None else []
    sides += [f"above {told(above)}"] if above is not None else []
    when = "at the end" if at is None else f"at step {at}"
    return Verdict(
        says=f"the loss of {loss.name} is {' and '.join(sides)} {when}",
        holds=(below is None or found < below) and (above is None or found > above),
        measured=f"it is {told(found)}",
        numbers=(finite(found),),
    )
