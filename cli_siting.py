"""The commands of the terminal that say where to build."""
# ruff: noqa: PLC0415, PLR0913, PLR0917, FBT002 - loaded where needed; options are arguments

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from cli_parts import AsJson, Lang, part_of, parts_of, progress_bar, read_study, refusals
from geo.errors import SitingError
from geo.language import say
from geo.vocabulary import LEVELS


def site(
    study: Annotated[Path, typer.Argument(help="研究文件 NAME.study.toml")],
    out: Annotated[Path, typer.Option("--out", help="结果文件夹")],
    count: Annotated[
        int | None, typer.Option(help="最多新建几处；与 --may-close 同用时是净增几处")
    ] = None,
    cover: Annotated[str | None, typer.Option(help="全域覆盖率，如 0.9 或 90%")] = None,
    cover_each: Annotated[
        str | None, typer.Option(help="每个区域的覆盖率，级别:覆盖率，如 street:0.8")
    ] = None,
    budget: Annotated[float | None, typer.Option(help="预算，万元")] = None,
    objective: Annotated[
        str | None, typer.Option(help="max-cover | set-cover | p-median | p-center")
    ] = None,
    capacity: Annotated[str | None, typer.Option(help="按容量：beds 或 m2")] = None,
    weight: Annotated[
        str | None, typer.Option(help="加权：80plus（高龄）或 behind（薄弱街道）")
    ] = None,
    may_close: Annotated[
        str | None, typer.Option(help="可以关停换址的现有设施编号，逗号分隔，或 all")
    ] = None,
    may_upgrade: Annotated[
        str | None, typer.Option(help="可以改建后计入的现有设施编号，逗号分隔，或 all")
    ] = None,
    generate: Annotated[
        bool, typer.Option("--generate", help="不用备选点图层，沿居住用地的道路生成备选点")
    ] = False,
    gains: Annotated[
        bool, typer.Option("--gains", help="不求解：全图各处再建一处可新增覆盖多少人（单独使用）")
    ] = False,
    stock_only: Annotated[
        bool, typer.Option("--stock-only", help="只选存量，不选新增用地")
    ] = False,
    years: Annotated[
        str | None, typer.Option(help="分年资金，年:万元，如 2026:300,2027:500")
    ] = None,
    per_year: Annotated[int | None, typer.Option(help="每年最多建几处", min=0)] = None,
    carry_over: Annotated[
        bool, typer.Option("--carry-over", help="当年未用完的资金结转下年")
    ] = False,
    seconds: Annotated[float, typer.Option(help="求解时限，秒", min=0)] = 30.0,
    scenario: Annotated[Path | None, typer.Option(help="情景文件 TOML")] = None,
    speed: Annotated[float | None, typer.Option(help="步行速度，米/秒")] = None,
    limit: Annotated[float | None, typer.Option(help="时限，分钟")] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",  # noqa: ARG001
) -> None:
    """选址：在哪里新建，为什么，证明有多好。Find the sites that help most, and prove it."""
    from analysis.siting.years.phased import means_of
    from report.siting_files import solution_content, write_sites
    from report.siting_terminal import print_phases, print_sites
    from report.tables import all_or_none
    from report.terminal import print_json

    if gains:
        questions = (count, cover, cover_each, budget, objective, capacity, weight, years)
        _gains((study, scenario, speed, limit), out, questions, as_json=as_json)
        return
    with refusals(), progress_bar() as tell:
        asked = replace(
            _asked(count, cover, cover_each, budget, (objective, capacity, weight)),
            may_close=tuple(parts_of(may_close or "")),
            may_upgrade=tuple(parts_of(may_upgrade or "")),
            generate=generate,
            stock_only=stock_only,
            seconds=seconds,
        )
        if years is None and (per_year is not None or carry_over):
            raise SitingError(say("--per-year、--carry-over 要与 --years 一起给出。"))
        means = (
            None if years is None else means_of(years, per_year=per_year, carry_over=carry_over)
        )
        with all_or_none(out, mark="solution.json"):  # a refusal comes before the long work
            pass
        proposal, phased, beside = _sought((study, scenario, speed, limit), asked, means, tell)
        tell(say("写出结果"), 0.95)
        _require_an_answer(proposal, out)
        write_sites(proposal, out, phased=phased, **beside)
    if as_json:
        print_json(solution_content(proposal, beside["closing"]))
        return
    print_sites(proposal, beside["relying"], out, beside["closing"])
    if phased is not None:
        print_phases(phased, out)


