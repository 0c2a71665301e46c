"""Tables of addresses against a plain reading, row by row, of what the rule says."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import pytest
import shapely

from analysis.placing.lookup import look_up
from geo.ledgers.headers import fold

from .toy_study import Row, layer

Spot = tuple[float, float]
TEXTS = ("甲", "乙", "丙", None, "")


def drawn(random: Random, count: int, columns: Sequence[str], spots: Sequence[Any]) -> list[Row]:
    return [
        {name: random.choice(TEXTS) for name in columns} | {"geometry": random.choice(spots)}
        for _ in range(count)
    ]


def some_columns(random: Random, names: Sequence[str]) -> list[str]:
    return [name for name in names if random.random() < 0.8]


def by_hand(row: Row, rows: Sequence[Row], table: Sequence[Row]) -> Spot | None:
    """Return where one row is, asking each key in turn."""
    same_id = [each for each in table if each.get("of_id") == row["id"]]
    if len(places_of(same_id)) > 1:
        return None
    if same_id and not contradict(row, same_id[0]):
        return places_of(same_id).pop()
    name, address = row.get("name"), row.get("address")
    alike = [each for each in table if name and each.get("name") == name]
    if len(places_of(alike)) == 1 and [each.get("name") for each in rows].count(name) == 1:
        return places_of(alike).pop()
    there = [each for each in table if address and fold(each.get("address") or "") == fold(address)]
    return places_of(there).pop() if len(places_of(there)) == 1 else None


def places_of(rows: Sequence[Row]) -> set[Spot]:
    return {(row["geometry"].x, row["geometry"].y) for row in rows}


def contradict(one: Row, other: Row) -> bool:
    pairs = [
        (fold(mine), fold(theirs)) for key in ("name", "address")
        if (mine := one.get(key)) is not None and (theirs := other.get(key)) is not None
    ]  # fmt: skip
    return bool(pairs) and all(mine != theirs for mine, theirs in pairs)


@pytest.mark.parametrize("seed", range(60))
def test_the_table_gives_what_a_plain_reading_gives(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - the same tables every time
    columns = some_columns(random, ("name", "address"))
    rows: list[Mapping[str, Any]] = [
        {"id": f"f{number}", **row}
        for number, row in enumerate(
            drawn(random, random.randint(1, 6), columns, [None, shapely.Point(9, 9)])
        )
    ]
    spots = [None, shapely.Point(0, 0), shapely.Point(1, 0), shapely.Point(2, 0)]
    table: list[Mapping[str, Any]] = [
        {"of_id": random.choice(["f0", "f1", "f9", None]), **row}
        for row in drawn(random, random.randint(1, 6), columns, spots)
    ]
    looked = look_up(layer(*rows), layer(*table))
    told = [each for each in table if each["geometry"] is not None]
    for row, spot in zip(rows, looked.spot, strict=True):
        expected = None if row["geometry"] is not None else by_hand(row, rows, told)
        found = None if spot < 0 else (looked.points.iloc[spot].x, looked.points.iloc[spot].y)
        assert found == expected
