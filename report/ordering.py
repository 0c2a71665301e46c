"""The documents of a study as somebody orders them: what is read, asked and written, in turn."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.evaluation import evaluate
from analysis.files_of_study import refuse_what_is_read
from analysis.kept_scenarios import KeptScenario, kept_scenarios
from analysis.scenario import Scenario, apply
from analysis.siting.asked import Asked
from analysis.study import Progress, Study, load_study
from analysis.what_if.side_by_side import BASELINE
from geo.errors import PlanningError
from geo.ingest import one_door
from geo.language import Message, say, translate
from report.briefing.content import Briefing
from report.briefing.earlier import since
from report.briefing.making import brief
from report.briefing.material import SECONDS, SITES, gather
from report.documents import ALWAYS, FORMATS, LIKE, require_formats, write_documents
from report.moving import refuse_held, refuse_strangers
from report.papers import MANIFEST, papers_of_ours
from report.tables import all_or_none


@dataclass(frozen=True)
class Order:
    """Which documents of which study.

    scenario
        Under which the study is looked at; None for things as they stand.
    walking
        What is walked otherwise than the study says, by its key.
    count
        So many sites are proposed; 0 for none.
    before
        An output folder of an earlier period.
    maker
        The office that answers for the maps; the program where empty.

    Errors: PlanningError for a scenario beside an earlier period.
    """

    study: Path
    scenario: Scenario | None = None
    walking: tuple[tuple[str, Any], ...] = ()
    formats: tuple[str, ...] = FORMATS
    count: int = SITES
    before: Path | None = None
    maker: str = ""

    def __post_init__(self) -> None:
        """Refuse to compare what may be with what was: the difference would be of neither."""
        if self.before is not None and self.scenario is not None:
            raise PlanningError(
                say("情景是设想，不是一期数据，不能与上期比较。请只选情景或上期之一。")
            )


def fulfil(
    order: Order, folder: Path, *, progress: Progress | None = None
) -> tuple[list[Path], Briefing]:
    """Write the documents into a folder, all or none, and return them with what they tell.

    Errors: PlanningError where the study, the scenario, a format or the folder is refused.
    """
    tell = progress or (lambda _what, _part: None)
    formats: Collection[str] = require_formats(order.formats)
    _require_room(order.study, folder, formats)  # told before the long work
    with one_door():
        study = load_study(order.study, progress=_part(tell, 0.0, 0.25))
    if order.walking:
        study = study.with_walking(**dict(order.walking))
    baseline, scenario = None, named(order.scenario)
    prepared, left_out = _prepared(order, study)
    if scenario is not None:  # what it changes is told beside things as they stand
        baseline = evaluate(study, draw="when asked")
        study = apply(scenario, study)
    evaluation = evaluate(study, progress=_part(tell, 0.25, 0.4))
    material = gather(
        evaluation,
        asked=Asked(count=order.count, seconds=SECONDS) if order.count else None,
        scenarios=prepared,
        earlier=None if order.before is None else since(order.before, evaluation),
        scenario=scenario,
        baseline=baseline,
        progress=_part(tell, 0.4, 0.5),
    )
    tell(say("整理结论"), 0.5)
    briefing = brief(material)
    briefing = replace(
        briefing, maker=order.maker.strip(), caveats=(*briefing.caveats, *left_out)
    )
    return write_documents(
        briefing, folder, formats=formats, progress=_part(tell, 0.55, 1.0)
    ), briefing


def _require_room(study: Path, folder: Path, formats: Collection[str]) -> None:
    """Refuse a folder that the papers cannot go to, as far as that can be told beforehand."""
    always = [name for each in formats for name in ALWAYS[each]]
    like = [name for each in formats for name in LIKE.get(each, ())]
    refuse_what_is_read(study, folder, [*always, *like, MANIFEST])
    with all_or_none(folder, mark=MANIFEST):
        own = papers_of_ours(folder)
    refuse_strangers(folder, [name for name in (*always, MANIFEST) if name not in own])
    refuse_held(folder, own)


def named(scenario: Scenario | None) -> Scenario | None:
    """Return a scenario that sentences can call something: by its file where it has no title."""
    if scenario is None or scenario.title:
        return scenario
    return scenario.model_copy(update={"title": scenario.file or translate("未命名情景")})


def _prepared(order: Order, study: Study) -> tuple[list[Scenario], list[Message]]:
    """Return the scenarios kept beside the study, to be told beside the proposal.

    With them, which of them cannot be told, and why.
    """
    if order.scenario is not None:  # they start from things as they stand, not from another one
        return [], []
    kept, unread = kept_scenarios(order.study)
    left_out = [say("保存的情景有一个没有并入方案比较：{reason}", reason=each) for each in unread]
    fit: list[KeptScenario] = []
    for each in kept:
        try:
            apply(each.scenario, study)  # another period's facilities may not be there any more
        except PlanningError as error:
            left_out += [
                say("情景“{title}”（{file}）没有并入方案比较：{reason}",
                    title=each.title, file=each.file.name, reason=reason)
                for reason in error.messages
            ]  # fmt: skip
        else:
            fit.append(each)
    return _told_apart(fit), left_out


def _told_apart(kept: Sequence[KeptScenario]) -> list[Scenario]:
    """Return scenarios under their titles, with the number of the file where two would be one."""
    titles = Counter(each.title for each in kept)
    ours = {BASELINE, translate("现状"), translate("建议方案")}
    return [
        each.scenario.model_copy(update={
            "title": each.title if titles[each.title] == 1 and each.title not in ours
            else str(say("{title}（情景{number}）", title=each.title, number=each.number))
        })
        for each in kept
    ]  # fmt: skip


def _part(tell: Progress, begin: float, end: float) -> Progress:
    return lambda what, part: tell(what, begin + (end - begin) * part)