def _gains(
    study: tuple[Path, Path | None, float | None, float | None],
    out: Path,
    questions: tuple[Any, ...],
    *,
    as_json: bool,
) -> None:
    """Write what one more facility would give at every spot along the streets."""
    from analysis.evaluation import evaluate as evaluate_study
    from analysis.what_if.gain_surface import gain_surface
    from analysis.what_if.live import Live
    from geo.ingest import one_door
    from report.gain_files import gains_content, gains_of, print_gains, write_gains
    from report.tables import all_or_none
    from report.terminal import print_json

    with refusals(), progress_bar() as tell:
        if any(question is not None for question in questions):
            raise SitingError(say("--gains 单独使用：不与 --count、--cover 等选址条件同用。"))
        with all_or_none(out, mark="gains.csv"):
            pass
        with one_door():
            read = read_study(*study, None, tell=part_of(tell, 0.0, 0.5))
        evaluation = evaluate_study(read, progress=part_of(tell, 0.5, 0.9), draw="when asked")
        found = gains_of(evaluation.study, gain_surface(Live(evaluation)))
        write_gains(found, out)
    if as_json:
        print_json(gains_content(found))
    else:
        print_gains(found, out)


def _sought(
    study: tuple[Path, Path | None, float | None, float | None],
    asked: Any,  # noqa: ANN401 - an Asked; its type would load the libraries
    means: Any,  # noqa: ANN401
    tell: Any,  # noqa: ANN401
) -> tuple[Any, Any, Any]:
    """Return the proposal, the sites by year if asked, and what is told beside.

    Beside: who relies on one facility today; the proposal as a scenario; the streets before and
    after it.
    """
    from analysis.evaluation import evaluate as evaluate_study
    from analysis.siting.as_scenario import as_scenario, changes
    from analysis.siting.choosing import choose_sites, held_against
    from analysis.siting.closing_costs import closing_costs
    from analysis.siting.years.phased import phase
    from analysis.what_if.live import Live
    from analysis.what_if.reliance import reliance
    from geo.ingest import one_door

    with one_door():
        read = read_study(*study, None, tell=part_of(tell, 0.0, 0.4))
    evaluation = evaluate_study(read, progress=part_of(tell, 0.4, 0.7), draw="when asked")
    proposal = choose_sites(evaluation, asked, progress=part_of(tell, 0.7, 0.9))
    phased = None if means is None else phase(proposal, means, seconds=asked.seconds)
    live = Live(evaluation)
    relying = reliance(live)
    walking = {"speed_m_per_s": study[2], "limit_min": study[3]}
    given = {name: value for name, value in walking.items() if value is not None}
    scenario = as_scenario(proposal, given)
    areas = live.to(changes(proposal)).table
    told = closing_costs(proposal)
    beside = {"scenario": scenario, "relying": relying, "areas": areas, "closing": told}
    if phased is not None:
        beside["phased_scenario"] = as_scenario(proposal, given, sites=phased.built)
    return held_against(proposal, areas), phased, beside


def _require_an_answer(proposal: Any, out: Path) -> None:  # noqa: ANN401
    """Refuse to go on where no choice does what is asked, with what would make one do."""
    from analysis.siting.searches import why_none
    from report.siting_files import write_no_answer

    if why := why_none(proposal.found):
        told = (
            say("没有写出方案；每个备选点能做什么、为何不能用，见 {folder} 里的 why_not.csv。",
                folder=str(out))
            if write_no_answer(proposal, out)
            else say("{folder} 里是以前的选址结果，没有改动。", folder=str(out))
        )
        raise SitingError(*why, told)


def _asked(
    count: int | None,
    cover: str | None,
    cover_each: str | None,
    budget: float | None,
    words: tuple[str | None, str | None, str | None],
) -> Any:  # noqa: ANN401 - an Asked; its type would load the libraries
    from analysis.siting.asked import Asked, Objective

    objective = _one_of(words[0], "--objective", tuple(each.value for each in Objective))
    return Asked(
        count=count,
        cover=None if cover is None else _share(cover),
        cover_each=None if cover_each is None else _level_and_share(cover_each),
        budget_wan=budget,
        objective=None if objective is None else Objective(objective),
        capacity=_one_of(words[1], "--capacity", ("beds", "m2")),  # type: ignore[arg-type]
        weighting=_one_of(words[2], "--weight", ("80plus", "behind")),  # type: ignore[arg-type]
    )


def _one_of(word: str | None, option: str, known: tuple[str, ...]) -> str | None:
    if word is not None and word not in known:
        message = f"{word}（{' | '.join(known)}）"
        raise typer.BadParameter(message, param_hint=option)
    return word


def _share(text: str) -> float:
    """Return a share written as 0.9, 90% or ９０％. Errors: SitingError."""
    plain = text.strip().replace("％", "%")
    try:
        return float(plain[:-1]) / 100 if plain.endswith("%") else float(plain)
    except ValueError:
        raise SitingError(
            say("覆盖率“{text}”不是数。请写 0.9 或 90%。", text=text)
        ) from None


def _level_and_share(text: str) -> tuple[str, float]:
    level, colon, share = text.replace("：", ":").partition(":")
    if not colon:
        raise SitingError(
            say("--cover-each “{text}”应写成 级别:覆盖率，例如 street:0.8。", text=text)
        )
    codes = {word: code for code, words in LEVELS.items() for word in (code, *words)}
    return codes.get(level.strip(), level.strip()), _share(share)
