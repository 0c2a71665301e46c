"""From what is known of a study to everything a document may say of it."""

from collections.abc import Iterator
from dataclasses import replace

import geopandas as gpd
import pandas as pd

from analysis.evaluation import Evaluation
from analysis.people.told import people_unknown
from geo.language import Message, joined, say
from report.briefing.assertions import assertions
from report.briefing.chapters import chapters, scenario_told
from report.briefing.content import Briefing, Drawn, KeyFigure, MapSheet, Stage, Table
from report.briefing.demand import forecast_table
from report.briefing.estates import short_table, unknown_table, verdicts_table
from report.briefing.estates_counted import undecided
from report.briefing.figures import key_figures
from report.briefing.gained import proposal_sentence
from report.briefing.guidance import guidance_table
from report.briefing.material import Material, Proposed
from report.briefing.method import (
    fields_table,
    findings_table,
    indicators_table,
    parameters_table,
    source_line,
    sources_table,
)
from report.briefing.periods import since_tables
from report.briefing.places import communities_table, facilities_table
from report.briefing.pools import pools_table
from report.briefing.rule_texts import rules_table
from report.briefing.sites import options_table, projects_table
from report.briefing.streets import streets_table
from report.briefing.targets import targets_table
from report.conclusions import conclusions
from report.figures import number
from report.siting_files import streets_table as gains_by_street
from report.street_card import street_lines, streets_of


def brief(material: Material) -> Briefing:
    """Return everything a document may say, in the language now spoken."""
    evaluation = material.evaluation
    tables = {table.key: table for table in _tables(material)}
    maps = {sheet.key: sheet for sheet in _maps(material)}
    headline = list(conclusions(evaluation, material.baseline))
    if material.proposed is not None:
        headline.append(proposal_sentence(evaluation, material.proposed, material.baseline))
    if material.earlier is not None:
        headline += material.earlier.sentences[:1]
    stages = tuple(_stages(material))
    return Briefing(
        title=_title(material),
        place=evaluation.study.title,
        on=evaluation.study.on,
        notice=_notice(material),
        headline=tuple(headline),
        figures=stages[0].figures,
        stages=stages,
        tables=tables,
        maps=maps,
        chapters=tuple(_told(material, {*tables, *maps})),
        steps=tuple(_steps(material)),
        caveats=(*scenario_told(material), *_caveats(evaluation)),
        sources=(source_line(evaluation),),
        assertions=assertions(material, tables),
        evaluation=evaluation,
    )


def _title(material: Material) -> Message:
    place = material.evaluation.study.title
    if material.scenario is None:
        return say("{place}养老服务圈评估", place=place)
    return say("{place}养老服务圈评估（情景：{scenario}）", place=place,
               scenario=material.scenario.title)  # fmt: skip


def _notice(material: Material) -> str:
    """Return what stands on every page: that data are simulated, that this is a scenario."""
    notice = material.evaluation.study.notice
    if material.scenario is None:
        return notice
    told = str(say("情景“{scenario}”，不是现状", scenario=material.scenario.title))
    return str(joined("；", *filter(None, (told, notice))))


def _stages(material: Material) -> Iterator[Stage]:
    """Yield the agreed figures as things are looked at, then with what is proposed."""
    proposed, as_it_stands = material.proposed, material.scenario is None
    name = say("现状") if as_it_stands else say("情景")
    yield Stage(name, name, key_figures(material.evaluation))
    if proposed is None:
        return
    count = len(proposed.proposal.chosen)
    told = say("建议{count}处建成后", count=count)
    if not as_it_stands:
        told = say("情景加建议{count}处建成后", count=count)
    name = say("建议方案") if as_it_stands else say("情景加建议方案")
    yield Stage(name, told, key_figures(proposed.after))


def _told(material: Material, there: set[str]) -> Iterator:  # type: ignore[type-arg]
    """Yield the chapters without tables and maps that there are none of."""
    for chapter in chapters(material):
        kept = (part for part in chapter.parts if not hasattr(part, "key") or part.key in there)
        yield replace(chapter, parts=tuple(kept))


