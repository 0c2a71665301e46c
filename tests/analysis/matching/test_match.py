"""Matching of names: what is sure, what is doubted, and that nothing vanishes."""

from functools import partial

import geopandas as gpd
import hypothesis.strategies as st
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings

from analysis.matching.match import Matches, match, match_names
from analysis.matching.names import areas_named, parsed
from tests.analysis.toy_study import box, layer, spot

READ = partial(parsed, areas=areas_named(["红山区", "松山区"], ["county", "county"]))
NOWHERE = None


def ask(
    *texts: str | None, known: list[dict[str, object]], within_m: float = 2000.0, **more: object
) -> Matches:
    """Ask for names from the toy city's origin, among estates."""
    wanted = layer(*({"name": text, "geometry": spot(0, 0)} for text in texts))
    rows = [{"geometry": NOWHERE, **row, "id": f"r{n}"} for n, row in enumerate(known)]
    return match(wanted, layer(*rows), read=READ, within_m=within_m, **more)  # type: ignore[arg-type]


def outcome(matches: Matches) -> list[tuple[str, str, str]]:
    """Return status, way and reason of each name."""
    return [*matches.table[["status", "how", "reason"]].itertuples(index=False, name=None)]


def meant(matches: Matches) -> list[tuple[int, int]]:
    return [*matches.pairs.itertuples(index=False, name=None)]


def test_the_first_way_that_finds_anything_decides() -> None:
    known = [
        {"name": "甲小区"},
        {"name": "r0"},  # the id of the first is the name of the second
        {"name": "乙花园", "aliases": "丙小区；丁里/庚里"},
        {"name": "丙小区"},
        {"name": "戊家园二期"},
    ]
    found = ask("r0", "甲小区", "庚里", "丙小区", "红山区戊家园（2期）", known=known)
    assert [how for _, how, _ in outcome(found)] == ["id", "exact", "alias", "exact", "folded"]
    assert meant(found) == [(0, 0), (1, 0), (2, 2), (3, 3), (4, 4)]


def test_names_that_only_resemble_each_other_are_never_sure() -> None:
    found = ask("阳光花圆", "阳光花园小区", known=[{"name": "阳光花园"}, {"name": "阳光家园"}])
    assert outcome(found)[0] == ("doubtful", "alike", "alike")
    assert outcome(found)[1] == ("matched", "folded", "")
    assert [*found.candidates["known"]] == [0, 1]


def test_one_estate_is_not_another_of_the_same_beginning() -> None:
    found = ask("阳光小区", known=[{"name": "阳光花园"}, {"name": "阳光家园"}])
    assert outcome(found) == [("doubtful", "alike", "tie")]
    assert meant(found) == []


def test_a_bare_name_is_sure_only_where_nothing_else_begins_so() -> None:
    assert outcome(ask("清河", known=[{"name": "清河小区"}])) == [("matched", "folded", "")]
    both = ask("清河", known=[{"name": "清河小区"}, {"name": "清河湾"}])
    assert outcome(both) == [("doubtful", "short", "short")]
    assert {*both.candidates["known"]} == {0, 1}
    said = ask("清河住宅小区", known=[{"name": "清河小区"}, {"name": "清河湾"}])
    assert outcome(said) == [("matched", "folded", "")]


def test_the_whole_against_its_phases_is_doubted_and_all_phases_are_listed() -> None:
    phases = [{"name": f"幸福小区{n}期"} for n in "一二三四五"]
    found = ask("幸福小区", known=phases)
    assert outcome(found) == [("doubtful", "phase", "phase")]
    assert [*found.candidates["known"]] == [0, 1, 2, 3, 4]
    assert outcome(ask("幸福小区", known=phases[:1])) == [("doubtful", "phase", "phase")]


