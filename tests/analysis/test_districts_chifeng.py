"""Beds, tiers and presence of the bundled study, counted a second way: one by one, in plain loops.

The second way asks shapely for each point and each polygon, and knows nothing of the columns.
"""


import geopandas as gpd
import pandas as pd
import pytest

from analysis.districts.beds import bed_table
from analysis.districts.presence import county_table
from analysis.districts.standing import Standing
from analysis.districts.street_centres import street_table
from analysis.districts.tiers import community_tiers
from analysis.evaluation import Evaluation
from analysis.rulebook import Rulebook
from analysis.study import Study
from analysis.walking.placing import counted_facilities

CIRCLE = {"community_station", "day_care", "embedded", "street_centre"}
RURAL = {"community_station", "day_care", "embedded", "mutual_aid"}
HOMES = {"care_home", "welfare_home"}
BEDDED = HOMES | CIRCLE | {"mutual_aid"}


@pytest.fixture(scope="module")
def study(bundled: Evaluation) -> Study:
    return bundled.study


@pytest.fixture(scope="module")
def standing(study: Study) -> Standing:
    return Standing.of(study.layer("facilities"), study.layer("boundaries"))


@pytest.fixture(scope="module")
def operating(study: Study) -> list[pd.Series]:
    return [row for _, row in study.layers["facilities"].iterrows() if row["status"] == "operating"]


def areas(study: Study, level: str) -> gpd.GeoDataFrame:
    boundaries = study.layers["boundaries"]
    return boundaries[boundaries["level"] == level]


def inside(study: Study, level: str, rows: list[pd.Series]) -> dict[str, list[pd.Series]]:
    """Return by area id the facilities whose point lies in it, the first area of several."""
    found: dict[str, list[pd.Series]] = {
        area["id"]: [] for _, area in areas(study, level).iterrows()
    }
    found["OUTSIDE"] = []
    for row in rows:
        hosts = [
            area["id"]
            for _, area in areas(study, level).iterrows()
            if area["geometry"].intersects(row["geometry"])
        ]
        found[hosts[0] if hosts else "OUTSIDE"].append(row)
    return found


def test_communities_served(study: Study, standing: Standing, operating: list[pd.Series]) -> None:
    counted = tuple(counted_facilities(study, [])["id"])
    table = community_tiers(standing, study.layer("residential"), counted=counted)
    estates = {row["id"]: row for _, row in study.layers["residential"].iterrows()}
    ids = {row["name"]: row["id"] for _, row in areas(study, "community").iterrows()}
    circle = [row for row in operating if row["category"] in CIRCLE]
    here = inside(study, "community", circle)
    served = {id_ for id_, rows in here.items() if rows and id_ != "OUTSIDE"}
    for row in circle:
        if isinstance(row["serves"], str):
            served |= {ids[estates[name]["community"]] for name in row["serves"].split(";")}
    assert set(table.loc[table["has_facility"], "area_id"]) == {
        id_ for id_, rows in here.items() if rows and id_ != "OUTSIDE"
    }
    assert set(table.loc[table["served"], "area_id"]) == served
    assert len(served) == 52
    assert int(table["has_facility"].sum()) == 48


def test_complete_chains(study: Study, standing: Standing, operating: list[pd.Series]) -> None:
    counted = tuple(counted_facilities(study, [])["id"])
    table = community_tiers(standing, study.layer("residential"), counted=counted)
    platforms = inside(
        study, "county", [r for r in operating if r["category"] == "county_platform"]
    )
    centres = inside(study, "street", [r for r in operating if r["category"] == "street_centre"])
    stations = inside(study, "community", [r for r in operating if r["category"] in RURAL])
    county_of = {row["id"]: row["parent"] for _, row in areas(study, "street").iterrows()}
    complete = {
        row["id"]
        for _, row in areas(study, "community").iterrows()
        if stations[row["id"]] and centres[row["parent"]] and platforms[county_of[row["parent"]]]
    }
    assert set(table.loc[table["complete"].fillna(value=False), "area_id"]) == complete
    assert len(complete) == 9


