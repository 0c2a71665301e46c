"""Adequacy: two-step floating catchments by hand, by a dense table, and by PySAL."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from access.fca import two_stage_fca
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis.coverage.adequacy import Adequacy, adequacy
from analysis.coverage.floating_catchment import (
    ENHANCED,
    PLAIN,
    Decay,
    floating_catchments,
    walks_by_batch,
)
from analysis.evaluation import Evaluation, evaluate
from analysis.scenario import Scenario, apply
from analysis.study import Study
from geo.position.coordinates import WGS84
from geo.walks.travel import WalkTable
from tests.conftest import METRIC

from .toy_study import Row, area, box, estate, facility, people, spot, toy_study

# At 0.9 m/s the bands of 5, 10 and 15 minutes end at 270, 540 and 810 m.
#          x of      p1 100     p2 600     p3 D, 400 north of 300
# f1 at A    0       100 1.00   600 0.22   700 0.22
# f2 at E  900       800 0.22   300 0.68   1,000 beyond
CARE = [
    facility("f1", spot(0, 0), floor_area_m2=100.0, beds=10.0, residents_now=11.0),
    facility("f2", spot(900, 0), floor_area_m2=60.0, beds=None, residents_now=None),
]
CROWD = [
    people("p1", spot(100, 0), 40, 20), people("p2", spot(600, 0), 40, 10),
    people("p3", spot(300, 400), 40, 30),
]  # fmt: skip
AREAS = [
    area("west", "street", box(-10, -10, 200, 10)),
    area("north", "street", box(200, 100, 400, 500)),
]


def found(study: Study, decay: Decay = ENHANCED) -> tuple[Adequacy, Evaluation]:
    evaluation = evaluate(study, draw="when asked")
    result = adequacy(study, evaluation.reach, evaluation.located, evaluation.coverage, decay=decay)
    return result, evaluation


def of(table: pd.DataFrame, key: str, column: str) -> list[object]:
    return table.set_index(key)[column].tolist()


# --- by hand -------------------------------------------------------------------------------------


def test_plain_catchments_by_hand(tmp_path: Path) -> None:
    result, _ = found(toy_study(tmp_path, facilities=CARE, population=CROWD), PLAIN)
    # f1 serves 20 + 10 + 30, f2 serves 20 + 10.
    assert of(result.facilities, "facility_id", "elders_in_reach") == [60, 30]
    assert of(result.facilities, "facility_id", "load") == [60, 30]
    one, two = 100 / 60, 60 / 30
    assert of(result.facilities, "facility_id", "m2_per_elder") == pytest.approx([one, two])
    assert of(result.homes, "home_id", "m2_per_elder") == pytest.approx([one + two, one + two, one])
    # All 160 m² are passed on, to 60 elders.
    assert result.areas.loc[0, "m2_per_elder"] == pytest.approx(160 / 60)


def test_enhanced_catchments_by_hand(tmp_path: Path) -> None:
    study = toy_study(tmp_path, facilities=CARE, population=CROWD, boundaries=AREAS)
    result, _ = found(study)
    load = [20 + 0.22 * 10 + 0.22 * 30, 0.22 * 20 + 0.68 * 10]
    assert of(result.facilities, "facility_id", "load") == pytest.approx(load)
    assert of(result.facilities, "facility_id", "elders_in_reach") == [60, 30]
    one, two = 100 / load[0], 60 / load[1]
    has = [one + 0.22 * two, 0.22 * one + 0.68 * two, 0.22 * one]
    assert of(result.homes, "home_id", "m2_per_elder") == pytest.approx(has)
    areas = result.areas.set_index("area_id")
    assert areas.loc["ALL", "m2_per_elder"] == pytest.approx(160 / 60)
    assert areas.loc["west", "m2_per_elder"] == pytest.approx(has[0])
    assert areas.loc["north", "m2_per_elder"] == pytest.approx(has[2])
    assert areas.loc["OUTSIDE", "m2_per_elder"] == pytest.approx(has[1])
    assert areas["elderly_60plus"].tolist() == [60, 20, 30, 10]
    # The sixth of sixty has what p3 has, the fifty-fourth what p1 has.
    assert areas.loc["ALL", "m2_per_elder_p10"] == pytest.approx(has[2])
    assert areas.loc["ALL", "m2_per_elder_p90"] == pytest.approx(has[0])


def test_bands_include_their_end_and_the_limit_is_the_studys(tmp_path: Path) -> None:
    at = [people(f"p{x}", spot(x, 0), 9, 9) for x in (270, 271, 540, 541, 810, 811)]
    care = [facility("f1", spot(0, 0), floor_area_m2=1.0)]
    result, evaluation = found(toy_study(tmp_path, facilities=care, population=at))
    weights = [1, 0.68, 0.68, 0.22, 0.22, 0]
    load = 9 * sum(weights)
    assert result.facilities.loc[0, "load"] == pytest.approx(load)
    assert result.homes["m2_per_elder"].tolist() == pytest.approx([w / load for w in weights])
    assert result.areas.loc[0, "without_60plus"] == 9
    shorter = evaluation.study.with_walking(limit_min=10)
    assert found(shorter)[0].areas.loc[0, "without_60plus"] == 9 * 3


def test_an_estates_elders_stand_at_its_cells(tmp_path: Path) -> None:
    # Four cells of 125, 150, 150 and 175 m; 2.5 minutes are 135 m: five of its twenty elders.
    study = toy_study(
        tmp_path, walking={"limit_min": 2.5},
        facilities=[facility("f1", spot(0, 0), floor_area_m2=50.0)],
        residential=[{**estate("r1", box(101, 1, 149, 49)), "elderly_60plus": 20.0}],
    )  # fmt: skip
    result, _ = found(study, PLAIN)
    assert result.facilities.loc[0, "load"] == 5
    row = result.areas.loc[0]
    assert (row["elderly_60plus"], row["without_60plus"]) == (20, 15)
    assert row["m2_per_elder"] == pytest.approx(2.5)  # 10 m² for five, nothing for fifteen
    assert (row["m2_per_elder_p10"], row["m2_per_elder_p90"]) == (0, 10)
    assert result.homes["m2_per_elder"].tolist() == [2.5]


def test_the_method_is_told_with_its_weights_bands_and_source(tmp_path: Path) -> None:
    summary = found(toy_study(tmp_path, facilities=CARE, population=CROWD))[0].summary
    assert (summary["method"], summary["weights"]) == ("E2SFCA", [1.0, 0.68, 0.22])
    assert summary["bands_min"] == [5, 10, 15]
    assert "Luo & Qi (2009)" in summary["source"]


def test_a_scenario_is_walked_as_it_is_altered(tmp_path: Path) -> None:
    # A way from A straight to D: 500 m in place of 700 m, so 0.68 in place of 0.22; and 50 m²
    # more at D.
    ends = gpd.GeoSeries([spot(0, 0), spot(300, 400)], crs=METRIC).to_crs(WGS84)
    start, end = ((point.x, point.y) for point in ends)
    more = {"name": "new", "category": "day_care", "lon": end[0], "lat": end[1]}
    study = toy_study(tmp_path, facilities=CARE[:1], population=CROWD)
    linked = Scenario.model_validate({"link": [{"from": start, "to": end}]})
    result, _ = found(apply(linked, study))
    assert result.facilities["load"].tolist() == pytest.approx([20 + 2.2 + 0.68 * 30])
    opened = Scenario.model_validate({"open": [{**more, "floor_area_m2": 50.0}]})
    result, _ = found(apply(opened, study), PLAIN)
    # D serves p3, p1 (600 m) and p2 (700 m): 50 m² for 60.
    assert sorted(result.facilities["m2_per_elder"]) == pytest.approx([50 / 60, 100 / 60])
    assert result.homes["m2_per_elder"].tolist() == pytest.approx([150 / 60] * 3)


# --- unknown is not zero -------------------------------------------------------------------------


def test_a_facility_without_floor_area_is_left_out_and_counted(tmp_path: Path) -> None:
    care = [CARE[0], facility("f2", spot(900, 0), floor_area_m2=None)]
    crowd = [*CROWD, people("p4", spot(900, 0), 40, 8)]  # reaches f2 alone: A is 900 m off
    result, _ = found(toy_study(tmp_path, facilities=care, population=crowd), PLAIN)
    each = result.facilities["m2_per_elder"].tolist()
    assert each == pytest.approx([100 / 60, np.nan], nan_ok=True)
    assert result.facilities["load"].tolist() == [60, 38]
    assert result.homes["m2_per_elder"].tolist() == pytest.approx(
        [100 / 60] * 3 + [np.nan], nan_ok=True
    )
    row = result.areas.loc[0]
    assert row["m2_unknown_60plus"] == 8
    assert row["m2_per_elder"] == pytest.approx(100 / 60)  # over the 60 for whom it is known
    assert result.summary["facilities_without_floor_area"] == 1
    assert any("没有建筑面积" in str(finding.message) for finding in result.findings)


def test_people_with_nothing_in_reach_have_nothing_but_unknown_beds_stay_unknown(
    tmp_path: Path,
) -> None:
    crowd = [people("p1", spot(100, 0), 9, 9), people("p2", spot(900, 0), 9, 1)]
    result, _ = found(toy_study(tmp_path, facilities=[CARE[0]], population=crowd))
    assert result.homes["m2_per_elder"].tolist() == pytest.approx([100 / 9, 0])
    assert result.homes["beds_per_1000"].tolist() == pytest.approx([10_000 / 9, 0])
    bare = [facility("f1", spot(0, 0), floor_area_m2=5.0)]
    result, _ = found(toy_study(tmp_path, facilities=bare, population=crowd))
    assert np.isnan(result.areas.loc[0, "beds_per_1000"])
    assert result.areas.loc[0, "beds_unknown_60plus"] == 10


def test_without_facilities_everybody_has_nothing_and_without_elders_nothing_is_told(
    tmp_path: Path,
) -> None:
    result, _ = found(toy_study(tmp_path, population=CROWD))
    assert result.areas.loc[0, "m2_per_elder"] == 0
    assert result.areas.loc[0, "without_60plus"] == 60
    assert result.facilities.empty
    untold = [{"id": "p1", "population": 9.0, "geometry": spot(0, 0)}]
    result, _ = found(toy_study(tmp_path, facilities=CARE, population=untold))
    assert result.facilities["load"].isna().all()
    assert result.areas.loc[0, ["elderly_60plus", "without_60plus"]].isna().all()
    assert np.isnan(result.areas.loc[0, "m2_per_elder"])
    result, _ = found(toy_study(tmp_path, facilities=CARE))
    assert result.facilities["load"].isna().all()


# --- overloaded ----------------------------------------------------------------------------------


def test_overloaded_facilities_have_under_half_of_the_median_or_more_residents_than_beds(
    tmp_path: Path,
) -> None:
    # Each alone with ten elders: 10, 4.9, 20, 5 and ? m² for each; the median of four is 7.5,
    # half of it 3.75. Then one with 3.7 m².
    def care(areas: Sequence[float | None]) -> list[Row]:
        return [
            facility(f"f{n}", spot(n * 150, 0), floor_area_m2=None if m2 is None else m2 * 10,
                     beds=30.0 if n == 1 else None, residents_now=31.0 if n == 1 else None)
            for n, m2 in enumerate(areas)
        ]  # fmt: skip

    crowd = [people(f"p{n}", spot(n * 150, 0), 20, 10) for n in range(5)]

    def flags(areas: Sequence[float | None], column: str) -> list[object]:
        study = toy_study(
            tmp_path, walking={"limit_min": 1}, facilities=care(areas), population=crowd
        )
        table = found(study, PLAIN)[0].facilities
        return [None if pd.isna(flag) else bool(flag) for flag in table[column]]

    assert flags([10, 4.9, 20, 5, None], "crowded") == [False, False, False, False, None]
    assert flags([10, 4.9, 20, 5, None], "full") == [None, True, None, None, None]
    assert flags([10, 4.9, 20, 5, None], "overloaded") == [False, True, False, False, None]
    assert flags([10, 3.7, 20, 5, None], "crowded") == [False, True, False, False, None]
    # Exactly half is not below it: 2, 4, 4 have the median 4.
    assert flags([2, 4, 4, None, None], "crowded") == [False, False, False, None, None]
    assert flags([1.9, 4, 4, None, None], "crowded") == [True, False, False, None, None]


# --- other ways to the same figures --------------------------------------------------------------

Places = list[tuple[float, int]]
ALONG = st.tuples(st.integers(0, 900), st.integers(0, 50))


def on_one_street(homes: Places, care: Places) -> dict[str, list[Row]]:
    """Return people and facilities along A-E, where a walk is the difference of their places."""
    return {
        "population": [people(f"p{n:02}", spot(x, 0), 99, who) for n, (x, who) in enumerate(homes)],
        "facilities": [
            facility(f"f{n:02}", spot(x, 0), floor_area_m2=float(m2), beds=1.0)
            for n, (x, m2) in enumerate(care)
        ],
    }


def dense(homes: Places, care: Places, decay: Decay) -> np.ndarray:
    """Return the access of each home over the full table of all walks."""
    place, who = np.array(homes, dtype=float).T
    stand, m2 = np.array(care, dtype=float).T
    walk = np.abs(place[:, None] - stand[None, :])
    weight = np.zeros(walk.shape)
    for part in range(len(decay.weights), 0, -1):
        weight[walk <= 810 * part / len(decay.weights)] = decay.weights[part - 1]
    served = weight.T @ who
    each = np.divide(m2, served, out=np.zeros(len(m2)), where=served > 0)
    return weight @ each


@pytest.mark.parametrize("decay", [PLAIN, ENHANCED, Decay("own", (0.9, 0.1), "")])
@settings(max_examples=15, deadline=None)
@given(homes=st.lists(ALONG, min_size=1, max_size=12), care=st.lists(ALONG, min_size=1, max_size=6))
def test_the_sums_equal_a_dense_table_and_keep_the_supply(
    tmp_path_factory: pytest.TempPathFactory, homes: Places, care: Places, decay: Decay
) -> None:
    study = toy_study(tmp_path_factory.mktemp("toy"), **on_one_street(homes, care))
    result, _ = found(study, decay)
    # A home of nobody takes part in nothing, but would have as much as its neighbours.
    assert result.homes["m2_per_elder"].tolist() == pytest.approx(
        dense(homes, care, decay).tolist(), abs=1e-9
    )
    elders = np.array([who for _, who in homes])
    served = result.facilities["load"] > 0
    total = float(result.facilities.loc[served, "floor_area_m2"].sum())
    assert float(elders @ result.homes["m2_per_elder"].to_numpy()) == pytest.approx(total, abs=1e-6)


@pytest.mark.parametrize("decay", [PLAIN, ENHANCED])
def test_pysal_finds_the_same(tmp_path: Path, decay: Decay) -> None:
    numbers = np.random.default_rng(20251126)
    homes = [(int(x), int(n)) for x, n in numbers.integers((0, 1), (901, 60), (40, 2))]
    care = [(int(x), int(m2)) for x, m2 in numbers.integers((0, 50), (901, 900), (9, 2))]
    result, evaluation = found(toy_study(tmp_path, **on_one_street(homes, care)), decay)
    [table] = walks_by_batch(evaluation.reach, limit_mm=810_000)
    cost = pd.DataFrame(
        {"origin": table.place, "dest": table.facility, "cost": table.walk_mm / 1000}
    )
    edges = [810 * part / len(decay.weights) for part in range(1, len(decay.weights) + 1)]
    expected = two_stage_fca(
        pd.DataFrame({"geoid": range(40), "demand": [n for _, n in homes]}),
        pd.DataFrame({"supply": [float(m2) for _, m2 in care]}, index=pd.RangeIndex(9)),
        cost, max_cost=810,
        weight_fn=lambda walk: decay.weights[int(np.searchsorted(edges, walk))],
    )  # fmt: skip
    assert result.homes["m2_per_elder"].tolist() == pytest.approx(expected.sort_index().tolist())


TABLE = st.lists(st.lists(st.integers(0, 900_000), min_size=5, max_size=5), min_size=1, max_size=7)


@settings(deadline=None)
@given(
    walks=TABLE, elders=st.lists(st.floats(0, 100), min_size=5, max_size=5),
    area_m2=st.lists(st.none() | st.floats(0, 1000), min_size=7, max_size=7),
    batch=st.integers(1, 7),
)  # fmt: skip
def test_batches_change_nothing_and_known_supply_is_kept(
    walks: list[list[int]], elders: list[float], area_m2: list[float | None], batch: int
) -> None:
    supply = np.array(area_m2[: len(walks)], dtype=float)[:, None]
    demand = np.array(elders)
    edges = ENHANCED.edges_mm(15, speed_m_per_s=0.9)
    parts = [walks[first : first + batch] for first in range(0, len(walks), batch)]
    tables = [as_table(part) for part in parts]
    whole = floating_catchments([as_table(walks)], demand, supply, edges_mm=edges, decay=ENHANCED)
    pieces = floating_catchments(tables, demand, supply, edges_mm=edges, decay=ENHANCED)
    np.testing.assert_allclose(pieces.access, whole.access)
    np.testing.assert_allclose(pieces.load, whole.load)
    given_out = float(demand @ np.nan_to_num(whole.access[:, 0]))
    assert given_out == pytest.approx(np.nansum(supply[whole.load > 0, 0]), abs=1e-6)


def as_table(walks: list[list[int]]) -> WalkTable:
    """Return the walks of at most 810 m as the sparse table."""
    full = np.array(walks, dtype=np.int64)
    near = full <= 810_000
    facility_of, place = np.nonzero(near)
    start = np.concatenate([[0], np.cumsum(np.bincount(facility_of, minlength=len(walks)))])
    return WalkTable(start, place, np.zeros(len(place), dtype=np.int64), full[near], 5)


def test_weights_must_be_above_nothing() -> None:
    with pytest.raises(ValueError, match="above 0"):
        Decay("none", (1.0, 0.0), "")


# --- the bundled study ---------------------------------------------------------------------------


def test_who_has_nothing_is_who_is_not_covered(bundled: Evaluation) -> None:
    result = adequacy(bundled.study, bundled.reach, bundled.located, bundled.coverage)
    areas, coverage = result.areas, bundled.coverage
    assert areas["area_id"].tolist() == coverage["area_id"].tolist()
    assert areas["level"].tolist() == coverage["level"].tolist()
    for level in ("county", "street", "community"):
        rows = areas[areas["level"] == level]
        for column in ("elderly_60plus", "without_60plus", "beds_unknown_60plus"):
            assert rows[column].sum() == areas.loc[0, column], (level, column)
    # Independently: what the homes' shares leave.
    homes = bundled.homes
    left = float(((1 - homes["share"]) * homes["elderly_60plus"]).sum())
    assert areas.loc[0, "without_60plus"] == pytest.approx(left, abs=1)
    nothing = result.homes["m2_per_elder"].eq(0).to_numpy()
    assert (nothing == homes["share"].eq(0).to_numpy()).all()


@pytest.mark.parametrize("decay", [PLAIN, ENHANCED])
def test_all_floor_area_and_beds_are_passed_on(bundled: Evaluation, decay: Decay) -> None:
    result = adequacy(bundled.study, bundled.reach, bundled.located, bundled.coverage, decay=decay)
    care, elders = result.facilities, bundled.homes["elderly_60plus"]
    served = care["load"] > 0
    given_out = float((result.homes["m2_per_elder"] * elders).sum())
    assert given_out == pytest.approx(care.loc[served, "floor_area_m2"].sum(), rel=1e-9)
    # Beds go to those for whom they are known; those left out are printed as whole people.
    row = result.areas.loc[0]
    known = float(elders.sum()) - row["beds_unknown_60plus"]
    beds = care.loc[served, "beds"].sum()
    assert row["beds_per_1000"] * known / 1000 == pytest.approx(beds, rel=1e-5)


def test_the_order_of_rows_changes_nothing(bundled: Evaluation) -> None:
    study = bundled.study
    layers = {name: frame.iloc[::-1].reset_index(drop=True) for name, frame in study.layers.items()}
    turned = Study(
        study.description, study.path, study.crs, layers, study.network, inputs=study.inputs
    )
    here = adequacy(study, bundled.reach, bundled.located, bundled.coverage)
    there, _ = found(turned)
    for name, key in (("areas", ["level", "area_id"]), ("facilities", ["facility_id"])):
        one, two = (
            getattr(result, name).sort_values(key).reset_index(drop=True)
            for result in (here, there)
        )
        assert_frame_equal(one, two)