def test_a_project_settles_which_phases_are_meant() -> None:
    phases = [{"name": f"幸福小区{n}期", "project_id": "P1"} for n in "一二"]
    found = ask("幸福小区", known=phases)
    assert outcome(found) == [("matched", "phase", "")]
    assert meant(found) == [(0, 0), (0, 1)]
    torn = ask("幸福小区", known=[*phases, {"name": "幸福小区三期", "project_id": "P2"}])
    assert outcome(torn) == [("doubtful", "phase", "phase")]


def test_a_phase_in_a_column_of_its_own_is_part_of_the_name() -> None:
    known = [{"name": "幸福小区", "phase": "一期"}, {"name": "幸福小区", "phase": "二期"}]
    found = ask("幸福小区2期", "幸福小区", known=known)
    assert outcome(found) == [("matched", "folded", ""), ("doubtful", "exact", "several")]
    assert meant(found) == [(0, 1)]


def test_another_phase_is_another_estate() -> None:
    found = ask("幸福小区三期", known=[{"name": "幸福小区一期"}, {"name": "幸福小区二期"}])
    assert outcome(found) == [("unmatched", "", "none")]
    assert [*found.candidates["known"]] == [0, 1]


def test_of_two_called_alike_the_one_around_the_asker_is_meant() -> None:
    here, there = box(-50, -50, 50, 50), box(500, 500, 600, 600)
    found = ask("红旗小区", known=[{"name": "红旗小区", "geometry": there},
                                {"name": "红旗小区", "geometry": here}])  # fmt: skip
    assert outcome(found) == [("matched", "place", "")]
    assert meant(found) == [(0, 1)]
    beside = [{"name": "红旗小区", "geometry": there}, {"name": "红旗小区", "geometry": spot(9, 9)}]
    doubted = ask("红旗小区", known=beside)
    assert outcome(doubted) == [("doubtful", "exact", "several")]
    # The nearer of two that score the same is offered first.
    assert [*doubted.candidates["known"]] == [1, 0]
    assert [*doubted.candidates["metres"].round(1)] == [12.7, 707.1]


def test_the_area_before_a_name_tells_two_apart_and_can_contradict() -> None:
    two = [{"name": "红旗小区"}, {"name": "红旗小区"}]
    lies = {"county": ["红山区", "松山区"]}
    found = ask("松山区红旗小区", known=two, lies=lies)
    assert (outcome(found), meant(found)) == ([("matched", "folded", "")], [(0, 1)])
    wrong = ask("松山区红旗小区", known=two[:1], lies={"county": ["红山区"]})
    assert outcome(wrong) == [("doubtful", "folded", "area")]


def test_a_name_that_fits_too_far_away_is_doubted_but_an_id_is_not() -> None:
    far = {"name": "阳光小区", "geometry": spot(2001, 0)}
    found = ask("阳光小区", "阳光住宅小区", "r0", known=[far])
    assert outcome(found) == [
        ("doubtful", "exact", "far"), ("doubtful", "folded", "far"), ("matched", "id", ""),
    ]  # fmt: skip
    near = {"name": "阳光小区", "geometry": spot(2000, 0)}
    assert outcome(ask("阳光小区", known=[near])) == [("matched", "exact", "")]


def test_what_has_no_place_is_not_too_far() -> None:
    assert outcome(ask("阳光小区", known=[{"name": "阳光小区"}])) == [("matched", "exact", "")]


def test_an_estate_around_the_asker_is_offered_whatever_it_is_called() -> None:
    found = ask("东风楼", known=[{"name": "碧桂园", "geometry": box(-5, -5, 5, 5)}])
    assert outcome(found) == [("unmatched", "", "none")]
    assert [*found.candidates["known"]] == [0]
    assert bool(found.candidates["inside"].all())


