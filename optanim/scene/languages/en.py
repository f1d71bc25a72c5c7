from collections.abc import Sequence
from dataclasses import replace

from optanim.experiment.outcome import Outcome
from optanim.scene.languages import (
    SurfaceFacts,
    TrialFacts,
    arrived_in,
    by_optimizer,
    by_place,
    by_rule,
    by_status,
    common_limit,
    label_by_detail,
    number_of,
)

NAMES = {"gd": "gradient descent", "momentum": "momentum"}
"""Optimizers whose names are not proper names; all others keep their titles."""

TIMES = {1: "once", 2: "twice"}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def en(trials: Sequence[TrialFacts], max_names: int) -> str:
    """English: a sentence about one trial, or the order in which several trials settle."""
    if len(trials) == 1 and trials[0].count == 1:
        text = _one_trial(trials[0])
    elif trials[0].varied == "starts" and len(swarms := by_optimizer(trials)) > 1:
        text = _swarms(swarms, max_names)
    elif trials[0].varied:
        text = _counted(list(trials), max_names)
    else:
        text = _several(list(trials), max_names)
    return text[0].upper() + text[1:]


def _one_trial(trial: TrialFacts) -> str:
    outcome, minimum, on = trial.outcome, _minimum(trial.surface), _on(trial.surface)
    name = _name(trial) + _beside(trial)
    stop = "".join(
        f"; stopped at step {outcome.steps}: the {rule} is at most {bound}"
        for rule, bound in by_rule([trial])
    )
    if outcome.status == "arrived" and outcome.since == 0:
        start = f", {trial.start}," if trial.start else ""
        return f"{name} starts at {minimum}{start} and stays there{stop}"
    if outcome.pace == "none":
        where = f", where the gradient is {trial.gradient}" if trial.gradient else ""
        return f"{name} has hardly moved after {_steps(outcome.steps)}{on}{_from(trial)}{where}"
    near, since = trial.cycles_around_minimum, outcome.since
    on = "" if trial.surface.ascends else on
    still = "is still moving, slowly," if outcome.pace == "slow" else "is still moving"
    still = f"{still} after {_steps(outcome.steps)}"
    if outcome.overshoots and outcome.status not in ("diverged", "undefined"):
        clause = {
            "arrived": f"settles{_position(trial).rstrip(',').replace(',', ' at', 1)}"
            f" after {_arrival(trial)}",
            "resting": f"comes to rest at {trial.end}, where the loss is {trial.loss}",
            "cycling": f"keeps swinging around {'it' if near else trial.end}",
            "moving": f"ends at {trial.end}" if outcome.stopped else f"{still}, at {trial.end}",
            "left": f"leaves the picture at step {since}",
        }[outcome.status]
        clause = f"overshoots {minimum} {_times(outcome.overshoots)} and {clause}"
    else:
        clause = {
            "arrived": f"settles at {minimum}{_position(trial)} after {_arrival(trial)}",
            "resting": f"comes to rest at {trial.end}{_away(trial)}, where"
            f" {'f' if trial.surface.ascends else 'the loss'} is {trial.loss}",
            "cycling": f"keeps swinging around {minimum if near else trial.end + on}",
            "moving": f"ends at {trial.end}{on}"
            if outcome.stopped
            else f"{still}{on}, at {trial.end}",
            "left": f"leaves the picture at step {since}{on}",
            "diverged": f"{_divergence(outcome, on)}{_limit([trial])}",
            "undefined": f"becomes undefined at step {since}, where {_surface(trial.surface)} has"
            " no value",
        }[outcome.status]
    if trial.surface.ascends:
        clause = f"climbs {_surface(trial.surface)} and {clause}"
    return f"{name} {clause}{_from(trial)}{stop}"


