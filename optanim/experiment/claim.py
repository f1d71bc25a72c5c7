"""A claim: what the prose beside a figure says of the walks in it, and what is found.

Every file of `claims/` is a kind of claim: a function whose options name walks and numbers. It is
called with the walks that were named, and returns a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Strict

from optanim.experiment.outcome import Account, account
from optanim.experiment.simulate import Trajectory
from optanim.schema.claim import _NAMES, _Refers
from optanim.schema.option import Said
from optanim.surfaces import Surface


@dataclass(frozen=True)
class Walked:
    """A walk that a claim is about: its name in a sentence, what it did, and where."""

    name: str
    trajectory: Trajectory
    surface: Surface

    def account(self, within: float | None = None) -> Account:
        """What it came to; see `optanim.experiment.outcome`."""
        return account(self.trajectory, self.surface, within=within)


@dataclass(frozen=True)
class Verdict:
    """What became of a claim.

    Attributes:
        says: the claim in a sentence, without its full stop.
        holds: whether it is so.
        measured: what was found, with numbers.
        numbers: the same as a number for each walk, in the order of the claim; None where there
            is none, as for the step at which something never happens.
    """

    says: str
    holds: bool
    measured: str
    numbers: tuple[float | None, ...]


Walker = Annotated[Walked, _Refers(), _NAMES, Said("optimizer")]
"""A walk: an optimizer of the run, or `{name: gd, lr: 0.1}`, which is not drawn."""

Seeker = Annotated[Walked, _Refers(minimum=True), _NAMES, Said("optimizer")]
"""A walk on a surface with a known minimum."""

Walkers = Annotated[tuple[Walker, Walker], Strict(False), Said("two optimizers")]
Seekers = Annotated[tuple[Seeker, Seeker], Strict(False), Said("two optimizers")]
