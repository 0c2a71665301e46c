"""Two streets of one name are two everywhere: in sentences, tables, maps and check sheets."""

from pathlib import Path

import docx
import pytest

from analysis.evaluation import evaluate
from report.briefing.content import Briefing
from report.briefing.making import brief
from report.briefing.material import gather
from report.word.estate_sheets import write_sheets_by_street
from tests.analysis.toy_study import area, box, estate, facility, people, spot, toy_study

WEST, EAST = box(-50, -500, 290, 900), box(290, -500, 950, 900)


def briefing(folder: Path, *, counties: bool) -> Briefing:
    """Return two streets 新华街道 with two and three estates, none of which has care rooms."""
    halves = ((1, WEST, "红山区"), (2, EAST, "松山区"))
    areas = [area(f"S{n}", "street", half, name="新华街道") for n, half, _ in halves]
    if counties:
        areas += [area(f"C{n}", "county", half, name=county) for n, half, county in halves]
    homes = [estate(f"r{n}", box(n * 150, 5, n * 150 + 18, 23), street="新华街道",
                    care_floor_area_m2=0.0, care_area_basis="building") for n in range(5)]
    return brief(gather(evaluate(toy_study(
        folder, residential=homes, population=[people("p", box(0, -400, 900, 700), 3000.0, 900.0)],
        facilities=[facility("f1", spot(0, 0))], boundaries=areas, walking={"limit_min": 5},
    ), draw="when asked")))  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Briefing:
    return briefing(tmp_path_factory.mktemp("namesakes"), counties=True)


def test_tables_sentences_and_maps_put_the_county_before_them(told: Briefing) -> None:
    assert list(told.tables["streets"].rows["name"][:2]) == ["红山区新华街道", "松山区新华街道"]
    assert set(told.tables["guidance"].rows["name"]) == {"红山区新华街道", "松山区新华街道"}
    assert "主要在松山区新华街道（" in str(told.headline[1])
    titles = [str(sheet.title) for key, sheet in told.maps.items() if key.startswith("street")]
    assert titles == ["红山区新华街道养老服务圈分图", "松山区新华街道养老服务圈分图"]


def test_each_has_its_own_check_sheets(told: Briefing, tmp_path: Path) -> None:
    written = write_sheets_by_street(told, tmp_path)
    assert written == {"核查单_松山区新华街道.docx": 3, "核查单_红山区新华街道.docx": 2}
    first = docx.Document(str(tmp_path / "核查单_松山区新华街道.docx")).paragraphs[0].text
    assert first == "松山区新华街道小区配建核查单"


def test_without_counties_their_ids_tell_them_apart(tmp_path: Path) -> None:
    rows = briefing(tmp_path, counties=False).tables["streets"].rows
    assert list(rows["name"][:2]) == ["新华街道（S1）", "新华街道（S2）"]
