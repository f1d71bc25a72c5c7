from typing import Literal

from optanim.experiment.claim import OneSwarmToMinimum, Verdict
from optanim.experiment.measurements import share_clause, three_digits
from optanim.schema.claim import SeedCount, ShareBound
from optanim.schema.types import Positive


def share(
    *,
    share: OneSwarmToMinimum,
    arrives: ShareBound = None,
    at_most: ShareBound = None,
    minimum: Literal["best", "any"] = "best",
    within: Positive | None = None,
    seeds: SeedCount = None,
) -> Verdict:
    """Share: of many starts, or of many seeds, at least the share `arrives` reaches the minimum.

        arrives ≤ (number of trials that arrive) / (number of all) ≤ at_most

    Reference: "arrived" as in docs/words.md, of each trial. The best minimum is that of the lowest
    loss, and several if their losses are equal; with `minimum: any` each known one counts. The
    starts are those of a swarm. With `seeds` one start is tried with this number of seeds, from
    that of the run on.
    """
    outcomes, best = share.outcomes(seeds, within), share.best_minima
    arrived = outcomes.status == "arrived"
    reached = arrived if minimum == "any" else arrived & best[outcomes.minimum]
    part = float(reached.mean())
    bounds = [f"at least {three_digits(100 * arrives)} %"] if arrives is not None else []
    bounds += [f"at most {three_digits(100 * at_most)} %"] if at_most is not None else []
    kind = "seeds" if seeds else "starts"
    place = "a minimum" if minimum == "any" else "the best minimum"
    tolerance = "" if within is None else f" within {three_digits(within)} of it"
    return Verdict(
        says=f"{' and '.join(bounds)} of the {kind} of {share.name} arrive at {place}{tolerance}",
        holds=(arrives is None or part >= arrives) and (at_most is None or part <= at_most),
        measured=share_clause(outcomes.status, reached, kind),
        numbers=(part,),
    )
