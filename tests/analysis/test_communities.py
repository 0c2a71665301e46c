"""People told by community: put onto the boundary of that id or name, in doubt not at all."""

import geopandas as gpd
import pytest

from analysis.placing.area_names import area_keys, street_stems
from analysis.placing.communities import Named, onto_boundaries

from .toy_study import Row, area, box, layer, spot

EAST_STREET, WEST_STREET = box(0, 0, 1000, 1000), box(-1000, 0, 0, 1000)
EAST_HOME, WEST_HOME, EAST_OTHER = (
    box(0, 0, 100, 100), box(-100, 0, 0, 100), box(500, 500, 600, 600),
)  # fmt: skip
BOUNDARIES = layer(
    area("s1", "street", EAST_STREET) | {"name": "东城街道"},
    area("s2", "street", WEST_STREET) | {"name": "西城街道"},
    area("c1", "community", EAST_HOME) | {"name": "长青社区"},
    area("c2", "community", WEST_HOME) | {"name": "长青社区"},
    area("c3", "community", EAST_OTHER) | {"name": "永安社区"},
    area("c4", "community", box(600, 600, 700, 700)) | {"name": "东城街道"},
)


def told(**cells: object) -> Row:
    return {"id": "p1", "population": 100.0, "geometry": None, **cells}


def placed(*rows: Row, boundaries: gpd.GeoDataFrame = BOUNDARIES) -> Named:
    return onto_boundaries(layer(*rows), boundaries, file="人口.csv")


def severities(named: Named) -> list[str]:
    return [finding.severity for finding in named.findings]


def test_people_stand_on_the_area_of_their_name() -> None:
    named = placed(told(name="永安社区"))
    assert named.people.geometry.iloc[0].equals(EAST_OTHER)
    assert named.people["population"].sum() == 100
    (count,) = named.findings
    assert (count.severity, "1 行" in str(count.message)) == ("info", True)


@pytest.mark.parametrize(
    "name", ["永安社区居委会", "永安社区居民委员会", " 永安 社区", "永安居委会"]
)
def test_a_committee_is_called_as_its_place(name: str) -> None:
    assert placed(told(name=name)).people.geometry.iloc[0].equals(EAST_OTHER)


def test_the_finest_level_is_meant() -> None:
    # A community bears the name of the street it lies in.
    assert placed(told(name="东城街道")).people.geometry.iloc[0].area == 100 * 100
    without = BOUNDARIES[BOUNDARIES["id"] != "c4"]
    assert placed(told(name="东城街道"), boundaries=without).people.geometry.iloc[0].equals(
        EAST_STREET
    )


def test_a_row_without_a_name_is_its_street() -> None:
    assert placed(told(name=None, street="西城街道办事处")).people.geometry.iloc[0].equals(
        WEST_STREET
    )


def test_namesakes_in_two_streets_are_in_doubt() -> None:
    named = placed(told(name="长青社区"), told(id="p2", name="永安社区"))
    assert named.people.geometry.isna().tolist() == [True, False]
    doubt = named.findings[1]
    assert (doubt.severity, doubt.row, doubt.value) == ("warning", 2, "长青社区")
    assert "2 个同名" in str(doubt.message)


@pytest.mark.parametrize(
    ("street", "shape"), [("东城街道", EAST_HOME), ("西城", WEST_HOME), ("西城街道", WEST_HOME)]
)
def test_the_street_settles_namesakes(street: str, shape: object) -> None:
    assert placed(told(name="长青社区", street=street)).people.geometry.iloc[0].equals(shape)


@pytest.mark.parametrize("parent", ["s2", "西城街道", "西城街道办事处"])
def test_a_parent_settles_namesakes_where_no_street_is_drawn(parent: str) -> None:
    # Without street outlines only what the boundaries say of their parents is known.
    boundaries = layer(
        area("c1", "community", EAST_HOME) | {"name": "长青社区", "parent": "东城街道"},
        area("c2", "community", WEST_HOME) | {"name": "长青社区", "parent": parent},
        area("s2", "street", box(5000, 5000, 5001, 5001)) | {"name": "西城街道"},
    )
    named = placed(told(name="长青社区", street="西城"), boundaries=boundaries)
    assert named.people.geometry.iloc[0].equals(WEST_HOME)


