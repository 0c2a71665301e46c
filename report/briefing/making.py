"""From what is known of a study to everything a document may say of it."""

from collections.abc import Iterator
from dataclasses import replace

from geo.language import Message, joined, say
from report.briefing.assertions import assertions
from report.briefing.caveats import caveats, steps
from report.briefing.chapters import chapters, scenario_told
from report.briefing.content import Briefing, Stage, Table
from report.briefing.demand import forecast_table
from report.briefing.estates import short_table, unknown_table, verdicts_table
from report.briefing.figures import key_figures
from report.briefing.gained import proposal_sentence
from report.briefing.guidance import guidance_table
from report.briefing.map_sheets import map_sheets
from report.briefing.material import Material
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


def brief(material: Material) -> Briefing:
    """Return everything a document may say, in the language now spoken."""
    evaluation = material.evaluation
    tables = {table.key: table for table in _tables(material)}
    maps = {sheet.key: sheet for sheet in map_sheets(material)}
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
        steps=tuple(steps(material)),
        caveats=(*scenario_told(material), *caveats(evaluation)),
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
