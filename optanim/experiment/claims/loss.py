from optanim.experiment.claim import OneTrial, Verdict
from optanim.experiment.measurements import finite_or_none, loss_at, three_digits
from optanim.schema.claim import ClaimBound, StepOfRun


def loss(
    *,
    loss: OneTrial,
    below: ClaimBound = None,
    above: ClaimBound = None,
    at: StepOfRun | None = None,
) -> Verdict:
    """Loss: the loss of the trial is below or above a number, at the end or at the step `at`.

        above < f(w(at)) < below

    Reference: the loss of a trial that has diverged before that step is infinite.
    """
    value = loss_at(loss, at)
    bounds = [f"below {three_digits(below)}"] if below is not None else []
    bounds += [f"above {three_digits(above)}"] if above is not None else []
    when = "at the end" if at is None else f"at step {at}"
    return Verdict(
        says=f"the loss of {loss.name} is {' and '.join(bounds)} {when}",
        holds=(below is None or value < below) and (above is None or value > above),
        measured=f"it is {three_digits(value)}",
        numbers=(finite_or_none(value),),
    )
