"""Land cells kept beside a study are used again only where all they depend on is the same."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from analysis.evaluation import evaluate
from analysis.study import Study, kept_beside
from analysis.walking import kept_land
from analysis.walking.around import ground_around, isochrone_around
from analysis.walking.catchments import Outlines, catchments
from analysis.walking.kept_land import land_of
from analysis.walking.placing import Placed, place_study
from analysis.walking.reach import walk_everywhere
from geo.ground.land import Land
from geo.streets.network import WalkNetwork
from geo.walks.barriers import Barriers
from geo.walks.nearest_street import StreetIndex
from geo.walks.places import Grounds
from tests.conftest import EAST, METRIC, NORTH

from .toy_study import box, estate, facility, spot, toy_study

WALL = {"id": "w1", "geometry": shapely.LineString([spot(40, 5), spot(160, 5)])}
OTHER_WALL = {"id": "w1", "geometry": shapely.LineString([spot(40, 6), spot(160, 6)])}
GATE = {"id": "e1", "residential_id": "r1", "geometry": spot(50, 30)}


class Maker:
    """Counts how often land cells are found anew."""

    def __init__(self) -> None:
        """Begin at nought."""
        self.calls = 0
        self.make: Callable[..., Land] = kept_land.put_land_on_streets

    def __call__(self, *given: object, **named: object) -> Land:
        """Find land cells anew."""
        self.calls += 1
        return self.make(*given, **named)


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> Maker:
    counting = Maker()
    monkeypatch.setattr(kept_land, "put_land_on_streets", counting)
    return counting


def small(folder: Path, **changed: object) -> Study:
    layers = {
        "facilities": [facility("f1", spot(0, 0), status="operating")],
        "residential": [estate("r1", box(50, 10, 150, 60))], "entrances": [GATE],
        "barriers": [WALL],
    }  # fmt: skip
    return toy_study(folder, **{**layers, **changed})


def put(study: Study) -> Placed:
    return place_study(study, study.layers["residential"].iloc[:0])


# --- barriers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed", [pytest.param([], id="gone"), pytest.param([OTHER_WALL], id="a metre on"),
                pytest.param([WALL, OTHER_WALL], id="one more")],
)  # fmt: skip
def test_land_of_other_barriers_is_never_used(
    tmp_path: Path, maker: Maker, changed: list[object]
) -> None:
    study, other = small(tmp_path), small(tmp_path, barriers=changed)
    first = land_of(study, put(study))
    found = land_of(other, put(other))
    assert maker.calls == 2
    assert first is not None
    assert found is not None
    assert len(first.exits.point) != len(found.exits.point) or (
        (first.exits.off_street_mm != found.exits.off_street_mm).any()
    )
    # And back again: what was kept for the second is not used for the first.
    again = land_of(study, put(study))
    assert maker.calls == 3
    assert again is not None
    assert (again.exits.off_street_mm == first.exits.off_street_mm).all()


def test_land_with_barriers_is_kept_whole(tmp_path: Path, maker: Maker) -> None:
    study = small(tmp_path, barriers=[WALL, OTHER_WALL])
    first, second = land_of(study, put(study)), land_of(study, put(study))
    assert maker.calls == 1
    assert kept_beside(study.path, "land.npz").exists()
    assert first is not None
    assert second is not None
    assert len(first.beside) > 0
    for name, column in vars(first.beside).items():
        assert (column == getattr(second.beside, name)).all(), name
    for name, column in vars(first.exits).items():
        assert column.dtype == getattr(second.exits, name).dtype, name
        assert (column == getattr(second.exits, name)).all(), name


# --- every other part of the key -----------------------------------------------------------------


def with_network(study: Study, placed: Placed, **changed: np.ndarray) -> tuple[Study, Placed]:
    network: WalkNetwork = replace(study.network, **changed)
    index = StreetIndex(network, placed.index.usable, placed.index.barriers)
    return replace(study, network=network), replace(placed, index=index)


@pytest.mark.parametrize(
    "name", ["x", "y", "tail", "head", "length_mm", "vertex_xy", "vertex_start"]
)
def test_every_array_of_the_streets_counts(tmp_path: Path, maker: Maker, name: str) -> None:
    study = small(tmp_path)
    placed = put(study)
    land_of(study, placed)
    column = getattr(study.network, name).copy()
    if name == "vertex_start":  # a line of two corners has none to spare: a middle one is given
        xy = study.network.vertex_xy
        xy = np.insert(xy, 1, (xy[0] + xy[1]) / 2, axis=0)
        column[1:] += 1
        land_of(*with_network(study, placed, vertex_xy=xy, vertex_start=column))
    else:
        column.flat[0] = column.flat[1] if name in ("tail", "head") else column.flat[0] + 1
        assert (column != getattr(study.network, name)).any()
        land_of(*with_network(study, placed, **{name: column}))
    assert maker.calls == 2


def changed_grounds(grounds: Grounds) -> dict[str, Grounds]:
    moved = shapely.transform(grounds.polygons, lambda xy: xy + np.array([0.0, 1.0]))
    return {
        "polygons": replace(grounds, polygons=moved),
        "entrance_x": replace(grounds, entrance_x=grounds.entrance_x + 1),
        "entrance_y": replace(grounds, entrance_y=grounds.entrance_y + 1),
        "entrance_owner": replace(grounds, entrance_owner=grounds.entrance_owner * 0 - 1),
    }


@pytest.mark.parametrize("name", ["polygons", "entrance_x", "entrance_y", "entrance_owner"])
def test_every_part_of_the_grounds_counts(tmp_path: Path, maker: Maker, name: str) -> None:
    study = small(tmp_path)
    placed = put(study)
    land_of(study, placed)
    land_of(study, replace(placed, grounds=changed_grounds(placed.grounds)[name]))
    assert maker.calls == 2


def test_the_streets_that_are_stepped_onto_count(tmp_path: Path, maker: Maker) -> None:
    study = small(tmp_path)
    placed = put(study)
    land_of(study, placed)
    usable = np.array([True, True, True, False])
    index = StreetIndex(study.network, usable, placed.index.barriers)
    land_of(study, replace(placed, index=index))
    assert maker.calls == 2


def test_the_cap_counts(tmp_path: Path, maker: Maker) -> None:
    for cap in (200, 201):
        study = small(tmp_path, walking={"snap_max_m": cap})
        land_of(study, put(study))
    assert maker.calls == 2


def test_the_window_counts_by_whole_kilometres(tmp_path: Path, maker: Maker) -> None:
    study = small(tmp_path)
    placed = put(study)
    land_of(study, placed, reach_m=6000)
    land_of(study, placed, reach_m=6000)
    assert maker.calls == 1
    land_of(study, placed, reach_m=8000)
    assert maker.calls == 2


def test_short_walks_share_the_land_of_ordinary_ones(tmp_path: Path, maker: Maker) -> None:
    study = small(tmp_path)
    placed = put(study)
    shapes = [land_of(study, placed, reach_m=reach_m).shape for reach_m in (100, 1000, 5000)]
    assert maker.calls == 1
    assert len(set(shapes)) == 1


def test_nothing_else_counts(tmp_path: Path, maker: Maker) -> None:
    study = small(tmp_path)
    placed = put(study)
    land_of(study, placed)
    same = Barriers(placed.index.barriers.ends.copy()) if placed.index.barriers else None
    closed = np.ones(len(study.network), dtype=bool)
    index = StreetIndex(study.network, placed.index.usable, same)
    land_of(study, replace(placed, index=index, private=closed, counted=()))
    assert maker.calls == 1
    assert placed.points.x.min() > EAST
    assert placed.points.y.min() > NORTH


# --- land too wide -------------------------------------------------------------------------------


def too_large(study: Study) -> tuple[list[str], bool]:
    evaluation = evaluate(study)
    said = [str(finding.message) for finding in evaluation.findings]
    return [text for text in said if "研究范围过大" in text], evaluation.isochrones.is_empty.all()


def test_an_estate_far_away_takes_nothing_from_the_outlines(tmp_path: Path, maker: Maker) -> None:
    near = [estate("r1", box(50, 10, 150, 60))]
    far = estate("r2", shapely.box(0, 0, 300, 200))
    assert too_large(small(tmp_path, residential=[*near, far])) == ([], False)
    assert 1 <= maker.calls <= 8


def test_of_a_study_too_large_no_outline_is_drawn_and_that_is_said(
    tmp_path: Path, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.ground.land.MOST_CELLS", 100)
    monkeypatch.setattr("geo.ground.land.MOST_TILES", 0)
    said, empty = too_large(small(tmp_path))
    assert (len(said), empty, maker.calls) == (1, True, 0)


def test_what_goes_wrong_while_drawing_is_raised_for_everybody_who_asks() -> None:
    drawn = []

    def draw() -> gpd.GeoDataFrame:
        drawn.append("once")
        raise MemoryError

    outlines = Outlines(draw)
    outlines.begin()
    for _ in range(2):
        with pytest.raises(MemoryError):
            outlines.result()
    assert drawn == ["once"]


def test_ground_around_other_spots_is_that_of_the_evaluation_which_stays_kept(
    tmp_path: Path, maker: Maker
) -> None:
    study = small(tmp_path)
    evaluation = evaluate(study)
    _ = evaluation.isochrones
    kept = kept_beside(study.path, "land.npz").read_bytes()
    assert maker.calls == 1
    placed, here = evaluation.reach.placed, np.array([[EAST + 300, NORTH]])
    ground = ground_around(study, placed, here, minutes=5)
    assert maker.calls == 1
    # The same on land that is found for this spot alone, in a window of its own.
    other = small(tmp_path / "other")
    alone = replace(put(other), facilities=placed.ways_out(placed.sites_at(here)),
                    facility_xy=here, counted=("0",))  # fmt: skip
    drawn = catchments(other, walk_everywhere(other, alone), minutes=[5]).to_crs(other.crs)
    assert ground.area > 1_000
    assert ground.symmetric_difference(drawn.geometry.iloc[0]).area < 1
    assert maker.calls == 2
    far = np.array([[EAST + 300, NORTH], [EAST + 9_000, NORTH]])  # beyond the kept land
    assert ground_around(study, placed, far, minutes=5).area >= ground.area
    assert maker.calls == 3
    lon, lat = (float(each) for each in gpd.GeoSeries([spot(0, 0)], crs=METRIC).to_crs(4326)
                .get_coordinates().to_numpy()[0])  # fmt: skip
    assert not isochrone_around(study, lon, lat, minutes=[5]).geometry.iloc[0].is_empty
    assert kept_beside(study.path, "land.npz").read_bytes() == kept
