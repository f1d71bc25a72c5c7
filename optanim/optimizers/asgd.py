from collections.abc import Iterator
from typing import Annotated

from optanim.optimizers._schedule import schedule
from optanim.optimizers._state import State
from optanim.schema.option import Minor, Symbol
from optanim.schema.types import NonNegative, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def asgd(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    lambd: Annotated[NonNegative, Symbol(r"\Lambda"), Minor()] = 1e-4,
    alpha: Annotated[NonNegative, Minor()] = 0.75,
    t0: NonNegative = 0.0,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[State]:
    """ASGD: gradient descent with the average of its points, which noise hardly moves.

        g = ∇f(w) + λw
        w ← w − η(t)(Λw + g), η(t) = η/(1 + Λη(t − 1))^α
        a ← a + (w − a)/max(1, t − 1 − t₀), the average

    Names: ko ASGD.

    Family: first order.

    Many at once: yes, with one t0.

    Reference: Polyak & Juditsky 1992, "Acceleration of stochastic approximation by averaging"; the
    rate η(t) and the decay Λ of Bottou's stochastic gradient descent. PyTorch: ASGD, whose lambd is
    Λ, but whose average begins by default after a million updates. The average is the second path.
    """
    average = w
    yield State(w, mean=average, initial=True)
    for t, eta in schedule(lr):
        g = f.gradient(w) + weight_decay * w
        rate = eta / (1 + lambd * eta * (t - 1)) ** alpha
        w = (1 - lambd * rate) * w - rate * g
        average = average + (w - average) / max(1.0, t - 1 - t0)
        yield State(w, mean=average)
