"""Figures that are only bounds are told as bounds in every sentence and table."""

from pathlib import Path

import pytest

from analysis.evaluation import evaluate
from report.briefing.content import Briefing
from report.briefing.making import brief
from report.briefing.material import gather
from report.briefing.places import communities_sentence
from tests.analysis.toy_study import area, box, estate, facility, people, spot, toy_study

HALVES = (box(-50, -500, 290, 900), box(290, -500, 950, 900))


def briefing(folder: Path, facilities: list[object]) -> Briefing:
    """Return two communities of one street, 300 people and 90 old ones each.

    An estate of 100 households houses 250 of the 300, and so 75 of the 90.
    """
    return brief(gather(evaluate(
        toy_study(
            folder,
            residential=[estate(f"r{x}", box(x, 5, x + 18, 23)) for x in (0, 620)],
            population=[people(f"p{n}", half, 300.0, 90.0) for n, half in enumerate(HALVES)],
            boundaries=[area("S1", "street", box(-50, -500, 950, 900), name="甲街道"),
                        *(area(f"M{n}", "community", half) for n, half in enumerate(HALVES))],
            walking={"limit_min": 5}, **({"facilities": facilities} if facilities else {}),
        ), draw="when asked",
    )))  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Briefing:
    """Give a study with one facility that counts and one that nobody can place."""
    near, nowhere = facility("f1", spot(0, 0)), facility("f2", None)
    return briefing(tmp_path_factory.mktemp("bounds"), [near, nowhere])


def test_the_headline_and_the_key_figure_mark_the_count_as_the_share(told: Briefing) -> None:
    assert "150人中≥75人可达至少1处" in str(told.headline[0])
    assert str(told.figures[0].of[0]) == "150 人中 ≥75 人"


def test_communities_mark_who_is_left_as_an_upper_bound(told: Briefing) -> None:
    assert "area M1（≤75人）" in str(communities_sentence(told.evaluation))
    note = str(told.tables["communities"].note)
    assert "可达 ≥75 人，可达率 ≥50.0%" in note
    assert note.endswith("表中可达人数是下限，未覆盖人数是上限。")
    assert "area M1最多（≤75人）" in told.tables["guidance"].rows["told"].iloc[0]


def test_without_a_ledger_of_facilities_nobody_knows_how_far_a_community_is_left(
    tmp_path: Path
) -> None:
    rows = briefing(tmp_path, []).tables["communities"].rows
    assert list(rows["degree"][:2]) == ["不明", "不明"]
