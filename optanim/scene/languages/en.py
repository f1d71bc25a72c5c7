from collections.abc import Sequence
from dataclasses import replace

from optanim.scene.languages import Ground, Walk, by_status, only_details

NAMES = {"gd": "gradient descent", "momentum": "momentum"}
"""Those that are no proper names."""
TIMES = {1: "once", 2: "twice"}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def en(walks: Sequence[Walk], most: int) -> str:
    """English: a sentence for one walk; for a race, who settles first and who does not."""
    said = _alone(walks[0]) if len(walks) == 1 else _race(list(walks), most)
    return said[0].upper() + said[1:]


def _alone(walk: Walk) -> str:
    facts, lowest, on = walk.account, _lowest(walk.ground), _on(walk.ground)
    past = f"overshoots {lowest} {_times(facts.overshoots)}" if facts.overshoots else ""
    said = {
        "arrived": f"{past} and settles{_fitted(walk)} after {_steps(facts.since)}"
        if past else f"settles at {lowest}{_fitted(walk)} after {_steps(facts.since)}",
        "resting": f"{past} and comes to rest at {walk.end}, where the loss is {walk.loss}"
        if past else f"comes to rest at {walk.end}{_away(walk)}, where the loss is {walk.loss}",
        "cycling": f"{past} and keeps swinging around {'it' if walk.near else walk.end}"
        if past else f"keeps swinging around {lowest if walk.near else walk.end + on}",
        "moving": f"{past} and is still moving after {_steps(facts.steps)}, at {walk.end}"
        if past else f"is still moving after {_steps(facts.steps)}{on}, at {walk.end}",
        "left": f"{past} and leaves the picture at step {facts.since}"
        if past else f"leaves the picture at step {facts.since}{on}",
        "diverged": f"diverges at step {facts.since}{on}",
    }[facts.status]  # fmt: skip
    if facts.status == "arrived" and facts.since == 0:
        return f"{_name(walk)} starts at {lowest}, {walk.start}, and stays there"
    return f"{_name(walk)} {said}, from {walk.start}"


def _race(walks: list[Walk], most: int) -> str:
    who = ""
    if details := only_details(walks):
        who, walks = _name(replace(walks[0], detail="")), details
    groups, facts = by_status(walks), []
    if arrived := groups.pop("arrived", []):
        first, *others = arrived
        alone = "settles first, " if others else "settles " if groups else "alone settles "
        said = f"{_name(first)} {alone}after {_steps(first.account.since)}"
        then = [f"{_name(walk)} ({walk.account.since})" for walk in others]
        facts.append(f"{said}, then {_listed(then, most)}" if then else said)
    for status, group in groups.items():
        facts.append(f"{_listed(list(map(_name, group)), most)} {_together(status, group)}")
    starts, grounds = {walk.start for walk in walks}, {walk.ground for walk in walks}
    place = who + (_on(walks[0].ground) if len(grounds) == 1 else "")
    place += f" from {walks[0].start}" if len(starts) == 1 else ""
    return f"{place.strip()}: {'; '.join(facts)}" if place else "; ".join(facts)


def _together(status: str, group: list[Walk]) -> str:
    one = len(group) == 1
    away = " away from the minimum" if group[0].account.minimum else ""
    around = " around the minimum" if all(walk.near for walk in group) else ""
    return {
        "resting": f"{'comes' if one else 'come'} to rest{away}",
        "cycling": f"{'keeps' if one else 'keep'} swinging{around}",
        "moving": f"{'is' if one else 'are'} still moving after {_steps(group[0].account.steps)}",
        "left": f"{'leaves' if one else 'leave'} the picture",
        "diverged": f"{'diverges' if one else 'diverge'}",
    }[status]


def _name(walk: Walk) -> str:
    name = walk.label or NAMES.get(walk.optimizer, walk.title)
    return f"{name} with {walk.detail}" if walk.detail else name


def _surface(ground: Ground) -> str:
    if ground.fit:
        return "the loss of a fit of {} to {}".format(*ground.fit)
    return ground.formula or f"the surface “{ground.title}”"


def _lowest(ground: Ground) -> str:
    if ground.fit:
        return "the best fit of {} to {}".format(*ground.fit)
    return f"{'the' if ground.minima < 2 else 'a'} minimum of {_surface(ground)}"


def _on(ground: Ground) -> str:
    return f" on {_surface(ground)}"


def _fitted(walk: Walk) -> str:
    """Where it settled, if that is what a fit is after, or one of several minima."""
    return f", {walk.end}," if walk.ground.fit or walk.ground.minima > 1 else ""


def _away(walk: Walk) -> str:
    if not walk.account.minimum:
        return _on(walk.ground)
    return f", away from {_lowest(walk.ground)}"


def _times(count: int) -> str:
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return TIMES.get(count, f"{number} times")


def _steps(count: int | None) -> str:
    return f"{count} step{'s' * (count != 1)}"


def _listed(names: list[str], most: int) -> str:
    """`A`, `A and B`, `A, B and C`, `A, B and 3 others`."""
    if len(names) > most:
        rest = len(names) - most
        names = [*names[:most], f"{rest} other{'s' * (rest > 1)}"]
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last
