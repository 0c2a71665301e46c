"""What is laid before a meeting speaks of the town, not of the program."""

import re
from collections.abc import Callable, Iterator

import pytest

from report.briefing.content import Briefing
from report.briefing.method import FIELDS, FINDINGS
from tests.report.sentences import texts

OF_THE_PROGRAM = re.compile("落位|已定位|规则包|图层|节点|EPSG")
# The name of a coordinate system is what surveyors ask for, in the line that is called so.
COORDINATES = "坐标系"


def _said(briefing: Briefing) -> Iterator[str]:
    for sentences in texts(briefing).values():
        yield from sentences
    yield from (str(each) for figure in briefing.figures for each in figure.of)
    for assertion in briefing.assertions.values():
        yield str(assertion.said)
        for basis in assertion.bases:
            yield from map(str, (basis.name, basis.of, basis.formula))


def _tables(briefing: Briefing) -> Iterator[str]:
    for table in briefing.tables.values():
        if table.key in (FIELDS, FINDINGS):  # for whoever mends the data
            continue
        yield from map(str, (table.title, table.told() or ""))
        yield from (str(column.title) for column in table.columns)
        yield from (str(column.meaning or "") for column in table.columns)
        yield from (" ".join(row) for row in table.texts() if row[0] != COORDINATES)


@pytest.mark.parametrize("told", [_said, _tables])
def test_no_word_of_the_program_is_laid_before_a_meeting(
    briefing: Briefing, told: Callable[[Briefing], Iterator[str]]
) -> None:
    lines = list(told(briefing))
    assert len(lines) > 50
    assert [line for line in lines if OF_THE_PROGRAM.search(line)] == []


def test_the_texts_held_against_are_named_as_places_are(briefing: Briefing) -> None:
    told = dict(briefing.tables["parameters"].texts())
    assert told["所依据的规定"] == "国家、内蒙古自治区、赤峰市"