def test_what_the_user_said_stands_above_everything() -> None:
    known = [{"name": "阳光小区"}, {"name": "阳光花园"}]
    said = pd.DataFrame(
        {"wanted": [0, 1, 2], "known": [1, 0, -1], "decision": ["same", "different", "none"]}
    )
    found = ask("阳光小区", "阳光小区", "阳光花园", known=known, said=said)
    assert outcome(found) == [
        ("matched", "confirmed", ""), ("doubtful", "alike", "alike"),
        ("unmatched", "confirmed", "said_none"),
    ]  # fmt: skip
    assert meant(found) == [(0, 1)]
    assert [*found.candidates["known"]] == [1]


def test_a_former_name_in_brackets_finds_its_estate() -> None:
    found = ask("幸福家园（原阳光小区）", known=[{"name": "阳光小区"}])
    assert outcome(found) == [("matched", "folded", "")]


def test_blank_names_stay_and_match_nothing() -> None:
    found = ask(None, "", " ", known=[{"name": "阳光小区"}])
    assert [status for status, _, _ in outcome(found)] == ["unmatched"] * 3


def test_there_may_be_nobody_to_ask_or_to_know() -> None:
    assert match_names([], ["站前社区"]).table.empty
    assert outcome(match_names(["站前社区"], [])) == [("unmatched", "", "none")]


def test_two_lists_of_areas_match_as_plain_names() -> None:
    found = match_names(["桥北街道办事处", "站前社區", "站前"], ["桥北街道", "站前社区"])
    assert [status for status, _, _ in outcome(found)] == ["matched", "matched", "doubtful"]


NAMES = st.text(alphabet="阳光幸福花园小区一二期A（）12 红山", max_size=9)


@settings(max_examples=60, deadline=None)
@given(wanted=st.lists(NAMES, max_size=12), known=st.lists(NAMES, max_size=12))
def test_every_name_is_matched_doubtful_or_unmatched(wanted: list[str], known: list[str]) -> None:
    found = match(
        pd.DataFrame({"name": pd.array(wanted, dtype="str")}),
        pd.DataFrame({"id": [f"k{n}" for n in range(len(known))],
                      "name": pd.array(known, dtype="str")}),
    )  # fmt: skip
    counts = [found.count(status) for status in ("matched", "doubtful", "unmatched")]
    assert sum(counts) == len(wanted) == len(found.table)
    assert {*found.pairs["wanted"]} == {*found.table.index[found.table["status"].eq("matched")]}
    doubtful = {*found.table.index[found.table["status"].eq("doubtful")]}
    assert doubtful <= {*found.candidates["wanted"]}
    assert found.candidates["score"].between(0, 100).all()


@settings(max_examples=30, deadline=None)
@given(known=st.permutations(["阳光小区", "阳光花园", "幸福一期", "幸福二期", "红旗", "红旗"]))
def test_the_order_of_the_list_changes_nothing(known: list[str]) -> None:
    asked = ["阳光", "阳光小区", "幸福小区", "红旗小区", "幸福小区1期", "阳光话园"]
    found = match_names(asked, known, read=parsed)
    named = {(w, known[k]) for w, k in meant(found)}
    assert named == {(1, "阳光小区"), (4, "幸福一期")}
    assert [reason for _, _, reason in outcome(found)] == [
        "short", "", "phase", "several", "", "tie",
    ]  # fmt: skip


def test_inputs_are_left_as_they_were() -> None:
    wanted = gpd.GeoDataFrame({"name": ["阳光小区"]}, geometry=[shapely.Point(0, 0)], crs=4549)
    known = pd.DataFrame({"id": ["r1"], "name": ["阳光小区"]})
    before = wanted.copy(), known.copy()
    match(wanted, known)
    pd.testing.assert_frame_equal(pd.DataFrame(wanted), pd.DataFrame(before[0]))
    pd.testing.assert_frame_equal(known, before[1])


@pytest.mark.parametrize("odd", ["\u0000", "（（（", "期", "𠮷祥小区", "a" * 5000])
def test_odd_texts_are_names_too(odd: str) -> None:
    found = match_names([odd], [odd, "阳光小区"], read=parsed)
    assert len(found.table) == 1
