"""What a briefing consists of: figures, sentences, tables, maps. Writers only print it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from analysis.evaluation import Evaluation
from analysis.explaining.explained import SHARE, with_unit
from geo.language import Message, headed, joined
from report.figures import NOTHING, measure, number, percent, unknown

Said = Message | str


class Kind(StrEnum):
    """What the cells of a column are, which says how every writer prints them."""

    TEXT = "text"
    COUNT = "count"  # people, households, estates, places: whole
    AREA = "area"  # square metres, whole from 1,000 up
    SHARE = "share"  # 0-1, printed as a percentage with one decimal
    AIM = "aim"  # 0-1, a share that a text asks for: as it stands there, 100%
    MINUTES = "minutes"  # one decimal
    MONEY = "money"  # 万元, two decimals at most
    FIGURE = "figure"  # any other number, whole from 1,000 up
    DEGREES = "degrees"  # six decimals, a tenth of a metre


class Heading(Message):
    """What stands over a column or a chapter: where a language has capitals it begins with one."""

    def __str__(self) -> str:
        """Return it in the language now spoken."""
        return headed(super().__str__())

    @classmethod
    def of(cls, title: Said) -> Said:
        """Return a title as a heading; a text that is no message as it stands."""
        return cls(title.template, title.values) if isinstance(title, Message) else title


@dataclass(frozen=True)
class Column:
    """One column of a table.

    key
        As the frame and a machine spell it.
    meaning
        What the field dictionary says of it.
    weight
        How wide it is beside the others where a page has to share its width.
    unit
        The column whose cells say what the numbers of this one are in, a row each; a number carries
        its unit where that column is not shown.
    share
        How a number is printed whose unit is a share.
    words
        How its texts are put where they are this program's own, as `headed`; None for names and
        other texts that somebody gave.
    """

    key: str
    title: Said
    kind: Kind = Kind.TEXT
    meaning: Message | None = None
    weight: float = 1.0
    unit: str = ""
    share: Kind = Kind.SHARE
    words: Callable[[str], str] | None = None

    def __post_init__(self) -> None:
        """Make a heading of the title."""
        object.__setattr__(self, "title", Heading.of(self.title))

    def within(self, units: Sequence[object]) -> "list[Column]":
        """Return this column as it prints a row of each of these units."""
        as_share = replace(self, kind=self.share)
        return [as_share if unit == SHARE else self for unit in units]

    def text(self, value: Any) -> str:  # noqa: ANN401 - a table's cell
        """Return a cell as it is printed; a dash for an unknown number, nothing for no text."""
        if self.kind is Kind.TEXT:
            if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN
                return ""
            return str(value) if self.words is None else self.words(str(value))
        if unknown(value):
            return NOTHING
        return _PRINTED[self.kind](float(value))


def short(value: float, digits: int) -> str:
    """Return a number without needless zeros."""
    printed = f"{value:,.{digits}f}"
    return printed.rstrip("0").rstrip(".") if "." in printed else printed


_PRINTED: Final[Mapping[Kind, Callable[[float], str]]] = {
    Kind.COUNT: number,
    Kind.AREA: measure,
    Kind.SHARE: percent,
    Kind.AIM: lambda value: f"{short(value * 100, 1)}%",
    Kind.MINUTES: lambda value: f"{value:.1f}",
    Kind.MONEY: lambda value: short(value, 2),
    Kind.FIGURE: measure,
    Kind.DEGREES: lambda value: f"{value:.6f}",
}


@dataclass(frozen=True, eq=False)
class Table:
    """A table as everybody prints it.

    rows
        A column a `Column`, by key; texts in words, numbers as numbers, unknown as NaN.
    total
        The last row, by key; none where adding up says nothing.
    note
        What the figures are of, and who is not among them.

    Notes
    -----
        What is to be said of a column besides, by its key: only where it is shown.
    """

    key: str
    title: Message
    columns: tuple[Column, ...]
    rows: pd.DataFrame
    total: Mapping[str, Any] | None = None
    note: Message | None = None
    notes: Mapping[str, Message] = field(default_factory=dict)

    def told(self, columns: Sequence[str] | None = None) -> Message | None:
        """Return the note with what is to be said of the columns that are shown; None for nothing.

        columns
            Keys of those shown; all where None.
        """
        shown = [column.key for column in self.only(columns)]
        said = [self.note, *(self.notes[key] for key in shown if key in self.notes)]
        parts = [each for each in said if each is not None]
        return joined("", *parts) if parts else None

    def texts(self, columns: Sequence[str] | None = None, *, most: int | None = None
              ) -> list[list[str]]:  # fmt: skip
        """Return the rows as printed, the total last.

        columns
            Keys of those wanted, in their order; all where None.
        most
            So many rows at most, from the top; the total is of all rows and stays.
        """
        shown = self.only(columns)
        rows = self.rows if most is None else self.rows.head(most)
        keys = {column.key for column in shown}
        printed = [list(row) for row in zip(*(_cells(each, rows, keys) for each in shown),
                                            strict=True)]  # fmt: skip
        if self.total is not None:
            printed.append(_sums(shown, self.total))
        return printed

    def only(self, columns: Sequence[str] | None = None) -> tuple[Column, ...]:
        """Return columns by key, in the order asked for; all where None."""
        known = {column.key: column for column in self.columns}
        return self.columns if columns is None else tuple(known[key] for key in columns)

    def __len__(self) -> int:
        """Return how many rows there are, without the total."""
        return len(self.rows)


def _cells(column: Column, rows: pd.DataFrame, shown: Collection[str]) -> list[str]:
    """Return the cells of a column; each with its unit where the column of units is not shown."""
    values = rows[column.key].tolist()
    if not column.unit:
        return [column.text(value) for value in values]
    units = rows[column.unit].tolist()
    texts = [each.text(value) for each, value in zip(column.within(units), values, strict=True)]
    if column.unit in shown:
        return texts
    return [text if unit == SHARE or text == NOTHING else str(with_unit(text, unit))
            for text, unit in zip(texts, units, strict=True)]  # fmt: skip


def _sums(shown: Sequence[Column], total: Mapping[str, Any]) -> list[str]:
    """Return the row of sums; what it is called stands in a column of words that is shown."""
    texts = [column.text(total[column.key]) if column.key in total else "" for column in shown]
    words = [place for place, column in enumerate(shown) if column.kind is Kind.TEXT]
    if words and not any(texts[place] for place in words):
        texts[words[0]] = next((str(each) for each in total.values() if isinstance(each, str)), "")
    return texts


@dataclass(frozen=True)
class KeyFigure:
    """One of the few figures that a meeting agrees on.

    key
        By which `carecircle explain` tells why.
    value
        As in the evaluation's summary; None where unknown.
    text
        As printed everywhere.
    of
        What it is of: its denominator, and what is not in it.
    """

    key: str
    label: Message
    value: float | None
    text: str
    of: tuple[Message, ...]


@dataclass(frozen=True)
class Stage:
    """One state of things that the agreed figures are told of.

    name
        On a switch between states.
    told
        Beside a figure of it.
    """

    name: Message
    told: Message
    figures: tuple[KeyFigure, ...]


class Drawn(StrEnum):
    """What a map shows."""

    STANDING = "standing"  # 现状: facilities by kind, estates, streets
    COVERAGE = "coverage"  # 覆盖: minutes of every estate, outlines of 5, 10, 15 minutes
    GAPS = "gaps"  # 缺口: verdict of every estate, uncovered people
    SITES = "sites"  # 建议: the sites proposed upon coverage as it stands
    CHANGE = "change"  # 对比: before and after, what becomes reachable
    STREET = "street"  # one street of the atlas: coverage, verdicts, facilities


@dataclass(frozen=True, eq=False)
class MapSheet:
    """One map: what it shows of which evaluation, and the words on its sheet.

    after
        The evaluation with the sites or the scenario; for SITES, CHANGE and STREET.
    spots
        Sites with `rank, name, gain_60plus`, in degrees; for SITES, CHANGE and STREET. For STREET
        also `gain_here`, what of the gain is in the street.
    area
        Id of the street shown alone; of the atlas.
    told
        What the sheet says beside the map: figures with their denominators.
    """

    key: str
    drawn: Drawn
    title: Said
    evaluation: Evaluation
    after: Evaluation | None = None
    spots: gpd.GeoDataFrame | None = None
    area: str | None = None
    told: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Basis:
    """What one number is of and how it came about, for whoever is asked in the meeting.

    name
        The number as it is printed, with its label.
    of
        Its denominator; for a count or a sum, what it was counted or added up from.
    formula
        How it is worked out, in figures where they are few.
    """

    name: Message
    of: Message
    formula: Message


@dataclass(frozen=True)
class Assertion:
    """The one sentence that a map, table or chart proves, and what its numbers are of."""

    said: Message
    bases: tuple[Basis, ...] = ()


# How large a map lies in a document, in mm: of one size it is drawn once for all of them.
MAP_MM: Final = (220.8, 137.6)
# Draws a map for a place of so many millimetres, across and down, as PNG: for whoever embeds it.
Pictures = Callable[[MapSheet, float, float], bytes]


@dataclass(frozen=True)
class Shown:
    """A table or map in the midst of a chapter.

    columns, most
        Which columns and how many rows at most a page of text has room for.
    title
        What it is called here; its own title where None.
    apart
        Whether the sentence before it says what it comes to: a paper has the table behind the text.
    """

    key: str
    columns: tuple[str, ...] | None = None
    most: int | None = None
    title: Message | None = None
    apart: bool = False


@dataclass(frozen=True)
class Chapter:
    """One chapter of the report: its heading, then sentences, tables and maps in their order."""

    key: str
    title: Said
    parts: tuple[Message | Shown, ...] = ()

    def __post_init__(self) -> None:
        """Make a heading of the title."""
        object.__setattr__(self, "title", Heading.of(self.title))


@dataclass(frozen=True, eq=False)
class Briefing:
    """Everything a document may say of a study, in one language, with nothing left to work out.

    headline
        Sentences that can be read aloud, with their denominators.
    figures
        The three to five agreed figures.
    stages
        The same figures of things as they are looked at, then of the proposal where there is one.
    tables, maps
        By key.
    chapters
        现状—需求—差距—布局建议—近期项目—分街道指引.
    steps
        What is to be done next, each with who and until when where that is known.
    caveats
        What must be said beside the figures: simulated data, unknown shares, lower bounds.
    sources
        Where the layers come from, with licence and date.
    assertions
        By the key of the map or table that proves it; none where the number is unknown.
    maker
        The office that signs the report and answers for the maps; the program where empty.
    """

    title: Said
    place: str
    on: date
    notice: str
    headline: tuple[Message, ...]
    figures: tuple[KeyFigure, ...]
    tables: Mapping[str, Table]
    maps: Mapping[str, MapSheet]
    chapters: tuple[Chapter, ...]
    stages: tuple[Stage, ...] = ()
    steps: tuple[Message, ...] = ()
    caveats: tuple[Message, ...] = ()
    sources: tuple[Said, ...] = ()
    assertions: Mapping[str, Assertion] = field(default_factory=dict)
    maker: str = ""
    evaluation: Evaluation = field(kw_only=True)
