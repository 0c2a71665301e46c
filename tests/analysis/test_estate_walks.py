"""Walks from estates to every facility in reach, against one search a facility."""

from pathlib import Path

import numpy as np
import pytest

from analysis.pooling.walks import pool_walks
from analysis.study import Study
from analysis.walking import estate_walks as walks_module
from analysis.walking.estate_walks import estate_walks
from analysis.walking.placing import Placed, place_study
from geo.walks.places import Exits
from geo.walks.travel import ANY_LENGTH_MM, FAR, in_minutes, nearest_facility

from .toy_study import Row, box, estate, facility, people, spot, toy_study

STEP_M = 90.0
SIDE = 7

Walks = dict[tuple[int, int], int]


def random_study(folder: Path, seed: int) -> Study:
    """Give streets with gaps, estates of every size, and facilities near and far."""
    rng = np.random.default_rng(seed)
    at = np.arange(SIDE) * STEP_M
    streets = [((x, y), (x + STEP_M, y)) for x in at[:-1] for y in at]
    streets += [((x, y), (x, y + STEP_M)) for x in at for y in at[:-1]]
    kept = rng.random(len(streets)) < 0.75
    here = rng.uniform(-60, SIDE * STEP_M, (40, 2))
    size = rng.uniform(1, 180, (40, 2))
    boxes = [box(x, y, x + w, y + h) for (x, y), (w, h) in zip(here, size, strict=True)]
    shapes = [*boxes[:14], spot(*here[20]), None, box(5000, 0, 5100, 100), *boxes[14:18]]
    care: list[Row] = [
        facility(f"f{n:02d}", spot(*xy), status="operating" if n % 3 else "closed")
        for n, xy in enumerate(here[22:])
    ]
    care += [facility("f90", spot(9000, 0)), facility("f91", None), facility("f92", boxes[0])]
    return toy_study(
        folder,
        streets=tuple(street for street, there in zip(streets, kept, strict=True) if there),
        walking={"component_min_m": 0, "horizon_min": float(rng.uniform(3, 15))},
        facilities=care,
        residential=[estate(f"r{n:02d}", shape) for n, shape in enumerate(shapes)],
        population=[people(f"p{n}", spot(*xy), 10, 3) for n, xy in enumerate(here[:5])],
        pools=[
            {"name": "one", "estates": ["r03", "r00", "r14", "r15"], "facilities": ["f91", "f01"]},
            {"name": "two", "estates": ["r16", "r05"], "facilities": ["f00", "f90", "f92", "f99"]},
        ],
    )


def placed_of(study: Study) -> Placed:
    return place_study(study, study.layers["population"])


