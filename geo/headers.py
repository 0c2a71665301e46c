"""Headers of a file matched to the columns of a layer; no cells are read and nothing is raised."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from geo.schema import POSITION, UNITS, Column, Schema

# Header notes that say nothing about the unit.
_NEUTRAL_NOTES = ("必填", "选填", "可选", "required", "optional", "如有", "单位", "wgs84", "")

# Characters of our headers and words that traditional Chinese writes differently.
_SIMPLIFIED = str.maketrans(
    "稱類別戶數經緯樓層電運營狀態積築號編碼養護齡歲區級縣鎮鄉單蘇農鄰長許設開閉舊張㎡"
    "選強規劃條讓權屬質準簽約醫療機構驗檢衛園動間歷實際總計綜輔幾裡後齊務點員費備與禦",
    "称类别户数经纬楼层电运营状态积筑号编码养护龄岁区级县镇乡单苏农邻长许设开闭旧张㎡"
    "选强规划条让权属质准签约医疗机构验检卫园动间历实际总计综辅几里后齐务点员费备与御",
)

_BRACKET = re.compile(r"^(?P<base>.+?)[(\[【](?P<note>[^()\[\]【】]*)[)\]】][*:：]*$")
_SLASHED = re.compile(r"^(?P<base>.+)[/|](?P<note>[^/|]+)$")


@dataclass(frozen=True)
class Matching:
    """Which header is which column; headers are told by their position.

    columns
        Canonical name -> position.
    clashes
        (canonical name, position taken, position left aside).
    other_units
        (position, canonical name): the header names a unit the column does not have.
    cut
        Positions whose header was cut short in the file and matched by its beginning.
    settled
        Column -> code, said by a header.
    """

    columns: Mapping[str, int]
    clashes: tuple[tuple[str, int, int], ...] = ()
    other_units: tuple[tuple[int, str], ...] = ()
    cut: tuple[int, ...] = ()
    unused: tuple[int, ...] = ()
    settled: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def fold(text: str) -> str:
    """Return a header or word as it is compared: half width, simplified, no blanks, lower case."""
    plain = unicodedata.normalize("NFKC", text).translate(_SIMPLIFIED)
    kept = (c for c in plain if not c.isspace() and unicodedata.category(c) not in {"Cc", "Cf"})
    return "".join(kept).strip("*:").casefold().replace("_", "")


def match_headers(
    headers: Sequence[str],
    schema: Schema,
    *,
    columns: Mapping[str, str] | None = None,
    cut_at: int | None = None,
    numeric: Collection[int] = (),
) -> Matching:
    """Return which header is which column.

    columns
        Header -> canonical name, said by the user; stands above every other match.
    cut_at
        Bytes at which the file cuts its headers (shapefile: 10); None where it does not.
    numeric
        Positions that hold figures, which tells cut headers apart (面积 from 状态).
    """
    wanted = {fold(header): name for header, name in (columns or {}).items()}
    found: dict[str, list[tuple[int, int]]] = {}
    other_units: list[tuple[int, str]] = []
    cut: list[int] = []
    for position, header in enumerate(headers):
        name, rank = _match_one(header, schema, wanted)
        # A character cut in half is gone, so up to two bytes may be missing.
        if name is None and cut_at is not None and len(header.encode()) >= cut_at - 2:
            name, rank = _match_cut(fold(header), schema, figures=position in numeric), 4
            cut += [position] if name is not None else []
        if name is not None and rank == 0 and fold(header) not in wanted:
            other_units.append((position, name))
        elif name is not None:
            found.setdefault(name, []).append((rank, position))
    return _settle(headers, schema, found, tuple(other_units), tuple(cut))


def _settle(
    headers: Sequence[str],
    schema: Schema,
    found: Mapping[str, list[tuple[int, int]]],
    other_units: tuple[tuple[int, str], ...],
    cut: tuple[int, ...],
) -> Matching:
    taken = {name: min(ranked)[1] for name, ranked in found.items()}
    clashes = [
        (name, taken[name], position)
        for name, ranked in found.items()
        for _, position in sorted(ranked)[1:]
    ]
    settled = {
        other: code
        for name, position in taken.items()
        if schema.has(name)
        for part, other, code in schema.column(name).settles
        if part in fold(headers[position])
    }
    spoken_for = {*taken.values(), *(p for _, _, p in clashes), *(p for p, _ in other_units)}
    unused = tuple(p for p, header in enumerate(headers) if p not in spoken_for and header.strip())
    return Matching(taken, tuple(clashes), other_units, cut, unused, settled)


def _match_one(header: str, schema: Schema, wanted: Mapping[str, str]) -> tuple[str | None, int]:
    """Return (canonical name, rank); rank 0 with no wish of the user means another unit."""
    whole = fold(header)
    if whole in wanted:
        return wanted[whole], 0
    spelled = _spelled(schema)
    if whole in spelled:
        return spelled[whole]
    for pattern in (_BRACKET, _SLASHED):
        if part := pattern.match(whole):
            name, rank = spelled.get(part["base"], (None, 0))
            if name is not None:
                fits = _note_fits(part["note"], _column_of(schema, name))
                return name, rank if fits else 0
    return None, 0


def _match_cut(beginning: str, schema: Schema, *, figures: bool) -> str | None:
    """Return the one column with a spelling that begins so; None where there are more or none."""
    kinds = {"count", "number", "date"} if figures else {"text", "date", "flag", "word"}
    names = {
        name
        for spelling, (name, _) in _spelled(schema).items()
        if spelling.startswith(beginning) and _column_of(schema, name).kind in kinds
    }
    return names.pop() if len(names) == 1 else None


def _note_fits(note: str, column: Column) -> bool:
    if note in _NEUTRAL_NOTES or note in {fold(part) for part, _, _ in column.settles}:
        return True
    return note.removeprefix("单位:") in {fold(unit) for unit in UNITS.get(column.unit, ())}


@cache
def _spelled(schema: Schema) -> Mapping[str, tuple[str, int]]:
    """Return folded spelling -> (canonical name, rank)."""
    table: dict[str, tuple[str, int]] = {}
    for column in (*schema.columns, *POSITION):
        for rank, spelling in column.spellings():
            table.setdefault(fold(spelling), (column.name, rank))
    return table


def _column_of(schema: Schema, name: str) -> Column:
    return next(column for column in (*schema.columns, *POSITION) if column.name == name)
