"""Headers of a file matched to the columns of a layer; no cells are read and nothing is raised."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from types import MappingProxyType

import opencc

from geo.columns import DOUBTFUL_RANK
from geo.ledgers.numbers import OTHER_UNITS
from geo.schema import READ_POSITION, Column, Schema
from geo.vocabulary import UNITS

# Header notes that say nothing about the unit.
_NEUTRAL_NOTES = ("必填", "选填", "可选", "required", "optional", "如有", "单位", "wgs84", "")
# Under a header of two rows these mean the header above.
_WHOLE = frozenset({"总数", "合计", "总计", "小计", "共计", "数量", "个数", "数", "总", "全部"})
# Under such a header a column holds what is not there, or not yet.
_NOT_AS_IT_STANDS = re.compile(
    "规划|计划|拟|新增|上年|去年|上期|同期|目标|预计|增长|比例|占比|应配|应建|需配|缺口|差额"
)

_BRACKET = re.compile(r"^(?P<base>.+?)[(\[【](?P<note>[^()\[\]【】]*)[)\]】][*:：]*$")
_SLASHED = re.compile(r"^(?P<base>.+)[/|](?P<note>[^/|]+)$")
_COLON = re.compile(r"^(?P<base>.+?)[:：](?P<note>.+)$")
# “1.名称”, “(必填)名称”
_LEADING = re.compile(r"^(\d{1,2}[.、]|[(\[【](必填|选填|可选)[)\]】]|其中[:：]?)(?=\D)")
# A cell may say 0.12万户, for it says so itself; a header speaks for figures that do not.
_TIMES = ("万人", "千人", "万户", "千户", "百人")
_NOTE_PARTS = re.compile("[,，、;；/\\s]")


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
    guessed
        (position, canonical name) of columns taken by another spelling than their own.
    settled
        Column -> code, said by a header.
    doubtful
        (position, canonical name) of headers that say nearly what the column is.
    undecided
        (canonical name, positions): headers of persons counted in different ways; none is taken.
    at_odds
        (position heeded, position not) of headers that settle a column differently.
    """

    columns: Mapping[str, int]
    clashes: tuple[tuple[str, int, int], ...] = ()
    other_units: tuple[tuple[int, str], ...] = ()
    cut: tuple[int, ...] = ()
    unused: tuple[int, ...] = ()
    guessed: tuple[tuple[int, str], ...] = ()
    settled: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    doubtful: tuple[tuple[int, str], ...] = ()
    undecided: tuple[tuple[str, tuple[int, ...]], ...] = ()
    at_odds: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class _Match:
    """The column a header means; the smallest rank is the best match."""

    name: str
    rank: int
    fits: bool = True


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return a header or word as it is compared: half width, simplified, no blanks, lower case."""
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isascii():
        plain = simplified(plain)
    kept = (c for c in plain if not c.isspace() and unicodedata.category(c) not in {"Cc", "Cf"})
    return "".join(kept).strip("*:").casefold().replace("_", "")


def simplified(text: str) -> str:
    """Return a text in simplified characters."""
    return str(_to_simplified().convert(text))


@cache
def _to_simplified() -> "opencc.OpenCC":
    return opencc.OpenCC("t2s")


def match_headers(
    headers: Sequence[str],
    schema: Schema,
    *,
    columns: Mapping[str, str] | None = None,
    cut_at: int | None = None,
    numeric: Collection[int] = (),
    levels: Sequence[tuple[str, ...]] = (),
) -> Matching:
    """Return which header is which column.

    columns
        Header -> canonical name, said by the user; stands above every other match.
    cut_at
        Bytes at which the file cuts its headers (shapefile: 10); None where it does not.
    numeric
        Positions that hold figures, which tells cut headers apart (面积 from 状态).
    levels
        Where the header has several rows: its texts from the top down, by position.
    """
    wanted = {fold(header): name for header, name in (columns or {}).items()}
    found: dict[str, list[tuple[int, int]]] = {}
    other_units: list[tuple[int, str]] = []
    cut: list[int] = []
    for position, header in enumerate(headers):
        stack = levels[position] if position < len(levels) and levels[position] else (header,)
        match = _match_one(header, stack, schema, wanted)
        # A character cut in half is gone, so up to two bytes may be missing.
        if match is None and cut_at is not None and len(header.encode()) >= cut_at - 2:
            name = _match_cut(fold(header), schema, figures=position in numeric)
            match = None if name is None else _Match(name, 9)
            cut += [position] if match is not None else []
        if match is not None and not match.fits:
            other_units.append((position, match.name))
        elif match is not None:
            found.setdefault(match.name, []).append((match.rank, position))
    stacks = [levels[p] if p < len(levels) else (header,) for p, header in enumerate(headers)]
    return _settle(stacks, schema, found, tuple(other_units), tuple(cut))


def column_meant(header: str, schema: Schema) -> str:
    """Return the column that one header means by itself; empty where it means none."""
    match = _match_text(fold(header), schema)
    return match.name if match is not None and match.fits else ""


def spellings_of(stack: Sequence[str], *, others: re.Pattern[str] | None = None) -> list[str]:
    """Return what a header of several rows may mean, the likeliest first.

    床位 over 护理型 is 床位护理型 or 护理型床位; over 总数 it is 床位 itself; 基本情况 over 名称
    says nothing.

    others
        What the rows above may speak of that is another thing than that of the row: the lowest
        alone then means nothing, as 移交日期 under 养老用房 is no date of an estate.
    """
    *parents, leaf = stack
    if not parents:
        return [leaf]
    base, note = _parted(leaf)
    nearest, own_note = _parted(parents[-1])
    tail = note or own_note
    spelled = ["".join((*parents[:-1], nearest, base)), f"{nearest}{base}", f"{base}{nearest}"]
    # A row between them that says nothing of its own: 养老用房 | 配建情况 | 面积.
    spelled += [f"{_parted(parent)[0]}{base}" for parent in parents[:-1]]
    if fold(base) in _WHOLE:
        spelled += [nearest, "".join((*parents[:-1], nearest))]
    elif not any(_of_something_else(parent, others) for parent in parents):
        spelled.append(base)
    return [f"{text}({tail})" if tail else text for text in spelled]


def _of_something_else(parent: str, others: re.Pattern[str] | None) -> bool:
    return bool(_NOT_AS_IT_STANDS.search(parent)) or (
        others is not None and others.search(fold(parent)) is not None
    )


def _parted(text: str) -> tuple[str, str]:
    part = re.match(r"^(.+?)[(（\[【]([^()（）\[\]【】]*)[)）\]】]$", text.strip())
    return (part[1], part[2]) if part else (text, "")


def _settle(
    stacks: Sequence[Sequence[str]],
    schema: Schema,
    found: Mapping[str, list[tuple[int, int]]],
    other_units: tuple[tuple[int, str], ...],
    cut: tuple[int, ...],
) -> Matching:
    found = {name: _without_doubtful(ranked) for name, ranked in found.items()}
    undecided = _undecided(stacks, found)
    found = {
        name: [(rank, at) for rank, at in ranked if at not in undecided.get(name, ())]
        for name, ranked in found.items()
    }
    found = {name: ranked for name, ranked in found.items() if ranked}
    taken = {name: min(ranked)[1] for name, ranked in found.items()}
    clashes = [
        (name, taken[name], position)
        for name, ranked in found.items()
        for _, position in sorted(ranked)[1:]
    ]
    settled, at_odds = _settled(stacks, schema, taken)
    spoken_for = {
        *taken.values(), *(p for _, _, p in clashes), *(p for p, _ in other_units),
        *(p for positions in undecided.values() for p in positions),
    }
    unused = tuple(
        p for p, stack in enumerate(stacks) if p not in spoken_for and "".join(stack).strip()
    )
    ranks = {name: min(ranked)[0] for name, ranked in found.items()}
    guessed = tuple(
        (at, name) for name, at in taken.items() if 0 < ranks[name] < DOUBTFUL_RANK
        and not _is_own(stacks[at], _column_of(schema, name))
    )
    doubtful = tuple((at, name) for name, at in taken.items() if ranks[name] >= DOUBTFUL_RANK)
    return Matching(
        taken, tuple(clashes), other_units, cut, unused, tuple(sorted(guessed)), settled,
        doubtful, tuple(undecided.items()), at_odds,
    )


def _without_doubtful(ranked: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the headers of a column; doubtful ones only where there are no others."""
    certain = [(rank, at) for rank, at in ranked if rank < DOUBTFUL_RANK]
    return certain or ranked


