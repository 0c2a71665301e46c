"""People told by communities that the boundaries call otherwise."""

import geopandas as gpd
import pytest

from analysis.matching.answering import PEOPLE, answer_of
from analysis.matching.kept import Confirmed
from analysis.placing.communities import Named, onto_boundaries
from geo.files.several_files import FILE

from .toy_study import Row, area, box, layer

EAST, WEST = box(0, 0, 100, 100), box(-100, 0, 0, 100)
BOUNDARIES = layer(
    area("s1", "street", box(0, 0, 1000, 1000)) | {"name": "东城街道"},
    area("s2", "street", box(-1000, 0, 0, 1000)) | {"name": "西城街道"},
    area("c1", "community", EAST) | {"name": "东城街道第1社区(模拟)"},
    area("c2", "community", WEST) | {"name": "西城街道第1社区(模拟)"},
    area("c3", "community", box(500, 500, 600, 600)) | {"name": "东城街道第2社区(模拟)"},
)


def told(id_: str, name: str | None, **cells: object) -> Row:
    return {"id": id_, "population": 100.0, "geometry": None, "name": name, **cells}


def placed(*rows: Row, kept: tuple[Confirmed, ...] = ()) -> Named:
    return onto_boundaries(layer(*rows), BOUNDARIES, file="人口.csv", kept=kept)


def stands(named: Named) -> list[str | None]:
    """Return the id of the area on which each row stands."""
    column = named.people.get("on_area")
    if column is None:
        return [None] * len(named.people)
    return column.astype(object).where(column.notna(), None).tolist()


def said(asked: str, to_id: str = "", *, decision: str = "same", **more: object) -> Confirmed:
    names = dict(zip(BOUNDARIES["id"], BOUNDARIES["name"], strict=True)) | {"": ""}
    return Confirmed.model_validate(
        {
            "layer": "population", "column": "name", "asked": asked, "to_id": to_id,
            "to_name": names[to_id], "decision": decision, **more,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "street", "id_"),
    [
        ("第1社区", "东城街道", "c1"),
        ("第1社区居委会", "西城", "c2"),
        ("西城街道第1社区", None, "c2"),
        ("东城街道办事处第2社区（筹）", None, "c3"),
    ],
)
def test_the_street_says_which_namesake_is_meant(name: str, street: str, id_: str) -> None:
    named = placed(told("p1", name, street=street))
    assert stands(named) == [id_]
    respelled = [str(f.message) for f in named.findings if f.value == name]
    assert len(respelled) == 1
    assert respelled[0].startswith(f"“{name}”认作")


def test_a_name_that_fits_nothing_is_told_with_what_it_resembles_in_its_street() -> None:
    other = told("p2", "第1社区", street="西城")
    named = placed(told("p1", "东城新社区", street="东城街道"), other)
    assert stands(named) == [None, "c2"]
    (line,) = [f for f in named.findings if f.severity == "warning"]
    assert line.row == 2
    assert "东城街道第1社区" in str(line.message)
    assert "东城街道第2社区" in str(line.message)
    assert "西城街道" not in str(line.message)
    assert "“东城街道”" not in str(line.message)


def test_what_a_person_confirmed_places_the_people_of_that_street() -> None:
    rows = [told("p1", "新社区", street="东城街道"), told("p2", "新社区", street="西城街道")]
    named = placed(*rows, kept=(said("新社区", "c3", street="东城街道"),))
    assert stands(named) == ["c3", None]
    assert named.people.geometry.iloc[0].equals(BOUNDARIES.geometry.iloc[4])
    assert named.people["population"].sum() == 200


def test_what_a_person_denied_is_not_asked_and_not_doubted_again() -> None:
    row = told("p1", "新社区", street="东城街道")
    none = said("新社区", decision="none", street="东城街道")
    named = placed(row, kept=(none,))
    assert stands(named) == [None]
    assert "已确认不在边界图层中" in str(named.findings[-1].message)
    assert {f.severity for f in named.findings if f.value == "新社区"} == {"info"}
    # A person goes before an exact name.
    exact = told("p1", "东城街道第2社区(模拟)")
    other = placed(exact, kept=(said("东城街道第2社区(模拟)", "c1"),))
    assert stands(other) == ["c1"]


def test_a_street_told_once_above_its_communities_is_guessed_and_asked_about() -> None:
    rows = [
        told("p1", "第2社区", street="东城街道"), told("p2", "第1社区"),
        told("p3", "第1社区", street="西城街道"),
    ]  # fmt: skip
    named = placed(*rows)
    assert stands(named) == ["c3", None, "c2"]
    layers = {"population": named.people, "boundaries": BOUNDARIES}
    answer = answer_of(layers, PEOPLE, kept=(), within_m=0)
    assert answer is not None
    assert answer.asked[["name", "street"]].to_numpy().tolist() == [["第1社区", "东城街道"]]
    assert answer.matches.table["reason"].tolist() == ["street"]
    assert answer.matches.candidates["known"].iloc[0] == 2
    kept = (said("第1社区", "c1", street="东城街道"),)
    assert stands(placed(*rows, kept=kept)) == ["c3", "c1", "c2"]


def test_nothing_is_guessed_where_a_name_speaks_against_it() -> None:
    rows = [
        told("p1", "第2社区", street="东城街道"), told("p2", "西城街道第1社区"),
        told("p3", "第1社区"),
    ]  # fmt: skip
    layers = {"population": layer(*rows), "boundaries": BOUNDARIES}
    answer = answer_of(layers, PEOPLE, kept=(), within_m=0)
    assert answer is not None
    assert [*answer.asked["street"]] == ["东城街道", "", ""]
    assert answer.matches.table["reason"].tolist() == ["", "", "several"]


def test_rows_of_several_files_are_told_with_their_file() -> None:
    rows = [told("p1", "无名甲") | {FILE: "甲.xlsx"}, told("p2", "第1社区") | {FILE: "乙.xlsx"}]
    named = placed(*rows)
    assert [(f.file, f.row) for f in named.findings if f.severity == "warning"] == [
        ("甲.xlsx", 2), ("乙.xlsx", 3),
    ]  # fmt: skip


def test_a_decision_that_fits_no_more_is_told() -> None:
    named = placed(told("p1", "第1社区", street="东城街道"), kept=(said("别处", "c1"),))
    (stale,) = [f for f in named.findings if f.severity == "warning"]
    assert stale.value == "别处"
    assert isinstance(named.people, gpd.GeoDataFrame)
