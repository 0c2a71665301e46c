"""Headers of a file matched to the columns of a layer; no cells are read and nothing is raised."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from types import MappingProxyType

from geo.columns import DOUBTFUL_RANK
from geo.ledgers.folded import fold, simplified
from geo.ledgers.han_figures import han_number
from geo.ledgers.header_notes import Sense, changes_nothing, sense_of, times_own, with_notes
from geo.ledgers.header_stacks import spellings_of
from geo.ledgers.header_systems import SHIFTED_RANK, without_system
from geo.ledgers.numbers import figure
from geo.schema import READ_POSITION, Column, Schema

__all__ = ["Matching", "column_meant", "fold", "match_headers", "simplified"]

# “1.名称”, “(必填)名称”
_LEADING = re.compile(r"^(\d{1,2}[.、]|[(\[【](必填|选填|可选)[)\]】])(?=\D)|^其中[:：]?(?=.)")
# Ages in words, and “60 and above” in signs.
_HAN_AGE = re.compile("[六七八九]十五?(?=周?岁)")
_INCLUDED = re.compile(r"(?<=岁)\((?:含|含本数)\)(?=以上)|(?<=岁)含以上")


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
    scaled
        (position, canonical name, times): the header names a multiple of the column's unit. Its
        figures are of the column only after `with_scaled`, by who multiplies them.
    settled_by_scaled
        What these headers settle.
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
    scaled: tuple[tuple[int, str, float], ...] = ()
    settled_by_scaled: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def with_scaled(self) -> "Matching":
        """Return a matching that takes headers of a multiple of the unit, where none is of it."""
        taken: dict[str, tuple[int, float]] = {}
        for position, name, factor in self.scaled:
            if name not in self.columns:
                taken.setdefault(name, (position, factor))
        others = tuple(
            each for each in self.other_units if each[0] not in {at for at, _ in taken.values()}
        )
        return replace(
            self, columns={**self.columns, **{name: at for name, (at, _) in taken.items()}},
            other_units=others,
            scaled=tuple((at, name, times) for name, (at, times) in taken.items()),
            settled={**self.settled_by_scaled, **self.settled} if taken else self.settled,
        )

    def times(self, name: str) -> float:
        """Return what the figures of a column are multiplied by."""
        return next((times for _, scaled, times in self.scaled if scaled == name), 1.0)


@dataclass(frozen=True)
class _Match:
    """The column a header means; the smallest rank is the best match."""

    name: str
    rank: int
    fits: bool = True
    times: float = 1.0


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
    unfit: list[tuple[int, _Match]] = []
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
            unfit.append((position, match))
        elif match is not None:
            found.setdefault(match.name, []).append((match.rank, position))
    stacks = [levels[p] if p < len(levels) else (header,) for p, header in enumerate(headers)]
    other_units = tuple((position, match.name) for position, match in unfit)
    matching = _settle(stacks, schema, found, other_units, tuple(cut))
    return _and_scaled(matching, stacks, schema, unfit)


def _and_scaled(
    matching: Matching,
    stacks: Sequence[Sequence[str]],
    schema: Schema,
    unfit: Sequence[tuple[int, _Match]],
) -> Matching:
    scaled = [(at, match.name, match.times) for at, match in unfit if match.times != 1]
    settled, _ = _settled(stacks, schema, {name: at for at, name, _ in scaled})
    return replace(matching, scaled=tuple(scaled), settled_by_scaled=settled)


def column_meant(header: str, schema: Schema) -> str:
    """Return the column that one header means by itself; empty where it means none."""
    match = _match_text(fold(header), schema)
    return match.name if match is not None and match.fits else ""


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
            # 配建 before 面积 spells 建面 by accident.
            if not any(part in fold(text).replace("配建", "") for text in stacks[at]):
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
            alone = order + 1 == len(spelled) and len(stack) > 1
            return replace(match, rank=match.rank + 3) if alone else match
    return None


@lru_cache(maxsize=16_384)
def _match_text(whole: str, schema: Schema) -> _Match | None:
    whole = _with_plain_age(_LEADING.sub("", whole))
    rewritten = whole
    for pattern, text in schema.rewritten:
        rewritten = pattern.sub(text, rewritten)
    for text in dict.fromkeys((whole, rewritten)):
        if (match := _match_spelling(text, schema)) is not None:
            return match
    return _match_system(whole)


def _with_plain_age(whole: str) -> str:
    """Return a folded header with its age in figures: 六十岁以上 is 60岁以上."""
    if "岁" not in whole:
        return whole
    aged = _HAN_AGE.sub(lambda match: figure(han_number(match.group()) or 0), whole)
    return _INCLUDED.sub("", aged)


def _match_system(whole: str) -> _Match | None:
    """Return the coordinate that a header means that names a system too: 百度经度."""
    plain, system = without_system(whole)
    name, rank = _spelled_places().get(plain, ("", 0))
    return _Match(name, rank + 2 + SHIFTED_RANK.get(system, 0)) if system and name else None


def _match_spelling(whole: str, schema: Schema) -> _Match | None:
    spelled = _spelled(schema)
    if whole in spelled:
        return _Match(*spelled[whole])
    for base, note, bracketed in with_notes(whole):
        # 户数（户）（必填） has a note beside a note.
        inner = _Match(*spelled[base]) if base in spelled else None
        if inner is None and bracketed:
            inner = _match_spelling(base, schema)
        if inner is None or not inner.fits:
            if inner is None:
                continue
            return inner
        name, rank = inner.name, inner.rank
        column = _column_of(schema, name)
        sense = sense_of(note, column, bracketed=bracketed)
        if sense in {"other", "apart", "note"} and bracketed:
            # 床位数（护理型） is 护理型床位数, 户数（规划许可） is 规划户数.
            planned = f"规划{base}" if note.startswith("规划") else ""
            for together in (f"{note}{base}", f"{base}{note}", planned):
                if together in spelled:
                    return _Match(*spelled[together])
        if sense in {"other", "apart"}:
            return _Match(name, rank, fits=False, times=times_own(note, column))
        return _Match(name, _rank_with(note, sense, rank, column), times=times_own(note, column))
    return None


def _rank_with(note: str, sense: Sense, rank: int, column: Column) -> int:
    """Return the rank of a header with a note that fits its column."""
    if sense == "nearly":
        return max(rank, DOUBTFUL_RANK)
    if sense == "own":
        return rank
    if column.unit == "degrees":
        return rank + 2 + SHIFTED_RANK.get(without_system(note)[1], 0)
    # What stands in brackets behind a text or date is a word of its own: 街道（镇）.
    if column.kind not in {"count", "number"}:
        return rank + 2
    return rank if changes_nothing(note, column) else max(rank, DOUBTFUL_RANK)


def _match_cut(beginning: str, schema: Schema, *, figures: bool) -> str | None:
    """Return the one column with a spelling that begins so; None where there are more or none."""
    kinds = {"count", "number", "date"} if figures else {"text", "date", "flag", "word"}
    names = {
        name
        for spelling, (name, _) in _spelled(schema).items()
        if spelling.startswith(beginning) and _column_of(schema, name).kind in kinds
    }
    return names.pop() if len(names) == 1 else None


@cache
def _spelled(schema: Schema) -> Mapping[str, tuple[str, int]]:
    """Return folded spelling -> (canonical name, rank)."""
    table: dict[str, tuple[str, int]] = {}
    for column in (*schema.columns, *READ_POSITION):
        for rank, spelling in column.spellings():
            table.setdefault(fold(spelling), (column.name, rank))
    return table


@cache
def _spelled_places() -> Mapping[str, tuple[str, int]]:
    return {
        fold(spelling): (column.name, rank)
        for column in READ_POSITION for rank, spelling in reversed([*column.spellings()])
    }


def _column_of(schema: Schema, name: str) -> Column:
    return next(column for column in (*schema.columns, *READ_POSITION) if column.name == name)
