import re
from collections.abc import Sequence
from dataclasses import replace

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
from optanim.scene.languages._korean_explorer import EXPLORER_WORDS
from optanim.scene.languages._korean_particles import with_particle
from optanim.schema.control_words import controls
from optanim.schema.explorer_words import explorer
from optanim.schema.words import words

PASSED = {
    "arrived": "지나쳤다가", "resting": "지나쳐", "cycling": "지나쳤고", "moving": "지나쳤고",
    "left": "지나친 뒤", "diverged": "", "undefined": "",
}  # fmt: skip
"""The verb for overshooting, in the form that the clause of the status needs after it."""

RULES = {"step": "한 걸음의 길이가", "gradient": "기울기의 크기가", "loss": "손실이"}
"""What a rule of `stop` measures, as the subject of a clause."""

COUNTS = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열")


@explorer(**EXPLORER_WORDS)
@words(
    step="걸음",
    evaluations=r"$f$, $\nabla f$ 평가 횟수",
    counter="{step}걸음",
    loss="손실",
    value="값",
    gradient_norm="기울기의 크기",
    learning_rate="학습률",
    predicted="예측값",
    root_axis="f, 제곱근 눈금",
    log_axis="f, 로그 눈금",
    step_arrow="걸음",
    lookahead="미리 본 곳",
    diverged="발산",
    diverged_at="{since}걸음째에 발산",
    diverged_from="{since}걸음부터 발산",
    undefined="값 없음",
    undefined_at="{since}걸음째에 값 없음",
    left="그림 밖",
    left_at="{since}걸음째에 그림 밖으로",
    some_of_all="{all}개 가운데 {some}개",
    arrived_of="{all}개 가운데 {some}개 도착",
    resting_of="{all}개 가운데 {some}개 멈춤",
    starts="시작점 {count}개",
    starts_of_each="{cells}칸에 시작점 {count}개씩",
    reached="닿은 곳",
    rests_at="{point}에 멈춤",
    rests_elsewhere="다른 곳에 멈춤",
    still_moving="아직 움직임",
    stopped_early="일찍 끝남",
    arrived="도착",
    steps_to_arrive="도착까지 걸음",
    factor_per_step="한 걸음의 비율",
    outcome="결과",
    basins_of="{surface}의 시작점 지도({names}): 각 점에서 {steps}걸음 안에 닿는 최소점",
    map_of="{surface}에서 {names} 지도: {x}, {y}에 따른 {shown}, {steps}걸음 뒤",
    mean_of_seeds="시드 {count}개의 평균",
    for_values="{symbol}의 값 {count}개",
    from_point="{name}, 시작점 {point}",
    best_rate=r"{low}부터 {high}까지 {count}개 가운데 {steps}걸음 뒤 손실이 가장 작은 $\eta$",
    each_best_rate=r"각각 {low}부터 {high}까지 {count}개 가운데 {steps}걸음 뒤 손실이 가장 작은"
    r" $\eta$",
    best_values="조합 {count}개 가운데 {steps}걸음 뒤 손실이 가장 작은 {symbols}",
    each_best_values="각각 조합 {count}개 가운데 {steps}걸음 뒤 손실이 가장 작은 {symbols}",
    median_of_seeds="{note}, 시드 {count}개의 중앙값",
    loss_function="손실 함수",
    function="함수",
    descent="하강",
    ascent="상승",
    rows_where="{column} = {value}인 행",
    row_dropped="값이 없는 행 {count}개 제외",
    rows_dropped="값이 없는 행 {count}개 제외",
    standardized="표준화: {formula}",
    classes="{column}: {one} = 1, {zero} = 0",
    with_notes="{text} 메모: {notes}.",
    note_at_step="{note}({step}걸음)",
)
@controls(
    play="재생",
    pause="일시 정지",
    back="한 걸음 뒤로",
    forward="한 걸음 앞으로",
    first="처음으로",
    last="끝으로",
    speed="속도",
    step="걸음",
    step_of="{steps}걸음 가운데 {step}걸음",
    point="위치",
    gradient="기울기",
    rate="유효 학습률",
    show="보이기와 숨기기",
    numbers="이 걸음의 수치",
    results="결과",
    description="설명",
    optimizer="옵티마이저",
    steps="걸음 수",
    needs_script="움직이는 그림을 보려면 JavaScript가 필요해요.",
)
def ko(trials: Sequence[TrialFacts], max_names: int) -> str:
    """한국어: 경로가 하나면 한 문장, 여럿이면 누가 먼저 자리를 잡고 누가 그러지 못하는지."""
    if len(trials) == 1 and trials[0].count == 1:
        return _one_trial(trials[0])
    if trials[0].varied == "starts" and len(swarms := by_optimizer(trials)) > 1:
        return _swarms(swarms, max_names)
    return (_counted if trials[0].varied else _several)(list(trials), max_names)