def _several(trials: list[TrialFacts], max_names: int) -> str:
    common_name = ""
    if details := label_by_detail(trials):
        common_name, trials = _name(replace(trials[0], detail="")), details
    groups, clauses = by_status(trials), []
    if arrived := groups.pop("arrived", []):
        first = [trial for trial in arrived if trial.arrival == arrived[0].arrival]
        others = arrived[len(first) :]
        if len(first) > 1:
            who, all_of = (
                _list([*map(_name, first)], max_names),
                "both" if len(first) == 2 else "all",
            )
            verb = "settle first" if others else "settle"
            clause = f"{who} {verb}, {all_of} after {_arrival(first[0])}"
        else:
            verb = "settles first," if others else "settles" if groups else "alone settles"
            clause = f"{_name(first[0])} {verb} after {_arrival(first[0])}"
        names = [f"{_name(trial)} ({trial.arrival})" for trial in others]
        clauses.append(f"{clause}, then {_list(names, max_names)}" if names else clause)
    for status, group in groups.items():
        several = not common_limit(group)
        names = [_name(trial) + (_own_limit(trial) if several else "") for trial in group]
        clauses.append(f"{_list(names, max_names)} {_predicate(status, group)}")
    for (rule, bound), group in by_rule(trials).items():
        names = [f"{_name(trial)} ({trial.outcome.steps})" for trial in group]
        clauses.append(f"stopped as the {rule} is at most {bound}: {_list(names, max_names)}")
    starts, surfaces = {trial.start for trial in trials}, {trial.surface for trial in trials}
    intro = common_name + (_on(trials[0].surface) if len(surfaces) == 1 else "")
    intro += f" from {trials[0].start}" if len(starts) == 1 and trials[0].start else ""
    return f"{intro.strip()}: {'; '.join(clauses)}" if intro else "; ".join(clauses)


def _counted(trials: list[TrialFacts], max_names: int) -> str:
    """Trials that differ in their starts or seeds alone: the number of those that end alike."""
    clauses, first, total = list[str](), trials[0], number_of(trials)
    everyone = "both" if total == 2 else "all"
    for status, group in by_status(trials).items():
        places = by_place(group)
        if first.varied == "seed" and status == "arrived":
            # Only a surface with several minima needs to say which.
            places = places if first.surface.minima > 1 else {"the minimum": group}
        counts = [number_of(some) for some in places.values()]
        one = counts[0] == 1
        verb = {"arrived": "settles" if one else "settle",
                "resting": "comes to rest" if one else "come to rest"}.get(status)  # fmt: skip
        if verb is None or (status == "resting" and first.varied == "seed"):
            number = everyone if number_of(group) == total else f"{number_of(group):,}"
            clauses.append(f"{number} {_predicate(status, group)}")
            continue
        number = everyone if counts[0] == total else f"{counts[0]:,}"
        parts = [f"{count:,} at {place}" for count, place in zip(counts, places, strict=True)]
        parts[0] = f"{number} {verb} at {next(iter(places))}"
        rest = sum(counts[max_names:])
        parts = [*parts[:max_names], *([f"{rest:,} elsewhere"] if rest else [])]
        clauses.append(_list(parts, max_names + 1))
    for (rule, bound), group in by_rule(trials).items():
        clauses.append(f"{number_of(group):,} stopped as the {rule} is at most {bound}")
    if first.mean:
        clauses.append(f"their mean ends at {first.mean}")
    starts = first.varied in ("start", "starts")
    where = f" from {total:,} starts" if starts else _from(first).lstrip(",")
    seeds = "" if starts else f" with {len(trials)} seeds"
    name = _name(replace(first, detail=""))
    return f"{name}{_on(first.surface)}{where}{seeds}: {'; '.join(clauses)}"


def _swarms(swarms: list[list[TrialFacts]], max_names: int) -> str:
    """Swarms of several optimizers: how many of the starts of each arrive."""
    first, counts = swarms[0][0], [number_of(arrived_in(swarm)) for swarm in swarms]
    verb = "settle" if first.surface.minima else "come to rest"
    totals = {number_of(swarm) for swarm in swarms}
    starts = f" from {totals.pop():,} starts" if len(totals) == 1 else ""
    names = [f"{count:,} of {_name(swarm[0])}" for count, swarm in zip(counts, swarms, strict=True)]
    parts = f"{names[0]} {verb}, {_list(names[1:], max_names)}"
    return f"{_on(first.surface).strip()}{starts}: {parts}"