def one_by_one(placed: Placed, facilities: Exits, *, limit_mm: int) -> Walks:
    """Search the streets once a facility; take the medians from sorted lists."""
    found: Walks = {}
    for number in range(facilities.count):
        only = facilities.point == number
        alone = Exits(
            np.zeros(only.sum(), dtype=np.int64), facilities.street[only],
            facilities.offset_mm[only], facilities.off_street_mm[only],
            facilities.by_entrance[only], facilities.reason[[number]],
        )  # fmt: skip
        walk = nearest_facility(placed.graph, alone, placed.exits, horizon_mm=limit_mm).walk_mm
        cells = walk[placed.residential]
        owner = placed.place[placed.residential]
        for position in range(len(placed.estates)):
            walks = sorted(cells[owner == position])
            if walks and walks[(len(walks) - 1) // 2] != FAR:
                found[position, number] = int(walks[(len(walks) - 1) // 2])
    return found


def by_pair(placed: Placed, facilities: Exits, *, limit_mm: int, **more: np.ndarray) -> Walks:
    table = estate_walks(placed, facilities, limit_mm=limit_mm, **more)
    in_order = table.sort_values(["facility", "estate"], ignore_index=True)
    assert table.equals(in_order)
    pairs = zip(table["estate"].tolist(), table["facility"].tolist(), strict=True)
    found = dict(zip(pairs, table["walk_mm"].tolist(), strict=True))
    assert len(found) == len(table)
    return found


@pytest.mark.parametrize("seed", range(8))
def test_the_table_is_what_one_search_a_facility_finds(tmp_path: Path, seed: int) -> None:
    study = random_study(tmp_path, seed)
    placed = placed_of(study)
    for limit_mm in (0, 90_000, 300_000, ANY_LENGTH_MM):
        expected = one_by_one(placed, placed.facilities, limit_mm=limit_mm)
        assert by_pair(placed, placed.facilities, limit_mm=limit_mm) == expected
    assert len(expected) > 100


def test_only_the_estates_asked_for_are_told(tmp_path: Path) -> None:
    placed = placed_of(random_study(tmp_path, 3))
    whole = by_pair(placed, placed.facilities, limit_mm=400_000)
    asked = np.arange(len(placed.estates)) % 3 == 1
    part = by_pair(placed, placed.facilities, limit_mm=400_000, estates=asked)
    assert part == {pair: walk for pair, walk in whole.items() if asked[pair[0]]}
    assert 0 < len(part) < len(whole)


@pytest.mark.parametrize("most", [1, 500, 2_000])
def test_facilities_taken_some_at_a_time_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    placed = placed_of(random_study(tmp_path, 5))
    whole = by_pair(placed, placed.facilities, limit_mm=400_000)
    monkeypatch.setattr(walks_module, "MOST_PAIRS", most)
    assert by_pair(placed, placed.facilities, limit_mm=400_000) == whole


def test_half_of_the_cells_make_a_lower_median_and_fewer_do_not(tmp_path: Path) -> None:
    # Four cells in a row, 12.5 m off AB and 112.5, 137.5, 162.5 and 187.5 m from A: 125, 150, 175
    # and 200 m. The lower median is the second walk.
    study = toy_study(
        tmp_path, facilities=[facility("f1", spot(0, 0))],
        residential=[estate("r1", box(101, 1, 199, 24))],
    )  # fmt: skip
    placed = place_study(study, study.layers["residential"].iloc[:0])
    assert by_pair(placed, placed.facilities, limit_mm=150_000) == {(0, 0): 150_000}
    assert by_pair(placed, placed.facilities, limit_mm=149_999) == {}


def test_nothing_gives_an_empty_table(tmp_path: Path) -> None:
    study = toy_study(
        tmp_path,
        residential=[estate("r1", None)],
        population=[people("p1", spot(0, 0), 1, 1)],
    )
    placed = placed_of(study)
    table = estate_walks(placed, placed.facilities, limit_mm=1_000_000)
    assert [*table.columns] == ["estate", "facility", "walk_mm"]
    assert not len(table)


@pytest.mark.parametrize("seed", range(8))
def test_pools_walk_as_one_search_a_facility_finds(tmp_path: Path, seed: int) -> None:
    study = random_study(tmp_path, seed)
    placed, walking = placed_of(study), study.description.walking
    horizon_mm = int(walking.horizon_min * 60_000 * walking.speed_m_per_s)
    care = study.layers["facilities"].set_index("id").geometry
    ids = ["f00", "f01", "f90", "f92"]  # f91 is nowhere, nobody knows f99
    xy = np.array([[(p := care[i].representative_point()).x, p.y] for i in ids])
    facilities = placed.ways_out(placed.sites_at(xy))
    expected = one_by_one(placed, facilities, limit_mm=horizon_mm)
    found = pool_walks(study, placed)
    members = {"r00": 0, "r03": 3, "r05": 5, "r14": 14, "r15": 15, "r16": 16}
    assert {*found} == {(estate, i) for estate in members for i in ids}
    for (name, i), minutes in found.items():
        walk_mm = expected.get((members[name], ids.index(i)), FAR)
        one = in_minutes(np.array([walk_mm]), speed_m_per_s=walking.speed_m_per_s)[0]
        assert minutes == one or (np.isnan(minutes) and np.isnan(one))