def _one_trial(trial: TrialFacts) -> str:
    outcome, minimum, on = trial.outcome, _minimum(trial.surface), _on(trial.surface)
    subject, since = with_particle(_name(trial), "이") + _beside(trial), outcome.since
    stop = "".join(
        f" {RULES[rule]} {bound} 이하가 되어 {outcome.steps}걸음째에 끝났다."
        for rule, bound in by_rule([trial])
    )
    if outcome.status == "arrived" and since == 0:
        return f"{subject} {minimum}에서 출발해 그대로 머문다.{_with_start('', trial)}{stop}"
    if outcome.pace == "none":
        gradient = f"그곳의 기울기는 {trial.gradient}, " if trial.gradient else ""
        return (
            f"{_joined(subject, on, f'{outcome.steps}걸음 동안 거의 움직이지 않는다.')}"
            f"{_with_start(gradient, trial)}"
        )
    slowly = "천천히 " if outcome.pace == "slow" else ""
    past = ""
    if count := outcome.overshoots:
        past = f"{with_particle(minimum, '을')} {_times(count)} {PASSED[outcome.status]}"
    clause = {
        "arrived": f"{past or minimum + '에'} {_arrival(trial)} 자리를 잡는다",
        "resting": f"{past or _away(trial)} {trial.end}에 멈춘다",
        "cycling": f"{past or on} {_around(trial)} 계속 맴돈다",
        "moving": f"{past or on} {trial.end}에 이르러 끝난다"
        if outcome.stopped
        else f"{past or on} {outcome.steps}걸음 뒤에도 아직 {slowly}움직이고 있다",
        "left": f"{past or on} {since}걸음째에 그림 밖으로 나간다",
        "diverged": f"{on} {since}걸음{'부터' if outcome.grows else '째에'} 발산한다",
        "undefined": f"{_surface(trial.surface)}의 값이 정의되지 않는 곳에 {since}걸음째에"
        " 들어선다",
    }[outcome.status]
    moving = outcome.status == "moving" and not outcome.stopped
    end = f"마지막 위치는 {trial.end}, " if moving else ""
    end = _limit([trial]) or end
    noun = "값은" if trial.surface.ascends else "손실은"
    end = f"그곳의 {noun} {trial.loss}, " if outcome.status == "resting" else end
    if outcome.status == "arrived" and (trial.surface.fit or trial.surface.minima > 1):
        end = f"도착점은 {trial.end}, "
    return f"{_joined(subject, clause)}.{_with_start(end, trial)}{stop}"


def _joined(*parts: str) -> str:
    """Parts of a sentence, without the empty ones."""
    return " ".join(" ".join(parts).split())


def _with_start(end: str, trial: TrialFacts) -> str:
    """The last sentence: what is said of the end, and the start if it is told."""
    if trial.start:
        return f" {end}시작점은 {trial.start}."
    return f" {end.rstrip(', .')}." if end else ""