def test_streets_with_a_centre(
    study: Study, standing: Standing, operating: list[pd.Series]
) -> None:
    table = street_table(standing, Rulebook.load(["chifeng"]), on=study.on)
    centres = inside(study, "street", [r for r in operating if r["category"] == "street_centre"])
    with_one = {id_ for id_, rows in centres.items() if rows and id_ != "OUTSIDE"}
    assert set(table.loc[table["has_centre"], "area_id"]) == with_one
    assert len(with_one) == 8
    best = table.set_index("area_id")["functions"]
    for id_ in with_one:
        said = [row["functions"] for row in centres[id_]]
        # The simulated ledger knows only these two of the five.
        most = max(sum(word in text for word in ("日间照料", "上门服务")) for text in said)
        assert best[id_] == most


def counted_in(study: Study, level: str, rows: list[pd.Series]) -> dict[str, list[pd.Series]]:
    if level == "study":
        return {"ALL": rows}
    if level != "inside":
        return inside(study, level, rows)
    streets = inside(study, "street", rows)
    return {"INSIDE": [row for id_, own in streets.items() if id_ != "OUTSIDE" for row in own]}


@pytest.mark.parametrize("level", ["study", "inside", "county", "street"])
def test_beds(study: Study, standing: Standing, operating: list[pd.Series], level: str) -> None:
    table = bed_table(standing, Rulebook.load(["chifeng"]), on=study.on, elderly_60plus=1)
    rows = table[table["level"] == level].set_index("area_id")
    found = counted_in(study, level, operating)
    assert set(rows.index) == set(found)
    for id_, facilities in found.items():
        beds = homes = nursing = nursing_homes = affordable = silent = 0.0
        for row in facilities:
            if row["category"] not in BEDDED:
                continue
            if pd.isna(row["beds"]):
                silent += 1
                continue
            beds += row["beds"]
            nursing += row["nursing_beds"]
            if row["category"] in HOMES:
                homes += row["beds"]
                nursing_homes += row["nursing_beds"]
                affordable += row["beds"] if row["price_class"] == "普惠" else 0
        told = rows.loc[id_]
        assert told["facilities_without_beds"] == silent
        if beds or not silent:
            assert told["beds"] == beds
        else:
            assert pd.isna(told["beds"])
        assert told["institution_beds"] == homes
        assert told["institution_nursing_beds"] == nursing_homes
        assert told["affordable_beds"] == affordable
        assert told["nursing_beds"] == nursing or pd.isna(told["nursing_beds"])
    for name in ("institution_beds", "facilities", "affordable_beds"):
        assert rows[name].sum() == table.loc[1 if level == "inside" else 0, name]


def test_the_rates_of_the_study_are_of_what_stands_inside(study: Study, standing: Standing) -> None:
    table = bed_table(standing, Rulebook.load(["chifeng"]), on=study.on, elderly_60plus=152_895)
    rows = table.set_index("area_id")
    assert rows.loc["INSIDE", "beds"] == 1485
    assert rows.loc["ALL", "beds_per_1000_elderly"] == pytest.approx(1485 / 152.895)  # 9.71
    assert rows.loc["ALL", "nursing_share_of_institution_beds"] == pytest.approx(0.448, abs=5e-4)
    assert rows.loc["ALL", "affordable_bed_gap"] == pytest.approx(4349, abs=0.5)


def test_presence(study: Study, standing: Standing, operating: list[pd.Series]) -> None:
    table = county_table(standing).set_index("area_id")
    for kind in ("elder_university", "rehab", "welfare_home"):
        here = inside(study, "county", [row for row in operating if row["category"] == kind])
        assert table[kind].to_dict() == {i: len(r) for i, r in here.items() if i != "OUTSIDE"}
    # Both welfare homes stand outside the outlines, which are drawn of the centre alone.
    assert table["has_welfare_home"].isna().all()
