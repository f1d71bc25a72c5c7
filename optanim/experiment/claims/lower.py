from optanim.experiment.claim import TwoTrials, Verdict
from optanim.experiment.measurements import finite_or_none, loss_at, three_digits
from optanim.schema.claim import StepOfRun


def lower(*, lower: TwoTrials, at: StepOfRun | None = None) -> Verdict:
    """Lower: `[a, b]`, the loss of a is lower than that of b, at the end or at the step `at`.

        f(w(at)) of a < that of b

    Reference: the loss of a trial that has diverged before that step is infinite.
    """
    a, b = lower
    losses = tuple(loss_at(trial, at) for trial in lower)
    when = "at the end" if at is None else f"at step {at}"
    return Verdict(
        says=f"{a.name} has a lower loss than {b.name} {when}",
        holds=losses[0] < losses[1],
        measured=f"the loss of {a.name} is {three_digits(losses[0])}, that of {b.name}"
        f" is {three_digits(losses[1])}",
        numbers=tuple(map(finite_or_none, losses)),
    )