def _several(trials: list[TrialFacts], max_names: int) -> str:
    common_name = ""
    if details := label_by_detail(trials):
        common_name, trials = _name(replace(trials[0], detail="")), details
    groups, sentences = by_status(trials), []
    if arrived := groups.pop("arrived", []):
        ties = [trial for trial in arrived if trial.arrival == arrived[0].arrival]
        first, others = ties[0], arrived[len(ties) :]
        steps = _arrival(first)
        if len(ties) > 1:
            subject = with_particle(_list([*map(_name, ties)], max_names), "이")
            sentence = f"{subject} 나란히 {steps} 자리를 잡는다"
            if others:
                later = [f"{_name(trial)}({trial.arrival})" for trial in others]
                followers = with_particle(_list(later, max_names), "이")
                sentence = f"{subject} 나란히 {steps} 가장 먼저 자리를 잡고 {followers} 뒤를 잇는다"
            sentences.append(sentence)
        elif others:
            names = _list([f"{_name(trial)}({trial.arrival})" for trial in others], max_names)
            subject = with_particle(_name(first), "이")
            followers = with_particle(names, "이")
            sentences.append(f"{subject} {steps} 가장 먼저 자리를 잡고 {followers} 뒤를 잇는다")
        else:
            sentences.append(f"{with_particle(_name(first), '은')} {steps} 자리를 잡는다")
    for status, group in groups.items():
        several = not common_limit(group)
        tried = [_name(trial) + (_own_limit(trial) if several else "") for trial in group]
        subject = with_particle(_list(tried, max_names), "은")
        sentences.append(f"{subject} {_predicate(status, group)}")
    for (rule, bound), group in by_rule(trials).items():
        ended = _list([f"{_name(trial)}({trial.outcome.steps})" for trial in group], max_names)
        sentences.append(f"{RULES[rule]} {bound} 이하가 되어 끝난 경로: {ended}")
    starts, surfaces = {trial.start for trial in trials}, {trial.surface for trial in trials}
    intro = _on(trials[0].surface) if len(surfaces) == 1 else ""
    if common_name:
        intro = f"{intro} {with_particle(common_name, '을')} 쓰면,".strip()
    start = f"시작점은 {trials[0].start}." if len(starts) == 1 and trials[0].start else ""
    return " ".join(filter(None, [intro, *(f"{text}." for text in sentences), start]))


def _counted(trials: list[TrialFacts], max_names: int) -> str:
    """시작점이나 시드만 다른 경로: 같은 결과가 몇 개씩인지."""
    sentences, first, total = list[str](), trials[0], number_of(trials)
    for status, group in by_status(trials).items():
        places = by_place(group)
        if first.varied == "seed" and status == "arrived":
            places = places if first.surface.minima > 1 else {"최솟값": group}
        verb = {"arrived": "자리를 잡는다", "resting": "멈춘다"}.get(status)
        if verb is None or (status == "resting" and first.varied == "seed"):
            number = "모두" if number_of(group) == total else f"{number_of(group):,}개는"
            sentences.append(f"{number} {_predicate(status, group)}")
            continue
        parts = [f"{number_of(some):,}개는 {place}에" for place, some in places.items()]
        if rest := sum(map(number_of, list(places.values())[max_names:])):
            parts = [*parts[:max_names], f"{rest:,}개는 다른 곳에"]
        if number_of(group) == total and len(places) == 1:
            parts = [f"모두 {next(iter(places))}에"]
        sentences.append(f"{', '.join(parts)} {verb}")
    for (rule, bound), group in by_rule(trials).items():
        sentences.append(f"{RULES[rule]} {bound} 이하가 되어 끝난 경로는 {number_of(group):,}개다")
    if first.mean:
        sentences.append(f"평균은 {first.mean}에 이른다")
    name = with_particle(_name(replace(first, detail="")), "을")
    starts = first.varied in ("start", "starts")
    varied = f"시작점 {total:,}개에" if starts else f"시드 {len(trials)}개로"
    start = "" if starts or not first.start else f" 시작점은 {first.start}."
    text = _joined(_on(first.surface), varied, f"{name} 쓰면,", ". ".join(sentences))
    return f"{text}.{start}"


def _swarms(swarms: list[list[TrialFacts]], max_names: int) -> str:
    """여러 최적화기의 무리: 저마다 시작점 가운데 몇 개가 자리를 잡는지."""
    first, totals = swarms[0][0], {number_of(swarm) for swarm in swarms}
    verb = "자리를 잡는다" if first.surface.minima else "멈춘다"
    starts = f"시작점 {totals.pop():,}개 가운데" if len(totals) == 1 else ""
    names = [f"{_name(swarm[0])} {number_of(arrived_in(swarm)):,}개" for swarm in swarms]
    subject = with_particle(_list(names, max_names), "이")
    return f"{_joined(_on(first.surface), starts, subject, verb)}."