def _tables(material: Material) -> Iterator[Table]:
    evaluation = material.evaluation
    made: list[Table] = [
        targets_table(evaluation), streets_table(evaluation), verdicts_table(evaluation),
        short_table(evaluation, material.proposed), unknown_table(evaluation),
        communities_table(evaluation, material.proposed),
        facilities_table(evaluation),
    ]  # fmt: skip
    made += [table for table in (forecast_table(evaluation), guidance_table(material)) if table]
    if material.earlier is not None:
        made += since_tables(material.earlier)
    if material.proposed is not None:
        made.append(projects_table(material.proposed, material.baseline))
    perhaps = (options_table(material), pools_table(evaluation))
    made += [each for each in perhaps if each is not None]
    made += [
        indicators_table(evaluation), findings_table(evaluation), parameters_table(evaluation),
        rules_table(evaluation), sources_table(evaluation),
    ]  # fmt: skip
    yield from made
    yield fields_table(made)


def _maps(material: Material) -> Iterator[MapSheet]:
    """Yield the maps of the study, then one a street."""
    evaluation, proposed = material.evaluation, material.proposed
    place, told = evaluation.study.title, tuple(map(_line, key_figures(evaluation)))
    standing = say("{place}养老服务设施现状图", place=place)
    if material.scenario is not None:
        standing = say("{place}养老服务设施图（情景）", place=place)
    yield MapSheet("standing", Drawn.STANDING, standing, evaluation,
                   told=(_counted(evaluation),))  # fmt: skip
    yield MapSheet("coverage", Drawn.COVERAGE, say("{place}养老服务圈覆盖图", place=place),
                   evaluation, told=told[:2])  # fmt: skip
    yield MapSheet("gaps", Drawn.GAPS, say("{place}养老服务缺口图", place=place),
                   evaluation, told=(told[1], told[2], told[4]))  # fmt: skip
    if proposed is not None:
        yield from _proposed(place, material, proposed)
    for id_, name in _outlined(evaluation).itertuples(index=False):
        lines = street_lines(evaluation, str(id_))
        yield MapSheet(
            f"street {id_}", Drawn.STREET, say("{street}养老服务圈分图", street=str(name)),
            evaluation, None if proposed is None else proposed.after,
            None if proposed is None else _spots(proposed, street=str(id_)), area=str(id_),
            told=tuple(say("{label}：{value}", label=label, value=value) for label, value in lines),
        )  # fmt: skip


def _outlined(evaluation: Evaluation, *, outlined: bool = True) -> pd.DataFrame:
    """Return the streets that have an outline to be drawn, or those that have none."""
    streets = streets_of(evaluation)
    layer = evaluation.study.layer("boundaries")
    if layer is None:
        return streets
    drawn = layer.loc[~(layer.geometry.isna() | layer.geometry.is_empty), "id"]
    return streets.loc[streets["id"].isin(drawn) == outlined]


def _proposed(place: str, material: Material, proposed: Proposed) -> Iterator[MapSheet]:
    evaluation, spots = material.evaluation, _spots(proposed)
    said = proposal_sentence(evaluation, proposed, material.baseline)
    yield MapSheet("sites", Drawn.SITES, say("{place}养老服务设施布局建议图", place=place),
                   evaluation, proposed.after, spots, told=(said,))  # fmt: skip
    yield MapSheet("change", Drawn.CHANGE, say("{place}建设前后对比图", place=place),
                   evaluation, proposed.after, spots, told=(said,))  # fmt: skip


def _spots(proposed: Proposed, street: str = "") -> gpd.GeoDataFrame:
    """Return the sites; `gain_here` is what of a site's gain is in a street, where one is told."""
    proposal = proposed.proposal
    ranks = range(1, len(proposal.chosen) + 1)
    names = proposal.eligible.table["name"].to_numpy()[proposal.chosen]
    return gpd.GeoDataFrame(
        {
            "rank": ranks,
            "name": names,
            "gain_60plus": proposal.whole_gain,
            **({"gain_here": _gains_in(proposed, street, ranks)} if street else {}),
        },
        geometry=proposal.positions().to_numpy(), crs="EPSG:4326",
    )  # fmt: skip


