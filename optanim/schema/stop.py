"""The section `stop` of a config: the rules that end a trial before its last step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from optanim.schema.types import NonNegative, Real


@dataclass(frozen=True, kw_only=True)
class Stop:
    """Rules that end a trial before its last step; the first that is true ends it.

    Attributes:
        step: end after an update w(t − 1) → w(t) of at most this length, ‖w(t) − w(t − 1)‖.
        gradient: end at a point where the norm ‖∇f(w)‖ is at most this. The gradient is the exact
            one of the surface, without noise and batches.
        loss: end at a point where the loss is at most this, without noise and batches.
    """

    step: NonNegative | None = None
    gradient: NonNegative | None = None
    loss: Real | None = None

    def rules(self) -> Iterator[tuple[str, float]]:
        """Yield the key and the bound of each rule that is set."""
        for field in fields(self):
            bound = getattr(self, field.name)
            if bound is not None:
                yield field.name, float(bound)
