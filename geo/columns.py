"""What a column and a layer are: names, Chinese headers, kinds, units and words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from geo.vocabulary import Words

Kind = Literal["text", "count", "number", "date", "flag", "word"]
Shape = Literal["point", "line", "polygon"]

FILE: Final = "file"
"""Column of a layer out of several files: the file of the row, named as findings name it."""

# Below every other way of matching a header.
DOUBTFUL_RANK = 20


@dataclass(frozen=True)
class Column:
    """One column of a layer.

    kind
        text; count (whole number, at least 0); number (at least 0); date; flag; word.
    words
        For a word: each code and the words that stand for it.
    lenient
        A word may be part of a longer text (“某某社区养老服务站”).
    settles
        (part of a header, other column, code): a header that fills another column.
    doubtful
        Headers that say nearly this; taken with a warning, and only where none says it.
    none
        Words in a cell of a number that state that there is none of it: 0, and told.
    """

    name: str
    chinese: str
    aliases: tuple[str, ...] = ()
    kind: Kind = "text"
    unit: str = ""
    needed: bool = False
    words: Words = field(default_factory=lambda: MappingProxyType({}))
    lenient: bool = False
    settles: tuple[tuple[str, str, str], ...] = ()
    doubtful: tuple[str, ...] = ()
    none: frozenset[str] = frozenset()

    def spellings(self) -> Iterator[tuple[int, str]]:
        """Yield (rank, spelling); the smallest rank is the best match."""
        yield 1, self.name
        yield 2, self.chinese
        for alias in self.aliases:
            yield 3, alias
        for alias in self.doubtful:
            yield DOUBTFUL_RANK, alias


# Groups of headers about whoever builds, owns or runs the thing.
OTHERS = re.compile(
    "物业|(运营|管理|建设|开发|施工|产权|主管|举办|托管|承接|责任)(单位|机构|方|主体|商|企业|公司|人)"
    "|法人|负责人|联系人|经办|车位|停车|幼儿园|托育|托幼|商业|商铺|学校|食堂|医务室|周边"
)


@dataclass(frozen=True, eq=False)
class Schema:
    """One layer: its columns, the shapes its rows may have, and the first letter of absent ids.

    rewritten
        (pattern, text): parts of folded headers that are said in many ways, and the one way that
        the spellings of its columns have.
    others
        What groups of headers may speak of that is not the thing of a row: under them a header
        does not stand for itself.
    """

    layer: str
    chinese: str
    prefix: str
    shapes: frozenset[Shape]
    columns: tuple[Column, ...]
    rewritten: tuple[tuple[re.Pattern[str], str], ...] = ()
    others: re.Pattern[str] = OTHERS

    def column(self, name: str) -> Column:
        """Return the column of this name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def has(self, name: str) -> bool:
        """Tell whether the layer has a column of this name."""
        return any(column.name == name for column in self.columns)
