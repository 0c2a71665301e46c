"""Tables of addresses: by id, else by name, else by address; in doubt not at all."""

from collections.abc import Sequence

import geopandas as gpd
import pytest
import shapely

from analysis.placing.lookup import LookedUp, look_up, lookup_findings, unused_rows

from .toy_study import Row, layer


def ledger(*rows: Row) -> gpd.GeoDataFrame:
    return layer(*({"geometry": None, **row} for row in rows))


def at(x: float, y: float = 0.0, **keys: object) -> Row:
    return {**keys, "geometry": shapely.Point(x, y)}


def spots(looked: LookedUp) -> list[float | None]:
    """Return the x of each row of the ledger, None where it stays without a place."""
    x = looked.points.x.to_numpy()
    return [None if spot < 0 else float(x[spot]) for spot in looked.spot]


LEDGER = ledger(
    {"id": "f1", "name": "甲站", "address": "东街1号"},
    {"id": "f2", "name": "乙站", "address": "东街2号"},
    {"id": "f3", "name": "丙站", "address": "东街 ３ 号"},
    {"id": "f4", "name": "丁站", "address": None},
)


def test_a_row_is_found_by_id_else_by_name_else_by_address() -> None:
    table = layer(
        at(1, of_id="f1", name="甲站", address=None),
        at(2, of_id=None, name="乙站", address=None),
        at(3, of_id=None, name=None, address="东街3号"),
    )
    looked = look_up(LEDGER, table)
    assert spots(looked) == [1, 2, 3, None]
    assert looked.by == {"id": 1, "name": 1, "address": 1}
    assert looked.doubts == ()
    assert looked.used.tolist() == [True, True, True]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param([at(1, of_id="f1", name="甲站"), at(9, of_id="x", name="甲站")], 1, id="id"),
        pytest.param([at(2, name="甲站"), at(9, address="东街1号")], 2, id="name before address"),
        pytest.param([at(9, name="甲 站")], None, id="a name is exact"),
        pytest.param([at(3, address="东街１号 ")], 3, id="an address is folded"),
        pytest.param([at(9, address="东街1号院")], None, id="an address is whole"),
    ],
)
def test_keys_are_asked_in_order(table: Sequence[Row], expected: float | None) -> None:
    assert spots(look_up(LEDGER, layer(*table)))[0] == expected


@pytest.mark.parametrize(
    ("key", "value"), [("of_id", "f1"), ("name", "甲站"), ("address", "东街1号")]
)
def test_a_key_with_two_places_is_told_and_not_used(key: str, value: str) -> None:
    table = layer(at(1, **{key: value}), at(2, **{key: value}))
    looked = look_up(LEDGER, table)
    assert spots(looked) == [None] * 4
    (doubt,) = looked.doubts
    assert doubt.row == 0
    (told,) = lookup_findings(looked, LEDGER, layer="facilities", file="a", table="t")
    (unused,) = unused_rows(looked.used, layer="facilities", table="t")
    assert (told.severity, told.row) == ("warning", 2)
    assert value in str(told.message)
    assert "2 行没有用到" in str(unused.message)


def test_a_place_told_twice_is_one_place() -> None:
    table = layer(at(1, name="甲站"), at(1, name="甲站"))
    assert spots(look_up(LEDGER, table))[0] == 1


def test_an_id_with_two_places_is_not_looked_for_by_name() -> None:
    table = layer(at(1, of_id="f1", name="甲站"), at(2, of_id="f1", name="别站"))
    assert spots(look_up(LEDGER, table))[0] is None


def test_rows_numbered_anew_are_not_mistaken_for_others() -> None:
    # Both lists number their rows from one, in another order.
    table = layer(at(2, of_id="f1", name="乙站"), at(1, of_id="f2", name="甲站"))
    assert spots(look_up(LEDGER, table))[:2] == [1, 2]


def test_an_id_of_another_name_is_told() -> None:
    looked = look_up(LEDGER, layer(at(9, of_id="f1", name="戊站")))
    assert spots(looked)[0] is None
    told = next(lookup_findings(looked, LEDGER, layer="x", file="a", table="t"))
    assert "f1" in str(told.message)


def test_an_id_of_another_name_at_the_same_address_is_the_same() -> None:
    assert spots(look_up(LEDGER, layer(at(5, of_id="f1", name="老站", address="东街1号"))))[0] == 5


def test_namesakes_are_told_apart_by_address_or_not_at_all() -> None:
    two = ledger(
        {"id": "f1", "name": "幸福院", "address": "东村"},
        {"id": "f2", "name": "幸福院", "address": "西村"},
    )
    assert spots(look_up(two, layer(at(1, name="幸福院")))) == [None, None]
    assert spots(look_up(two, layer(at(1, name="幸福院", address="西村")))) == [None, 1]
    both = layer(at(1, name="幸福院", address="东村"), at(2, name="幸福院", address="西村"))
    assert spots(look_up(two, both)) == [1, 2]


def test_own_coordinates_are_never_overridden() -> None:
    known = layer({"id": "f1", "name": "甲站", "geometry": shapely.Point(7, 7)})
    looked = look_up(known, layer(at(1, of_id="f1", name="甲站")))
    assert looked.spot.tolist() == [-1]
    assert looked.used.tolist() == [False]


def test_rows_of_the_table_without_a_point_place_nobody() -> None:
    table = layer({"name": "甲站", "geometry": None}, at(2, name="乙站"))
    looked = look_up(LEDGER, table)
    assert spots(looked) == [None, 2, None, None]


def test_an_empty_table_places_nobody() -> None:
    looked = look_up(LEDGER, layer(at(1, name="甲站")).iloc[:0])
    assert spots(looked) == [None] * 4