def _predicate(status: str, group: list[TrialFacts]) -> str:
    """The predicate of a sentence about all trials of a status."""
    away = "최솟값이 아닌 곳에 " if group[0].outcome.minimum else ""
    near = all(trial.cycles_around_minimum for trial in group)
    slowly = "천천히 " if all(trial.outcome.pace == "slow" for trial in group) else ""
    steps = group[0].outcome.steps
    return {
        "resting": f"{away}멈춘다",
        "cycling": f"{'최솟값 둘레를' if near else '제자리를'} 계속 맴돈다",
        "moving": f"{steps}걸음 뒤에도 아직 {slowly}움직이고 있다",
        "unmoved": f"{steps}걸음 동안 거의 움직이지 않는다",
        "left": "그림 밖으로 나간다",
        "diverged": f"발산한다. {_limit(group)}".strip().removesuffix("."),
        "undefined": "손실이 정의되지 않는 곳에 들어선다",
    }[status]


def _beside(trial: TrialFacts) -> str:
    kind, count = trial.beside
    texts = {
        "simplex": "심플렉스와", "generation": f"한 세대의 점 {count}개와",
        "proposals": "거절한 제안들과", "shape": "타원과", "mean": "점들의 평균과",
    }  # fmt: skip
    return f" {texts[kind]} 함께" if kind else ""


def _arrival(trial: TrialFacts) -> str:
    if trial.evaluations is None:
        return f"{trial.arrival}걸음 만에"
    return f"평가 {trial.arrival}번 만에"


def _limit(trials: list[TrialFacts]) -> str:
    limit = common_limit(trials)
    return f"학습률이 {with_particle(limit, '을')} 넘으면 발산한다. " if limit else ""


def _own_limit(trial: TrialFacts) -> str:
    return f"(학습률 {trial.limit} 초과)" if trial.limit else ""


def _name(trial: TrialFacts) -> str:
    name = trial.label or trial.title
    return f"{trial.detail}인 {name}" if trial.detail else name


def _surface(surface: SurfaceFacts) -> str:
    if surface.fit:
        y, x = surface.fit
        return f"{with_particle(x, '으로')} {with_particle(y, '을')} 맞추는 손실"
    if not surface.is_named:
        return "곡면"
    named = re.search("[가-힣]", surface.title)
    return surface.formula or (surface.title if named else f"{surface.title} 함수")


def _on(surface: SurfaceFacts) -> str:
    if not surface.is_named and not surface.ascends:
        return ""
    return f"{_surface(surface)} 위를 오르며" if surface.ascends else f"{_surface(surface)}에서"


def _minimum(surface: SurfaceFacts) -> str:
    if surface.fit:
        y, x = surface.fit
        fitted = f"{with_particle(x, '으로')} {with_particle(y, '을')} "
        return f"{fitted if surface.is_named else ''}가장 잘 맞추는 값"
    of = f"{_surface(surface)}의 " if surface.is_named else ""
    return f"{of}최솟값" + (" 가운데 하나" if surface.minima > 1 else "")


def _away(trial: TrialFacts) -> str:
    if not trial.outcome.minimum:
        return _on(trial.surface)
    return f"{with_particle(_minimum(trial.surface), '이')} 아닌"


def _around(trial: TrialFacts) -> str:
    if not trial.cycles_around_minimum:
        return f"{trial.end} 둘레를"
    return "그 둘레를" if trial.outcome.overshoots else "최솟값 둘레를"


def _times(count: int) -> str:
    return f"{COUNTS[count]} 번" if count < len(COUNTS) else f"{count}번"


def _list(names: list[str], max_names: int) -> str:
    if len(names) > max_names:
        names = [*names[:max_names], f"그 밖의 {len(names) - max_names}개"]
    return ", ".join(names)
