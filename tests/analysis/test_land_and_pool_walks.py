"""Residential land by share, land cells kept beside a study, and the walks that pools ask for."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analysis.evaluation import evaluate
from analysis.pooling.walks import pool_walks
from analysis.study import Study, kept_beside
from analysis.walking import kept_land
from analysis.walking.kept_land import land_of
from analysis.walking.placing import place_study
from geo.ground.land import Land
from tests.conftest import TOY_STREETS

from .toy_study import LANE, M_PER_MIN, ROAD, Row, area, box, estate, facility, spot, toy_study

AT_A = [facility("f1", spot(0, 0), status="operating")]


def gate(x: float, y: float) -> Row:
    return {"id": "e1", "residential_id": "r1", "geometry": spot(x, y)}


# --- residential land ----------------------------------------------------------------------------


def test_land_counts_by_its_square_metres_and_share(tmp_path: Path) -> None:
    # z1: 8 x 4 cells of 25 m, the first 712.5 m from A and 12.5 m off; f1 stands at A. Within 810 m
    # are those of 725, 750, 775 and 800 m: 1 + 2 + 3 + 4 of 32. z2 is next to A; z3 far away.
    land = [
        {"id": "z1", "geometry": box(700, 0.1, 900, 100)},
        {"id": "z2", "geometry": box(0, 1, 100, 101)},
        {"id": "z3", "geometry": box(5000, 5000, 5100, 5100)},
    ]
    study = toy_study(
        tmp_path, facilities=AT_A, residential_land=land, residential=[estate("r1", spot(0, 0))],
        boundaries=[area("b1", "street", box(650, -50, 950, 150))],
    )  # fmt: skip
    evaluation = evaluate(study)
    covered_m2 = 200 * 99.9 * 10 / 32 + 10_000
    total_m2 = 200 * 99.9 + 20_000
    share = evaluation.summary["coverage"]["share_residential_land"]
    assert share == pytest.approx(covered_m2 / total_m2)
    table = evaluation.coverage.set_index("area_id")
    in_b1 = table.loc["b1", "covered_residential_m2"]
    assert in_b1 == pytest.approx(200 * 99.9 * 10 / 32, abs=0.01)
    assert table.loc["ALL", "residential_m2"] == pytest.approx(total_m2)


def test_without_a_land_layer_polygon_estates_are_the_land(tmp_path: Path) -> None:
    estates = [estate("r1", box(700, 0.1, 900, 100)), estate("r2", spot(100, 0))]
    evaluation = evaluate(toy_study(tmp_path, facilities=AT_A, residential=estates))
    assert evaluation.summary["coverage"]["share_residential_land"] == pytest.approx(10 / 32)
    assert evaluation.coverage.loc[0, "residential_m2"] == pytest.approx(200 * 99.9)


def test_land_inside_an_estate_leaves_by_its_entrance(tmp_path: Path) -> None:
    # One inner point, 110 m along and 20 m off; the gate is 200 m along. 3 minutes are 162 m.
    plot = box(100, 10, 120, 30)
    rows = {
        "facilities": AT_A, "residential": [estate("r1", plot)],
        "residential_land": [{"id": "z1", "geometry": plot}],
    }  # fmt: skip
    free = evaluate(toy_study(tmp_path, walking={"limit_min": 3}, **rows))
    assert free.summary["coverage"]["share_residential_land"] == 1
    gated = evaluate(
        toy_study(tmp_path, walking={"limit_min": 3}, entrances=[gate(200, 0)], **rows)
    )
    assert gated.summary["coverage"]["share_residential_land"] == 0


# --- land cells kept -----------------------------------------------------------------------------


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


def land(study: Study) -> Land:
    homes = study.layers["residential"].iloc[:0]
    return land_of(study, place_study(study, homes))


def small(folder: Path, **changed: object) -> Study:
    layers = {"facilities": AT_A, "residential": [estate("r1", box(50, 10, 150, 60))]}
    return toy_study(folder, **{**layers, **changed})


def require_equal(one: Land, other: Land) -> None:
    assert (one.origin, one.shape) == (other.origin, other.shape)
    assert (one.cell == other.cell).all()
    for name in ("point", "street", "offset_mm", "off_street_mm", "by_entrance", "reason"):
        assert (getattr(one.exits, name) == getattr(other.exits, name)).all(), name


def test_land_cells_are_found_once_and_kept_beside_the_study(tmp_path: Path, maker: Maker) -> None:
    first = land(small(tmp_path))
    assert kept_beside(small(tmp_path).path, "land.npz") == tmp_path / ".kept" / "toy.land.npz"
    assert [path.name for path in (tmp_path / ".kept").iterdir()] == ["toy.land.npz"]
    require_equal(land(small(tmp_path)), first)
    assert maker.calls == 1


def test_the_limit_the_speed_and_facilities_do_not_touch_land_cells(
    tmp_path: Path, maker: Maker
) -> None:
    land(small(tmp_path))
    land(small(tmp_path, walking={"limit_min": 5, "speed_m_per_s": 0.6}, facilities=[]))
    assert maker.calls == 1


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"streets": (*TOY_STREETS, ((900, 0), (950, 0)))}, id="streets"),
        pytest.param({"streets": (*TOY_STREETS[:3], ((600, 0), (900, 1)))}, id="shape of a street"),
        pytest.param({"residential": [estate("r1", box(50, 10, 150, 61))]}, id="an estate"),
        pytest.param({"residential": [estate("r1", spot(50, 10))]}, id="an estate as a point"),
        pytest.param({"residential": [estate("r1", None)]}, id="an estate nowhere"),
        pytest.param({"entrances": [gate(50, 10)]}, id="an entrance"),
        pytest.param({"walking": {"snap_max_m": 150}}, id="the cap"),
    ],
)
def test_land_cells_of_another_study_are_never_used(
    tmp_path: Path, maker: Maker, changed: dict[str, object]
) -> None:
    land(small(tmp_path))
    found = land(small(tmp_path, **changed))
    assert maker.calls == 2
    require_equal(found, land(small(tmp_path / "apart", **changed)))


def test_streets_no_longer_stepped_onto_change_land_cells(tmp_path: Path, maker: Maker) -> None:
    both = (*TOY_STREETS, LANE)
    one = land(small(tmp_path, streets=both, walking={"component_min_m": 99}))
    other = land(small(tmp_path, streets=both))
    assert maker.calls == 2
    assert len(other.cell) < len(one.cell)


def garbled(kept: bytes) -> dict[str, bytes]:
    return {
        "noise": bytes(range(256)) * 40, "nothing": b"", "half": kept[: len(kept) // 2],
        "one byte": kept[:2000] + bytes([kept[2000] ^ 255]) + kept[2001:],
        "text": b"land cells\n" * 9,
    }  # fmt: skip


@pytest.mark.parametrize("fault", ["noise", "nothing", "half", "one byte", "text", "array"])
def test_a_damaged_file_is_never_used_and_is_replaced(
    tmp_path: Path, maker: Maker, fault: str
) -> None:
    study = small(tmp_path)
    first = land(study)
    path = kept_beside(study.path, "land.npz")
    whole = path.read_bytes()
    if fault == "array":
        with path.open("wb") as file:
            np.save(file, np.arange(9))
    else:
        path.write_bytes(garbled(whole)[fault])
    require_equal(land(study), first)
    assert maker.calls == 2
    require_equal(land(study), first)
    assert maker.calls == 2


def test_where_nothing_can_be_kept_the_evaluation_still_works(tmp_path: Path, maker: Maker) -> None:
    # A file stands where the folder would.
    (tmp_path / ".kept").write_text("in the way", encoding="utf-8")
    first = evaluate(small(tmp_path))
    second = evaluate(small(tmp_path))
    assert maker.calls == 2
    assert first.isochrones.geom_equals(second.isochrones).all()
    assert (tmp_path / ".kept").read_text(encoding="utf-8") == "in the way"


def test_kept_cells_give_the_same_polygons(tmp_path: Path, maker: Maker) -> None:
    first, second = evaluate(small(tmp_path)), evaluate(small(tmp_path))
    assert maker.calls == 1
    assert first.isochrones.geom_equals(second.isochrones).all()


# --- pool walks ----------------------------------------------------------------------------------


def walks(study: Study) -> dict[tuple[str, str], float]:
    return pool_walks(study, place_study(study, study.layers["residential"].iloc[:0]))


def pool(*named: str) -> dict[str, object]:
    return {"name": "pool", "estates": ["r1"], "facilities": [*named]}


def test_pool_walks_by_hand(tmp_path: Path) -> None:
    # f2 does not count for the circle and is walked to all the same. r2: four cells, 150 m is the
    # lower median from A; from C the cells are 487.5 and 462.5 along and 12.5, 37.5 off: 475, 500,
    # 500, 525 m. r3 is on the road that meets no other.
    care = [*AT_A, facility("f2", spot(600, 0), "care_home", status="closed")]
    homes = [
        estate("r1", spot(200, 30)), estate("r2", box(101, 1, 149, 49)),
        estate("r3", spot(50, 1000)),
        # A later phase of what the pool names, and an estate that no pool names.
        estate("r4", spot(300, 0), project_id="P"), estate("r5", spot(0, 0), project_id="P"),
        estate("r6", spot(0, 0)),
    ]  # fmt: skip
    study = toy_study(
        tmp_path, streets=(*TOY_STREETS, ROAD), facilities=care, residential=homes,
        pools=[pool("f1"), {**pool("f2", "f1"), "estates": ["r2", "r3", "r4"]}],
    )  # fmt: skip
    found = walks(study)
    assert found == {
        ("r1", "f1"): pytest.approx(230 / M_PER_MIN), ("r1", "f2"): pytest.approx(430 / M_PER_MIN),
        ("r2", "f1"): pytest.approx(150 / M_PER_MIN), ("r2", "f2"): pytest.approx(500 / M_PER_MIN),
        ("r3", "f1"): pytest.approx(np.nan, nan_ok=True),
        ("r3", "f2"): pytest.approx(np.nan, nan_ok=True),
        ("r4", "f1"): pytest.approx(300 / M_PER_MIN), ("r4", "f2"): pytest.approx(300 / M_PER_MIN),
        ("r5", "f1"): 0, ("r5", "f2"): pytest.approx(600 / M_PER_MIN),
    }  # fmt: skip


def test_facilities_that_are_nowhere_have_no_walks(tmp_path: Path) -> None:
    care = [*AT_A, facility("f2", None, status="operating")]
    study = toy_study(
        tmp_path, facilities=care, residential=[estate("r1", spot(200, 30))],
        pools=[pool("f2", "f9")],
    )  # fmt: skip
    assert walks(study) == {}


def test_without_pools_nothing_is_walked(tmp_path: Path) -> None:
    assert walks(small(tmp_path)) == {}


def test_a_pool_facility_beyond_the_cap_is_not_reached(tmp_path: Path) -> None:
    study = toy_study(
        tmp_path, facilities=[facility("f1", spot(0, -201))],
        residential=[estate("r1", spot(200, 30))], pools=[pool("f1")],
    )  # fmt: skip
    assert np.isnan(walks(study)["r1", "f1"])
