"""Tables and maps with their numbers, in the order in which a document shows them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from geo.language import Message, joined, say, spoken
from report.briefing.content import MAP_MM, MapSheet, Pictures, Shown, Table
from report.word.markup import field, paragraph, run
from report.word.paper import Paper
from report.word.printed_table import IN_TEXT, Small, grid, notes

_NUMERALS: Final = "一二三四五六七八九十"


class Captions:
    """Adds tables to a paper and counts them; counts maps, which follow the text on large pages."""

    def __init__(self, paper: Paper, pictures: Pictures) -> None:
        self.paper, self._pictures = paper, pictures
        self._tables = 0
        self._maps: list[MapSheet] = []

    def title(self, title: Message) -> None:
        """Add the number and title of the table that comes next."""
        self._tables += 1
        words = _numbered(say("表"), "表", self._tables, title)
        self.paper.add(paragraph("Caption", words, properties="<w:keepNext/>"))

    def table(self, table: Table, shown: Shown, *, elsewhere: Message | None = None) -> None:
        """Add a table with its number, and what its figures are of.

        elsewhere
            Where the rows stand that are not shown here.
        """
        self.title(shown.title or table.title)
        add_table(self.paper, table, shown, small=IN_TEXT, elsewhere=elsewhere)

    def point_to(self, sheets: Sequence[MapSheet]) -> Message:
        """Return where to find maps, which are added with the others."""
        self._maps += [sheet for sheet in sheets if sheet not in self._maps]
        numbers = (say("图{number}", number=self._maps.index(sheet) + 1) for sheet in sheets)
        return say("（见{maps}）", maps=joined("、", *numbers))

    @property
    def maps(self) -> int:
        """Return how many maps were pointed to."""
        return len(self._maps)

    def add_maps(self) -> None:
        """Add the maps that were pointed to, each on a page on its side."""
        for number, sheet in enumerate(self._maps, start=1):
            if not self.paper.across:
                self.paper.turn(across=True)
            told = joined("；", sheet.title, *sheet.told)
            self.paper.add_picture(self._pictures(sheet, *MAP_MM), *MAP_MM, told=str(told))
            words = _numbered(say("图"), "图", number, sheet.title)
            self.paper.add(paragraph("Caption", words))


def add_table(
    paper: Paper, table: Table, shown: Shown, *, small: Small, elsewhere: Message | None = None
) -> None:
    """Add a table as it stands, and under it what its figures are of."""
    rows, columns = table.texts(shown.columns, most=shown.most), table.only(shown.columns)
    totals = 0 if table.total is None else 1
    paper.add(grid(columns, rows, paper.width, totals=totals, small=small))
    noted = replace(table, note=table.told(shown.columns))
    told = list(notes(noted, most=shown.most, elsewhere=elsewhere))
    line = say("注：{note}", note=joined(" ", *told))
    paper.add(paragraph("TableNote", run(line)) if told else paragraph("Blank"))


def _numbered(word: Message, kind: str, number: int, title: Message | str) -> str:
    """Return the words of a caption; its number is a field, so that others may add their own."""
    between = "" if spoken() == "zh" else " "
    counted = field(rf"SEQ {kind} \* ARABIC", str(number))
    return "".join((run(f"{word}{between}"), counted, run(f"\u3000{title}")))


def numeral(number: int) -> str:
    """Return a number as headings are counted: 一、二、三 in Chinese."""
    chinese = spoken() == "zh" and number <= len(_NUMERALS)
    return _NUMERALS[number - 1] if chinese else str(number)
