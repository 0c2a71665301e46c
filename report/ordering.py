"""The documents of a study as somebody orders them: what is read, asked and written, in turn."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.evaluation import evaluate
from analysis.kept_scenarios import kept_scenarios
from analysis.scenario import Scenario, apply
from analysis.siting.asked import Asked
from analysis.study import Progress, load_study
from geo.ingest import one_door
from geo.language import say
from report.briefing.content import Briefing
from report.briefing.earlier import since
from report.briefing.making import brief
from report.briefing.material import SECONDS, SITES, gather
from report.documents import FORMATS, require_formats, write_documents
from report.papers import papers_of_ours


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
    """

    study: Path
    scenario: Scenario | None = None
    walking: tuple[tuple[str, Any], ...] = ()
    formats: tuple[str, ...] = FORMATS
    count: int = SITES
    before: Path | None = None
    maker: str = ""


def fulfil(
    order: Order, folder: Path, *, progress: Progress | None = None
) -> tuple[list[Path], Briefing]:
    """Write the documents into a folder, all or none, and return them with what they tell.

    Errors: PlanningError where the study, the scenario, a format or the folder is refused.
    """
    tell = progress or (lambda _what, _part: None)
    formats: Collection[str] = require_formats(order.formats)
    papers_of_ours(folder)  # one that somebody changed is told before the long work
    with one_door():
        study = load_study(order.study, progress=_part(tell, 0.0, 0.25))
    if order.walking:
        study = study.with_walking(**dict(order.walking))
    baseline = None
    if order.scenario is not None:  # what it changes is told beside things as they stand
        baseline = evaluate(study, draw="when asked")
        study = apply(order.scenario, study)
    evaluation = evaluate(study, progress=_part(tell, 0.25, 0.4))
    material = gather(
        evaluation,
        asked=Asked(count=order.count, seconds=SECONDS) if order.count else None,
        scenarios=_prepared(order),
        earlier=None if order.before is None else since(order.before, evaluation),
        scenario=order.scenario,
        baseline=baseline,
        progress=_part(tell, 0.4, 0.5),
    )
    tell(say("整理结论"), 0.5)
    briefing = replace(brief(material), maker=order.maker.strip())
    return write_documents(
        briefing, folder, formats=formats, progress=_part(tell, 0.55, 1.0)
    ), briefing


def _prepared(order: Order) -> list[Scenario]:
    """Return the scenarios kept beside the study, to be told beside the proposal."""
    if order.scenario is not None:  # they start from things as they stand, not from another one
        return []
    kept, _ = kept_scenarios(order.study)
    return [each.scenario for each in kept]


def _part(tell: Progress, begin: float, end: float) -> Progress:
    return lambda what, part: tell(what, begin + (end - begin) * part)