def _predicate(status: str, group: list[TrialFacts]) -> str:
    """The predicate of a clause about all trials of a status."""
    one = number_of(group) == 1
    away = " away from the minimum" if group[0].outcome.minimum else ""
    around = " around the minimum" if all(trial.cycles_around_minimum for trial in group) else ""
    slowly = ", slowly," if all(trial.outcome.pace == "slow" for trial in group) else ""
    steps = _steps(group[0].outcome.steps)
    return {
        "resting": f"{'comes' if one else 'come'} to rest{away}",
        "cycling": f"{'keeps' if one else 'keep'} swinging{around}",
        "moving": f"{'is' if one else 'are'} still moving{slowly} after {steps}",
        "unmoved": f"{'has' if one else 'have'} hardly moved after {steps}",
        "left": f"{'leaves' if one else 'leave'} the picture",
        "diverged": f"{'diverges' if one else 'diverge'}{_limit(group)}",
        "undefined": f"{'becomes' if one else 'become'} undefined",
    }[status]


def _divergence(outcome: Outcome, on: str) -> str:
    """The clause of a trial that grows without end, or whose numbers are too large at a step."""
    since = outcome.since
    return (
        f"diverges{on} from step {since} on" if outcome.grows else f"diverges at step {since}{on}"
    )


def _limit(trials: list[TrialFacts]) -> str:
    limit, they = common_limit(trials), "it does" if number_of(trials) == 1 else "they do"
    return f", as {they} above a learning rate of {limit}" if limit else ""


def _own_limit(trial: TrialFacts) -> str:
    return f" (above a learning rate of {trial.limit})" if trial.limit else ""


def _name(trial: TrialFacts) -> str:
    title = NAMES.get(trial.optimizer, trial.title)
    name = trial.label or (title.replace("descent", "ascent") if trial.surface.ascends else title)
    return f"{name} with {trial.detail}" if trial.detail else name


def _surface(surface: SurfaceFacts) -> str:
    if surface.fit:
        return "the loss of a fit of {} to {}".format(*surface.fit)
    title = f"the surface “{surface.title}”" if surface.title else "the surface"
    return surface.formula or title


def _minimum(surface: SurfaceFacts) -> str:
    if surface.fit:
        of = " of {} to {}".format(*surface.fit) if surface.is_named else ""
        return f"the best fit{of}"
    of = f" of {_surface(surface)}" if surface.is_named else ""
    return f"{'the' if surface.minima < 2 else 'a'} minimum{of}"


def _on(surface: SurfaceFacts) -> str:
    word = "up" if surface.ascends else "on"
    return f" {word} {_surface(surface)}" if surface.is_named else ""


def _from(trial: TrialFacts) -> str:
    return f", from {trial.start}" if trial.start else ""


def _position(trial: TrialFacts) -> str:
    """The last point, if it is the result of a fit or one of several minima; otherwise ""."""
    return f", {trial.end}," if trial.surface.fit or trial.surface.minima > 1 else ""


def _away(trial: TrialFacts) -> str:
    if not trial.outcome.minimum:
        return "" if trial.surface.ascends else _on(trial.surface)
    return f", away from {_minimum(trial.surface)}"


def _times(count: int) -> str:
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return TIMES.get(count, f"{number} times")


def _beside(trial: TrialFacts) -> str:
    """What the figure shows beside the point of a trial, between commas."""
    kind, count = trial.beside
    texts = {
        "simplex": "its simplex", "generation": f"its generation of {count}",
        "proposals": "the proposals it refused", "shape": "its ellipse",
        "mean": "the mean of its points",
    }  # fmt: skip
    return f", with {texts[kind]}," if kind else ""


def _arrival(trial: TrialFacts) -> str:
    count = trial.arrival
    return _steps(count) if trial.evaluations is None else f"{count} evaluation{'s' * (count != 1)}"


def _steps(count: int | None) -> str:
    return f"{count} step{'s' * (count != 1)}"


def _list(names: list[str], max_names: int) -> str:
    """`A`, `A and B`, `A, B and C`, `A, B and 3 others`."""
    if len(names) > max_names:
        rest = len(names) - max_names
        names = [*names[:max_names], f"{rest} other{'s' * (rest > 1)}"]
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last