def _bases_in(stack: Sequence[str]) -> set[str]:
    """Return the ways of counting persons that a header names."""
    return {basis for basis in ("户籍", "常住") if any(basis in fold(text) for text in stack)}


def _undecided(
    stacks: Sequence[Sequence[str]], found: Mapping[str, list[tuple[int, int]]]
) -> dict[str, tuple[int, ...]]:
    """Return the columns of elderly persons that are given by different ways of counting.

    The way in which all persons are counted decides, where their header names one; the others
    are left over, and all of them where it names none.
    """
    people = found.get("population")
    heeded = _bases_in(stacks[min(people)[1]]) if people else set()
    undecided = {}
    for name, ranked in found.items():
        bases = {at: _bases_in(stacks[at]) for _, at in ranked}
        chosen = min(ranked)
        if not name.startswith("elderly_") or chosen[0] == 0 or not bases[chosen[1]]:
            continue
        if len({frozenset(basis) for basis in bases.values() if basis}) > 1:
            undecided[name] = tuple(at for at, basis in bases.items() if basis != heeded)
    return undecided


def _settled(
    stacks: Sequence[Sequence[str]], schema: Schema, taken: Mapping[str, int]
) -> tuple[dict[str, str], tuple[tuple[int, int], ...]]:
    """Return column -> code as headers settle it, and which headers are at odds about it.

    The header of a needed column is heeded before the others.
    """
    settled: dict[str, tuple[str, int]] = {}
    at_odds = []
    columns = [_column_of(schema, name) for name in taken if schema.has(name)]
    for column in sorted(columns, key=lambda column: not column.needed):
        at = taken[column.name]
        for part, other, code in column.settles:
            if not any(part in fold(text) for text in stacks[at]):
                continue
            heeded = settled.setdefault(other, (code, at))
            if heeded[0] != code and heeded[1] != at:
                at_odds.append((heeded[1], at))
    return {other: code for other, (code, _) in settled.items()}, tuple(at_odds)


