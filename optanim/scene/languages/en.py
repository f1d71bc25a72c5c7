from collections.abc import Sequence
from dataclasses import replace

from optanim.scene.languages import SurfaceFacts, TrialFacts, by_status, only_details

NAMES = {"gd": "gradient descent", "momentum": "momentum"}
"""Those that are no proper names."""
TIMES = {1: "once", 2: "twice"}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def en(trials: Sequence[TrialFacts], most: int) -> str:
    """English: a sentence for one trial; for a race, who settles first and who does not."""
    said = _alone(trials[0]) if len(trials) == 1 else _race(list(trials), most)
    return said[0].upper() + said[1:]


def _alone(trial: TrialFacts) -> str:
    facts, lowest, on = trial.outcome, _lowest(trial.ground), _on(trial.ground)
    past = f"overshoots {lowest} {_times(facts.overshoots)}" if facts.overshoots else ""
    said = {
        "arrived": f"{past} and settles{_fitted(trial)} after {_steps(facts.since)}"
        if past else f"settles at {lowest}{_fitted(trial)} after {_steps(facts.since)}",
        "resting": f"{past} and comes to rest at {trial.end}, where the loss is {trial.loss}"
        if past else f"comes to rest at {trial.end}{_away(trial)}, where the loss is {trial.loss}",
        "cycling": f"{past} and keeps swinging around {'it' if trial.near else trial.end}"
        if past else f"keeps swinging around {lowest if trial.near else trial.end + on}",
        "moving": f"{past} and is still moving after {_steps(facts.steps)}, at {trial.end}"
        if past else f"is still moving after {_steps(facts.steps)}{on}, at {trial.end}",
        "left": f"{past} and leaves the picture at step {facts.since}"
        if past else f"leaves the picture at step {facts.since}{on}",
        "diverged": f"diverges at step {facts.since}{on}",
    }[facts.status]  # fmt: skip
    if facts.status == "arrived" and facts.since == 0:
        return f"{_name(trial)} starts at {lowest}, {trial.start}, and stays there"
    return f"{_name(trial)} {said}, from {trial.start}"


def _race(trials: list[TrialFacts], most: int) -> str:
    who = ""
    if details := only_details(trials):
        who, trials = _name(replace(trials[0], detail="")), details
    groups, facts = by_status(trials), []
    if arrived := groups.pop("arrived", []):
        first, *others = arrived
        alone = "settles first, " if others else "settles " if groups else "alone settles "
        said = f"{_name(first)} {alone}after {_steps(first.outcome.since)}"
        then = [f"{_name(trial)} ({trial.outcome.since})" for trial in others]
        facts.append(f"{said}, then {_listed(then, most)}" if then else said)
    for status, group in groups.items():
        facts.append(f"{_listed(list(map(_name, group)), most)} {_together(status, group)}")
    starts, grounds = {trial.start for trial in trials}, {trial.ground for trial in trials}
    place = who + (_on(trials[0].ground) if len(grounds) == 1 else "")
    place += f" from {trials[0].start}" if len(starts) == 1 else ""
    return f"{place.strip()}: {'; '.join(facts)}" if place else "; ".join(facts)


def _together(status: str, group: list[TrialFacts]) -> str:
    one = len(group) == 1
    away = " away from the minimum" if group[0].outcome.minimum else ""
    around = " around the minimum" if all(trial.near for trial in group) else ""
    return {
        "resting": f"{'comes' if one else 'come'} to rest{away}",
        "cycling": f"{'keeps' if one else 'keep'} swinging{around}",
        "moving": f"{'is' if one else 'are'} still moving after {_steps(group[0].outcome.steps)}",
        "left": f"{'leaves' if one else 'leave'} the picture",
        "diverged": f"{'diverges' if one else 'diverge'}",
    }[status]


def _name(trial: TrialFacts) -> str:
    name = trial.label or NAMES.get(trial.optimizer, trial.title)
    return f"{name} with {trial.detail}" if trial.detail else name


def _surface(ground: SurfaceFacts) -> str:
    if ground.fit:
        return "the loss of a fit of {} to {}".format(*ground.fit)
    return ground.formula or f"the surface “{ground.title}”"


def _lowest(ground: SurfaceFacts) -> str:
    if ground.fit:
        return "the best fit of {} to {}".format(*ground.fit)
    return f"{'the' if ground.minima < 2 else 'a'} minimum of {_surface(ground)}"


def _on(ground: SurfaceFacts) -> str:
    return f" on {_surface(ground)}"


def _fitted(trial: TrialFacts) -> str:
    """Where it settled, if that is what a fit is after, or one of several minima."""
    return f", {trial.end}," if trial.ground.fit or trial.ground.minima > 1 else ""


def _away(trial: TrialFacts) -> str:
    if not trial.outcome.minimum:
        return _on(trial.ground)
    return f", away from {_lowest(trial.ground)}"


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
