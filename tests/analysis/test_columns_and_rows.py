"""What is worked out by whole columns, against the same worked out row by row."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coverage.areas import FINEST_FIRST, LEVELS, members, whereabouts
from analysis.coverage.tally import Counted, add_up_by_area, tally
from analysis.people.official import FIGURES, persons_of
from analysis.people.spreading import cell_ids
from analysis.pooling.confirmed import pooled_estates
from analysis.provision.contradictions import in_estates
from analysis.provision.facility_links import link_facilities
from analysis.provision.projects import Phases, project_of, projects
from analysis.provision.rates import unknown_share, verdicts_in_scope
from analysis.provision.reasons import REASONS, join_reasons
from analysis.walking.edges import outermost, within_reach

CRS = "EPSG:4549"
NAN = float("nan")
# Whole tens, so that points fall on edges and corners and areas share them.
TENS = st.integers(-1, 6).map(lambda n: n * 10.0)
SPOT = st.tuples(TENS, TENS)
BOX = st.tuples(TENS, TENS, st.sampled_from([10.0, 20.0, 40.0]), st.sampled_from([10.0, 30.0]))
KNOWN_OR_NOT = st.one_of(st.just(NAN), st.integers(0, 50).map(float))


def squares(boxes: list[tuple[float, float, float, float]]) -> list[shapely.Polygon]:
    return [shapely.box(x, y, x + wide, y + high) for x, y, wide, high in boxes]


def points(spots: list[tuple[float, float]]) -> np.ndarray:
    return np.array([shapely.Point(spot) for spot in spots], dtype=object)


def first(polygons: list[shapely.Polygon], point: shapely.Point) -> int:
    """Return the first polygon that holds a point, -1 for none."""
    return next((k for k, each in enumerate(polygons) if each.intersects(point)), -1)


# --- where places lie ----------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(st.lists(SPOT, max_size=12), st.lists(BOX, max_size=6))
def test_members_one_by_one(
    spots: list[tuple[float, float]], boxes: list[tuple[float, float, float, float]]
) -> None:
    found, polygons = members(points(spots), squares(boxes)), squares(boxes)
    assert found.first.tolist() == [first(polygons, point) for point in points(spots)]
    assert found.hits.tolist() == [
        sum(polygon.intersects(point) for polygon in polygons) for point in points(spots)
    ]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(SPOT, min_size=1, max_size=8),
    st.lists(
        st.tuples(BOX, st.sampled_from(LEVELS), st.sampled_from(["urban", "rural", None])),
        min_size=1, max_size=8,
    ),
)  # fmt: skip
def test_whereabouts_one_by_one(
    spots: list[tuple[float, float]],
    areas: list[tuple[tuple[float, float, float, float], str, str | None]],
) -> None:
    boxes, levels, stated = (list(values) for values in zip(*areas, strict=True))
    polygons = squares(boxes)
    boundaries = gpd.GeoDataFrame(
        {"level": levels, "setting": pd.Series(stated, dtype="str")}, geometry=polygons, crs=CRS
    )
    found = whereabouts(points(spots), boundaries)
    assert set(found.area) == set(levels)
    for k, point in enumerate(points(spots)):
        setting = None
        for level in FINEST_FIRST:
            at = [n for n, each in enumerate(levels) if each == level]
            if at:
                assert found.area[level][k] == first([polygons[n] for n in at], point)
            holding = [stated[n] for n in at if polygons[n].intersects(point) and stated[n]]
            setting = setting or next(iter(holding), None)
        assert found.rural[k] == (setting == "rural")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 2000), st.sampled_from([0.0, 1e-9, 1.0, 300.0]))
def test_the_outermost_points_have_the_same_hull(seed: int, count: int, high: float) -> None:
    xy = np.random.default_rng(seed).normal(size=(count, 2)) * (1000.0, high)
    hulls = [shapely.convex_hull(shapely.multipoints(some)) for some in (outermost(xy), xy)]
    assert hulls[0].normalize() == hulls[1].normalize()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.5, 80))
def test_reach_is_the_distance_itself(seed: int, reach_m: float) -> None:
    rng = np.random.default_rng(seed)
    land = shapely.difference(shapely.box(0, 0, 300, 200), shapely.box(60, 60, 220, 130))
    spots = shapely.points(rng.uniform(-100, 400, (300, 2)))
    expected = [point.distance(land) <= reach_m for point in spots]
    assert within_reach(spots, land, reach_m).tolist() == expected


# --- what places count for -----------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(-1, 2), KNOWN_OR_NOT), max_size=10))
def test_sums_by_area_one_by_one(places: list[tuple[int, float]]) -> None:
    boundaries = gpd.GeoDataFrame(
        {"level": "street"}, index=range(3), crs=CRS,
        geometry=squares([(100.0 * n, 0, 50, 50) for n in range(3)]),
    )  # fmt: skip
    where = whereabouts(points([(100.0 * at + 25, 25) for at, _ in places]), boundaries)
    layer = Counted(where, {"population": np.array([figure for _, figure in places])})
    expected = []
    for area in (0, 1, 2, -1):
        here = [figure for at, figure in places if at == area]
        known = [figure for figure in here if not np.isnan(figure)]
        anybody = any(not np.isnan(figure) for _, figure in places)
        expected.append(sum(known) if anybody and (known or not here) else NAN)
    found = add_up_by_area((layer,), "street", count=3)["population"]
    np.testing.assert_array_equal(found, expected)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(SPOT, st.integers(-1, 1)), min_size=1, max_size=8), st.booleans())
def test_homes_in_estates_lie_where_the_estate_does(
    drawn: list[tuple[tuple[float, float], int]], own_land: bool  # noqa: FBT001 - drawn
) -> None:
    estates = gpd.GeoDataFrame(
        {"share": [1.0, NAN]}, geometry=squares([(0, 0, 20, 30), (20, 0, 20, 30)]), crs=CRS
    )
    land = estates.iloc[::-1] if own_land else estates
    estate = np.array([at for _, at in drawn])
    spots = [spot if at < 0 else (20.0 * at + 10, 15.0) for spot, at in drawn]
    homes = gpd.GeoDataFrame({"share": 0.5}, index=range(len(drawn)), crs=CRS,
                             geometry=[shapely.Point(spot) for spot in spots])  # fmt: skip
    boundaries = gpd.GeoDataFrame(
        {"level": "street"}, index=range(2), geometry=squares([(0, 0, 20, 30), (20, 0, 40, 30)]),
        crs=CRS,
    )  # fmt: skip
    counts = tally(homes, estates, land, boundaries, estate=estate)
    alone = whereabouts(points(spots), boundaries).area["street"]
    assert counts.people.where.area["street"].tolist() == alone.tolist()
    # The second estate's share is unknown.
    assert counts.estates.where.area["street"].tolist() == [0]
    assert counts.land.where.area["street"].tolist() == [0]


@given(st.lists(st.lists(KNOWN_OR_NOT, min_size=4, max_size=4), min_size=1, max_size=6))
def test_persons_are_the_widest_figure_known(rows: list[list[float]]) -> None:
    assert len(FIGURES) == 4
    expected = [next((figure for figure in row if not np.isnan(figure)), NAN) for row in rows]
    np.testing.assert_array_equal(persons_of(np.array(rows)), expected)


@given(st.lists(st.tuples(st.floats(0, 1e7), st.floats(0, 1e7)), max_size=6))
def test_cells_are_named_by_unit_and_metre(spots: list[tuple[float, float]]) -> None:
    x, y = np.array(spots).reshape(-1, 2).T
    units = [f"p{k}" for k in range(len(spots))]
    names = cell_ids(pd.array(units, dtype="str"), x, y)
    assert [*names] == [
        f"{unit}@{at:.0f},{up:.0f}" for unit, at, up in zip(units, x, y, strict=True)
    ]


# --- projects, reasons, rates --------------------------------------------------------------------

ESTATES = st.lists(
    st.fixed_dictionaries(
        {
            "project_id": st.sampled_from([None, "甲", "乙"]),
            "phase": st.sampled_from([None, "一期", "二期"]),
            "kind": st.sampled_from([None, "new", "built"]),
            "households": KNOWN_OR_NOT,
            "conditions_on": st.sampled_from([None, "2015-01-01", "2020-01-01"]),
        }
    ),
    min_size=1, max_size=8,
)  # fmt: skip


def estates(rows: list[dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows).astype({"project_id": "str", "phase": "str", "kind": "str"})
    frame["conditions_on"] = pd.to_datetime(frame["conditions_on"])
    return frame.assign(id=pd.Series([f"r{k}" for k in range(len(rows))], dtype="str"))


@settings(max_examples=40, deadline=None)
@given(ESTATES)
def test_projects_one_by_one(rows: list[dict[str, object]]) -> None:
    frame = estates(rows)
    project = project_of(frame)

    def standing(row: int) -> int:
        name = rows[row]["project_id"]
        if name is None:
            return row
        phases = [k for k, other in enumerate(rows) if other["project_id"] == name]
        return min(phases, key=lambda k: (rows[k]["phase"] or "\U0010ffff", f"r{k}"))

    assert project.tolist() == [standing(row) for row in range(len(rows))]
    on = pd.Timestamp("2025-12-31").date()
    doubts = in_estates(frame, on=on).assign(households_doubtful=False)
    table = projects(frame, project, doubts, on=on, silent_months=24)
    assert table.index.tolist() == sorted({*project})
    for stands, found in table.iterrows():
        phases = [row for row, other in zip(rows, project, strict=True) if other == stands]
        kinds = {row["kind"] for row in phases}
        kind = kinds.pop() if len(kinds) == 1 else None
        assert (None if pd.isna(found["kind"]) else found["kind"]) == kind
        np.testing.assert_equal(found["households"], sum(row["households"] for row in phases))
        dated = [pd.Timestamp(row["conditions_on"]) for row in phases if row["conditions_on"]]
        duty = (min(dated), max(dated)) if dated else (pd.NaT, pd.NaT)
        assert [found["duty_first"], found["duty_last"]] == [*duty] or pd.isna(duty[0])
        assert pd.isna(found["duty_first"]) == (not dated)


@given(st.lists(st.tuples(st.integers(0, 3), KNOWN_OR_NOT, st.booleans()), min_size=1, max_size=9))
def test_phases_one_by_one(rows: list[tuple[int, float, bool]]) -> None:
    project, figure, flag = (pd.Series(list(values)) for values in zip(*rows, strict=True))
    phases = Phases.of(project)
    assert [*phases.stands] == sorted({*project})
    by_hand: list[tuple[float, bool]] = [
        (sum(f for p, f, _ in rows if p == each and not np.isnan(f)),
         any(yes for p, _, yes in rows if p == each))
        for each in phases.stands
    ]  # fmt: skip
    assert [*zip(phases.total(figure), phases.some(flag), strict=True)] == by_hand


@given(st.lists(st.sets(st.sampled_from([*REASONS])), max_size=8))
def test_reasons_are_joined_row_by_row(held: list[set[str]]) -> None:
    flags = pd.DataFrame({code: [code in row for row in held] for code in REASONS}, dtype=bool)
    expected = [";".join(code for code in REASONS if code in row) for row in held]
    assert join_reasons(flags).tolist() == expected
    assert join_reasons(flags).index.equals(flags.index)


@settings(max_examples=60, deadline=None)
@given(ESTATES, st.lists(st.lists(st.sampled_from(["r0", "r1", "r2", "r9"])), max_size=3))
def test_pools_know_every_estate_of_the_projects_they_name(
    rows: list[dict[str, object]], named: list[list[str]]
) -> None:
    frame = estates(rows)
    project = project_of(frame)
    ids = [f"r{k}" for k in range(len(rows))]
    meant = {p for i, p in zip(ids, project, strict=True) if any(i in pool for pool in named)}
    expected = {i: p for i, p in zip(ids, project, strict=True) if p in meant}
    assert pooled_estates(frame, project, [Named(tuple(pool)) for pool in named]) == expected


class Named:
    """A pool of estates."""

    name, facilities, date = "", (), None

    def __init__(self, of: tuple[str, ...]) -> None:
        self.estates = of


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(["r0", "r1", "湖滨", "东园", "无此小区"])), max_size=4),
    st.lists(st.sampled_from(["湖滨", "东园", "西园"]), min_size=1, max_size=4),
)
def test_facilities_name_estates_by_id_or_else_by_name(
    serves: list[list[str]], names: list[str]
) -> None:
    residential = gpd.GeoDataFrame(
        {"id": [f"r{k}" for k in range(len(names))], "name": names, "households": 100.0},
        geometry=[shapely.Point(0, 0)] * len(names), crs=CRS,
    )  # fmt: skip
    facilities = gpd.GeoDataFrame(
        {"name": "站", "serves": pd.Series([";".join(each) or None for each in serves],
                                          dtype="str")},
        geometry=[shapely.Point(9, 9)] * len(serves), crs=CRS,
    )  # fmt: skip
    expected = set()
    for at, each in enumerate(serves):
        for token in each:
            by_id = [k for k in range(len(names)) if token == f"r{k}"]
            by_name = [k for k, name in enumerate(names) if token == name]
            expected |= {(at, k) for k in by_id or by_name}
    project = pd.Series(range(len(names)))
    links = link_facilities(residential, facilities, project=project).shares
    assert {*zip(links["facility"], links["project"], strict=True)} == expected
    each_share = links.groupby("facility")["share"].sum()
    assert np.allclose(each_share, 1)


@given(
    st.lists(
        st.tuples(st.sampled_from(["met", "short", "unknown", ""]), KNOWN_OR_NOT), max_size=8
    )
)
def test_the_unknown_share_row_by_row(rows: list[tuple[str, float]]) -> None:
    table = pd.DataFrame(
        {
            "verdict": pd.Series([verdict for verdict, _ in rows], dtype="str"),
            "households": pd.Series([homes for _, homes in rows], dtype="float64"),
        }
    ).assign(kind="built")
    table["in_scope"] = table["verdict"].ne("")
    scope = [(verdict, homes) for verdict, homes in rows if verdict]
    known = [homes for _, homes in scope if not np.isnan(homes)]
    middle = float(np.median(known)) if known else 1.0
    weighed = [(verdict, middle if np.isnan(homes) else homes) for verdict, homes in scope]
    total = sum(weight for _, weight in weighed)
    unknown = sum(weight for verdict, weight in weighed if verdict == "unknown")
    found = unknown_share(verdicts_in_scope(table))
    assert found == (unknown / total if total else 0.0)