def _is_own(stack: Sequence[str], column: Column) -> bool:
    """Tell whether a header is a column's own spelling, but for blanks and a mark of need."""
    text = unicodedata.normalize("NFKC", stack[-1]).strip("*: ").casefold()
    plain = "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cf")
    return plain in {column.name, column.chinese}


def _match_one(
    header: str, stack: Sequence[str], schema: Schema, wanted: Mapping[str, str]
) -> _Match | None:
    spelled = spellings_of(stack, others=schema.others)
    for text in (header, *spelled, stack[-1]):
        if fold(text) in wanted:
            return _Match(wanted[fold(text)], 0)
    for order, text in enumerate(spelled):
        match = _match_text(fold(text), schema)
        if match is not None:
            # What only the lowest of several rows says is the weakest of matches.
            return match if order + 1 < len(spelled) or len(stack) == 1 else _Match(
                match.name, match.rank + 3, match.fits
            )
    return None


@lru_cache(maxsize=16_384)
def _match_text(whole: str, schema: Schema) -> _Match | None:
    whole = _LEADING.sub("", whole)
    rewritten = whole
    for pattern, text in schema.rewritten:
        rewritten = pattern.sub(text, rewritten)
    for text in dict.fromkeys((whole, rewritten)):
        if (match := _match_spelling(text, schema)) is not None:
            return match
    return None


def _match_spelling(whole: str, schema: Schema) -> _Match | None:
    spelled = _spelled(schema)
    if whole in spelled:
        return _Match(*spelled[whole])
    for base, note in _with_notes(whole):
        if base in spelled:
            name, rank = spelled[base]
            return _Match(name, rank, fits=_note_fits(note, _column_of(schema, name)))
    return None


def _with_notes(whole: str) -> Iterator[tuple[str, str]]:
    """Yield what a header may be without its note, and the note: 面积(m2), 面积/m2, 面积m2."""
    for pattern in (_BRACKET, _SLASHED, _COLON):
        if part := pattern.match(whole):
            yield part["base"], part["note"]
    units = _units_behind()
    for unit in units if whole.endswith(units) else ():
        if whole.endswith(unit):
            yield whole.removesuffix(unit), unit


@cache
def _units_behind() -> tuple[str, ...]:
    """Return units that are read at the end of a header without a bracket, the longest first."""
    own = {fold(unit) for name in ("m2", "wan") for unit in UNITS[name]}
    others = {fold(unit) for unit in (*OTHER_UNITS, *_TIMES)}
    return tuple(sorted(own | others, key=len, reverse=True))


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
    own = {fold(unit) for unit in UNITS.get(column.unit, ())}
    own |= {fold(part) for part, _, _ in column.settles} | set(_NEUTRAL_NOTES)
    said = note.removeprefix("单位:").removeprefix("单位")
    return said in own or all(part in own for part in _NOTE_PARTS.split(said))


@cache
def _spelled(schema: Schema) -> Mapping[str, tuple[str, int]]:
    """Return folded spelling -> (canonical name, rank)."""
    table: dict[str, tuple[str, int]] = {}
    for column in (*schema.columns, *READ_POSITION):
        for rank, spelling in column.spellings():
            table.setdefault(fold(spelling), (column.name, rank))
    return table


def _column_of(schema: Schema, name: str) -> Column:
    return next(column for column in (*schema.columns, *READ_POSITION) if column.name == name)
