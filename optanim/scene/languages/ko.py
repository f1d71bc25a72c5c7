from collections.abc import Sequence
from dataclasses import replace

from optanim.scene.languages import Ground, Walk, by_status, only_details
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
"""How a walk that passed the minimum goes on."""
COUNTS = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열")


def ko(walks: Sequence[Walk], most: int) -> str:
    """한국어: 경로가 하나면 한 문장, 여럿이면 누가 먼저 자리를 잡고 누가 그러지 못하는지."""
    return _alone(walks[0]) if len(walks) == 1 else _race(list(walks), most)


def _alone(walk: Walk) -> str:
    facts, lowest, on = walk.account, _lowest(walk.ground), f"{_surface(walk.ground)}에서"
    who, steps = with_josa(_name(walk), "이"), f"{facts.steps}걸음 뒤에도"
    count = facts.overshoots or 0
    past = f"{with_josa(lowest, '을')} {_times(count)} {PASSED[facts.status]}" if count else ""
    if facts.status == "arrived" and facts.since == 0:
        return f"{who} {lowest}에서 출발해 그대로 머문다. 시작점은 {walk.start}."
    said = {
        "arrived": f"{past or lowest + '에'} {facts.since}걸음 만에 자리를 잡는다",
        "resting": f"{past or _away(walk)} {walk.end}에 멈춘다",
        "cycling": f"{past or on} {_around(walk)} 계속 맴돈다",
        "moving": f"{past or on} {steps} 아직 움직이고 있다",
        "left": f"{past or on} {facts.since}걸음째에 그림 밖으로 나간다",
        "diverged": f"{on} {facts.since}걸음째에 발산한다",
    }[facts.status]
    where = f"마지막 위치는 {walk.end}, " if facts.status == "moving" else ""
    where = f"그곳의 손실은 {walk.loss}, " if facts.status == "resting" else where
    if facts.status == "arrived" and (walk.ground.fit or walk.ground.minima > 1):
        where = f"도착점은 {walk.end}, "
    return f"{who} {said}. {where}시작점은 {walk.start}."


def _race(walks: list[Walk], most: int) -> str:
    one = ""
    if details := only_details(walks):
        one, walks = _name(replace(walks[0], detail="")), details
    groups, facts = by_status(walks), []
    if arrived := groups.pop("arrived", []):
        first, *others = arrived
        steps = f"{first.account.since}걸음 만에"
        if others:
            then = _listed([f"{_name(walk)}({walk.account.since})" for walk in others], most)
            who = with_josa(_name(first), "이")
            facts.append(f"{who} {steps} 가장 먼저 자리를 잡고 {with_josa(then, '이')} 뒤를 잇는다")
        else:
            facts.append(f"{with_josa(_name(first), '은')} {steps} 자리를 잡는다")
    for status, group in groups.items():
        who = with_josa(_listed(list(map(_name, group)), most), "은")
        facts.append(f"{who} {_together(status, group)}")
    starts, grounds = {walk.start for walk in walks}, {walk.ground for walk in walks}
    place = f"{_surface(walks[0].ground)}에서" if len(grounds) == 1 else ""
    place = f"{place} {with_josa(one, '을')} 쓰면,".strip() if one else place
    start = f"시작점은 {walks[0].start}." if len(starts) == 1 else ""
    return " ".join(filter(None, [place, *(f"{fact}." for fact in facts), start]))


def _together(status: str, group: list[Walk]) -> str:
    away = "최솟값이 아닌 곳에 " if group[0].account.minimum else ""
    around = "최솟값 둘레를 " if all(walk.near for walk in group) else "제자리를 "
    return {
        "resting": f"{away}멈춘다",
        "cycling": f"{around}계속 맴돈다",
        "moving": f"{group[0].account.steps}걸음 뒤에도 아직 움직이고 있다",
        "left": "그림 밖으로 나간다",
        "diverged": "발산한다",
    }[status]


def _name(walk: Walk) -> str:
    name = walk.label or NAMES.get(walk.optimizer, walk.title)
    return f"{walk.detail}인 {name}" if walk.detail else name


def _surface(ground: Ground) -> str:
    if ground.fit:
        y, x = ground.fit
        return f"{with_josa(x, '으로')} {with_josa(y, '을')} 맞추는 손실"
    return ground.formula or SURFACES.get(ground.name, f"{ground.title} 함수")


def _lowest(ground: Ground) -> str:
    if ground.fit:
        y, x = ground.fit
        return f"{with_josa(x, '으로')} {with_josa(y, '을')} 가장 잘 맞추는 값"
    return f"{_surface(ground)}의 최솟값" + (" 가운데 하나" if ground.minima > 1 else "")


def _away(walk: Walk) -> str:
    if not walk.account.minimum:
        return f"{_surface(walk.ground)}에서"
    return f"{with_josa(_lowest(walk.ground), '이')} 아닌"


def _around(walk: Walk) -> str:
    if not walk.near:
        return f"{walk.end} 둘레를"
    return "그 둘레를" if walk.account.overshoots else "최솟값 둘레를"


def _times(count: int) -> str:
    return f"{COUNTS[count]} 번" if count < len(COUNTS) else f"{count}번"


def _listed(names: list[str], most: int) -> str:
    if len(names) > most:
        names = [*names[:most], f"그 밖의 {len(names) - most}개"]
    return ", ".join(names)
