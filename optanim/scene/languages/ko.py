from collections.abc import Sequence
from dataclasses import replace

from optanim.scene.languages import SurfaceFacts, TrialFacts, by_status, only_details
from optanim.scene.languages._korean_particles import with_josa

NAMES = {"gd": "경사하강법", "momentum": "모멘텀", "nesterov": "네스테로프 모멘텀"}
"""As Korean texts write them; the others keep their Latin names."""
SURFACES = {
    "logistic": "로지스틱 회귀 손실", "logistic_1d": "로지스틱 회귀 손실",
    "expression": "주어진 손실", "quadratic": "이차 함수", "plateau": "고원 함수",
    "two_wells": "두 우물 함수", "double_well": "이중 우물 함수", "long_valley": "긴 골짜기 함수",
    "saddle": "안장 함수", "wave": "물결 함수",
}  # fmt: skip
PASSED = {
    "arrived": "지나쳤다가", "resting": "지나쳐", "cycling": "지나쳤고", "moving": "지나쳤고",
    "left": "지나친 뒤", "diverged": "",
}  # fmt: skip
"""How a trial that passed the minimum goes on."""
COUNTS = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열")


def ko(trials: Sequence[TrialFacts], most: int) -> str:
    """한국어: 경로가 하나면 한 문장, 여럿이면 누가 먼저 자리를 잡고 누가 그러지 못하는지."""
    return _alone(trials[0]) if len(trials) == 1 else _race(list(trials), most)


def _alone(trial: TrialFacts) -> str:
    facts, lowest, on = trial.outcome, _lowest(trial.ground), f"{_surface(trial.ground)}에서"
    who, steps = with_josa(_name(trial), "이"), f"{facts.steps}걸음 뒤에도"
    count = facts.overshoots or 0
    past = f"{with_josa(lowest, '을')} {_times(count)} {PASSED[facts.status]}" if count else ""
    if facts.status == "arrived" and facts.since == 0:
        return f"{who} {lowest}에서 출발해 그대로 머문다. 시작점은 {trial.start}."
    said = {
        "arrived": f"{past or lowest + '에'} {facts.since}걸음 만에 자리를 잡는다",
        "resting": f"{past or _away(trial)} {trial.end}에 멈춘다",
        "cycling": f"{past or on} {_around(trial)} 계속 맴돈다",
        "moving": f"{past or on} {steps} 아직 움직이고 있다",
        "left": f"{past or on} {facts.since}걸음째에 그림 밖으로 나간다",
        "diverged": f"{on} {facts.since}걸음째에 발산한다",
    }[facts.status]
    where = f"마지막 위치는 {trial.end}, " if facts.status == "moving" else ""
    where = f"그곳의 손실은 {trial.loss}, " if facts.status == "resting" else where
    if facts.status == "arrived" and (trial.ground.fit or trial.ground.minima > 1):
        where = f"도착점은 {trial.end}, "
    return f"{who} {said}. {where}시작점은 {trial.start}."


def _race(trials: list[TrialFacts], most: int) -> str:
    one = ""
    if details := only_details(trials):
        one, trials = _name(replace(trials[0], detail="")), details
    groups, facts = by_status(trials), []
    if arrived := groups.pop("arrived", []):
        first, *others = arrived
        steps = f"{first.outcome.since}걸음 만에"
        if others:
            then = _listed([f"{_name(trial)}({trial.outcome.since})" for trial in others], most)
            who = with_josa(_name(first), "이")
            facts.append(f"{who} {steps} 가장 먼저 자리를 잡고 {with_josa(then, '이')} 뒤를 잇는다")
        else:
            facts.append(f"{with_josa(_name(first), '은')} {steps} 자리를 잡는다")
    for status, group in groups.items():
        who = with_josa(_listed(list(map(_name, group)), most), "은")
        facts.append(f"{who} {_together(status, group)}")
    starts, grounds = {trial.start for trial in trials}, {trial.ground for trial in trials}
    place = f"{_surface(trials[0].ground)}에서" if len(grounds) == 1 else ""
    place = f"{place} {with_josa(one, '을')} 쓰면,".strip() if one else place
    start = f"시작점은 {trials[0].start}." if len(starts) == 1 else ""
    return " ".join(filter(None, [place, *(f"{fact}." for fact in facts), start]))


def _together(status: str, group: list[TrialFacts]) -> str:
    away = "최솟값이 아닌 곳에 " if group[0].outcome.minimum else ""
    around = "최솟값 둘레를 " if all(trial.near for trial in group) else "제자리를 "
    return {
        "resting": f"{away}멈춘다",
        "cycling": f"{around}계속 맴돈다",
        "moving": f"{group[0].outcome.steps}걸음 뒤에도 아직 움직이고 있다",
        "left": "그림 밖으로 나간다",
        "diverged": "발산한다",
    }[status]


def _name(trial: TrialFacts) -> str:
    name = trial.label or NAMES.get(trial.optimizer, trial.title)
    return f"{trial.detail}인 {name}" if trial.detail else name


def _surface(ground: SurfaceFacts) -> str:
    if ground.fit:
        y, x = ground.fit
        return f"{with_josa(x, '으로')} {with_josa(y, '을')} 맞추는 손실"
    return ground.formula or SURFACES.get(ground.name, f"{ground.title} 함수")


def _lowest(ground: SurfaceFacts) -> str:
    if ground.fit:
        y, x = ground.fit
        return f"{with_josa(x, '으로')} {with_josa(y, '을')} 가장 잘 맞추는 값"
    return f"{_surface(ground)}의 최솟값" + (" 가운데 하나" if ground.minima > 1 else "")


def _away(trial: TrialFacts) -> str:
    if not trial.outcome.minimum:
        return f"{_surface(trial.ground)}에서"
    return f"{with_josa(_lowest(trial.ground), '이')} 아닌"


def _around(trial: TrialFacts) -> str:
    if not trial.near:
        return f"{trial.end} 둘레를"
    return "그 둘레를" if trial.outcome.overshoots else "최솟값 둘레를"


def _times(count: int) -> str:
    return f"{COUNTS[count]} 번" if count < len(COUNTS) else f"{count}번"


def _listed(names: list[str], most: int) -> str:
    if len(names) > most:
        names = [*names[:most], f"그 밖의 {len(names) - most}개"]
    return ", ".join(names)