def _gains_in(proposed: Proposed, street: str, ranks: range) -> list[int]:
    told = gains_by_street(proposed.proposal, proposed.reasons)
    here = told.loc[told["area_id"].eq(street)].groupby("rank")["gain_60plus"].sum()
    return [int(here.get(rank, 0)) for rank in ranks]


def _line(figure: KeyFigure) -> Message:
    return say("{label} {value}（{of}）", label=figure.label, value=figure.text,
               of=joined("；", *figure.of))  # fmt: skip


def _counted(evaluation: Evaluation) -> Message:
    layer = evaluation.study.layer("facilities")
    return say("台账共有设施 {all} 处，其中计入服务圈 {counted} 处",
               all=0 if layer is None else len(layer), counted=len(evaluation.counted))  # fmt: skip


def _steps(material: Material) -> Iterator[Message]:
    """Yield what is to be done next; who and until when is for the office to say."""
    provision = material.evaluation.summary["provision"]
    if provision["short"]:
        yield say("逐小区落实不达标小区{count}个的整改措施，明确责任单位和完成时限。",
                  count=provision["short"])  # fmt: skip
    if provision["unknown"]:
        yield say("向街道补收无法判定小区{count}个的资料后再下结论。", count=provision["unknown"])
    pools = material.evaluation.detail.pools
    if len(pools):
        yield say("研究{count}项统筹建议，书面确认后结论方可改变。", count=len(pools))
    if material.proposed is not None:
        yield say("对建议的{count}处选址逐处踏勘，核实产权、面积和费用。",
                  count=len(material.proposed.proposal.chosen))  # fmt: skip
    yield say("半年后用同一口径再测算一次，与本期结果比较。")


def _caveats(evaluation: Evaluation) -> Iterator[Message]:
    """Yield what has to be said beside the figures."""
    coverage, provision = evaluation.summary["coverage"], evaluation.summary["provision"]
    if evaluation.study.notice:
        yield say("{notice}。", notice=evaluation.study.notice)
    yield say(
        "空间可达率是按步行路网逐地点测算的，不等同于政策文件中的“服务覆盖率”；文件没有规定15分钟可达率的合格线。"
    )
    if coverage["unlocated_60plus"]:
        yield say("{people}名60岁以上老年人位置不明，不计入可达率的分母。",
                  people=number(coverage["unlocated_60plus"]))  # fmt: skip
    if (untold := people_unknown(evaluation.located).sentence()) is not None:
        yield untold
    if evaluation.walked is not None:
        rural = evaluation.coverage.iloc[0]["elderly_60plus"] - coverage["elderly_60plus"]
        yield say(
            "可达率只计城市部分；农村地区的60岁以上老年人{people}人不按步行衡量，不在分母内。",
            people=number(rural),
        )
    if len(left := _outlined(evaluation, outlined=False)):
        yield say("{count}个街道在边界资料中没有图形，图集没有它们的分图：{names}。",
                  count=len(left), names=joined("、", *map(str, left["name"])))  # fmt: skip
    if coverage["lower_bound"]:
        yield say("可达人数是下限：有设施没有坐标，或边界附近的道路、设施资料不足。")
    told = undecided(evaluation)
    if told is not None:
        yield told
    if provision["assumed"]:
        yield say("有{count}个小区的结论含研究设定的假设。", count=provision["assumed"])
    recalled = [
        rule for pack in evaluation.rulebook.packs for rule in pack.rules
        if rule.confidence == "recalled"
    ]  # fmt: skip
    if recalled:
        yield say(
            "所依据的规定中有{count}条仅凭记忆、未核对原文，不作任何结论的依据。",
            count=len(recalled),
        )