def test_a_county_as_parent_says_nothing_of_the_street() -> None:
    boundaries = layer(
        area("c3", "community", EAST_OTHER) | {"name": "永安社区", "parent": "红山区"}
    )
    named = placed(told(name="永安社区", street="东城街道"), boundaries=boundaries)
    assert named.people.geometry.iloc[0].equals(EAST_OTHER)


def test_an_area_in_another_street_is_not_taken() -> None:
    named = placed(told(name="永安社区", street="西城街道"))
    assert named.people.geometry.isna().all()
    assert any("不在所写的街道" in str(finding.message) for finding in named.findings)


def test_an_id_stands_before_a_name_unless_they_differ() -> None:
    assert placed(told(id="c2", name="长青社区")).people.geometry.iloc[0].equals(WEST_HOME)
    assert placed(told(id="c3")).people.geometry.iloc[0].equals(EAST_OTHER)
    # Numbered from one in both files: the name is right.
    assert placed(told(id="c1", name="永安社区")).people.geometry.iloc[0].equals(EAST_OTHER)


def test_nobody_found_is_an_error_and_everybody_stays() -> None:
    named = placed(told(name="甲社区"), told(id="p2", name="乙社区"))
    assert named.people["population"].tolist() == [100, 100]
    assert named.people.geometry.isna().all()
    assert severities(named) == ["error", "warning", "warning"]
    assert [finding.row for finding in named.findings] == [None, 2, 3]


def test_many_not_found_are_counted() -> None:
    named = placed(*(told(id=f"p{n}", name=f"无名{n}") for n in range(60)))
    assert severities(named) == ["error", "warning"]
    assert "60 行" in str(named.findings[1].message)


def test_two_rows_of_one_area_are_told() -> None:
    named = placed(told(name="永安社区"), told(id="p2", name="永安社区居委会"))
    assert named.people.geometry.notna().all()
    (again,) = [finding for finding in named.findings if finding.severity == "warning"]
    assert (again.row, "第 2 行" in str(again.message)) == (3, True)


def test_a_street_beside_its_communities_is_told() -> None:
    without = BOUNDARIES[BOUNDARIES["id"] != "c4"]
    names = ("东城街道", "永安社区", "西城街道")
    rows = [told(id=f"p{n}", name=name) for n, name in enumerate(names)]
    named = placed(*rows, boundaries=without)
    (sum_,) = [finding for finding in named.findings if finding.severity == "warning"]
    assert (sum_.row, "1 个社区" in str(sum_.message)) == (2, True)


@pytest.mark.parametrize(
    "boundaries",
    [
        pytest.param(BOUNDARIES.iloc[:0], id="none"),
        pytest.param(BOUNDARIES.assign(geometry=None).set_crs(BOUNDARIES.crs), id="no outlines"),
        pytest.param(BOUNDARIES.assign(name=None), id="no names"),
        pytest.param(BOUNDARIES.drop(columns="level"), id="no levels"),
    ],
)
def test_boundaries_of_little_use_place_nobody_by_mistake(boundaries: gpd.GeoDataFrame) -> None:
    named = placed(told(name="长青社区"), told(id="p2", name=None), boundaries=boundaries)
    assert named.people.geometry.isna().all()
    assert named.people["population"].sum() == 200


def test_people_without_a_name_or_a_street_are_told() -> None:
    named = placed({"id": "p1", "population": 9.0, "geometry": None})
    assert named.people.geometry.isna().all()
    assert severities(named) == ["error", "warning"]


def test_residents_and_registered_of_one_area_are_no_repetition() -> None:
    named = placed(
        told(name="永安社区", basis="resident"), told(id="p2", name="永安社区", basis="registered")
    )
    assert severities(named) == ["info"]


def test_people_with_a_place_stay_where_they_are() -> None:
    here = spot(5, 5)
    named = placed(told(name="永安社区", geometry=here), told(id="p2", name="长青社区"))
    assert named.people.geometry.iloc[0].equals(here)


def test_names_as_they_are_compared() -> None:
    names = ["东风村民委员会", "东风村村委会", "巴彦嘎查委员会", "东城街道办事处", "长青社区"]
    keys = ["东风村", "东风村", "巴彦嘎查", "东城街道", "长青社区"]
    frame = layer(*({"id": str(n), "name": name, "geometry": None} for n, name in enumerate(names)))
    assert area_keys(frame, "name").tolist() == keys
    assert street_stems(frame, "name").tolist() == [*keys[:3], "东城", "长青社区"]
