"""People whose area is written otherwise: what is surely meant, said, or resembled."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from analysis.columns import words
from analysis.matching.answering import Answer, answer_of
from analysis.matching.kept import Confirmed
from analysis.matching.links import PEOPLE
from analysis.matching.told import likely, told_changed, told_stale
from geo.findings import Finding
from geo.language import Message, say


@dataclass(frozen=True, eq=False)
class Where:
    """The file of each row: that of the layer, unless the rows are of several."""

    file: str
    files: Mapping[Hashable, str]

    def of(self, at: Hashable) -> str:
        """Return the file of a row."""
        return self.files.get(at, self.file)


@dataclass(frozen=True, eq=False)
class OtherNames:
    """What became of the names of people without a place, by the index of the row.

    area
        Position of the area among those with a place.
    settled
        Rows of which a person said what they mean, or that they mean none.
    like
        What a name may mean that is not sure.
    """

    area: "pd.Series[int]"
    settled: pd.Index
    like: dict[Hashable, Message]
    answer: Answer | None = None
    rows: pd.DataFrame | None = None
    stale: tuple[Finding, ...] = ()

    def told(self, taken: pd.Index, where: Where) -> Iterator[Finding]:
        """Yield what is told of rows that were put onto an area of another spelling.

        taken
            Rows that were.
        """
        yield from self.stale
        if self.answer is None or self.rows is None:
            return
        table, known = self.answer.matches.table, words(self.answer.known, "name")
        rows = self.rows[self.rows.index.isin(taken)]
        changed = pd.DataFrame(
            {
                "name": rows["name"], "new": known.iloc[self.area.loc[rows.index]].to_numpy(),
                "how": table["how"].loc[rows["wanted"]].to_numpy(), "denied": False,
                "file": [where.of(at) for at in rows.index], "row": rows["row"],
            }
        )  # fmt: skip
        yield from told_changed(PEOPLE, changed)
        for at, name, row, wanted in rows_of(self.rows):
            if table["reason"].loc[wanted] == "said_none":
                message = say("已确认不在边界图层中，其人口未能落到住处。")
                yield Finding("info", "population", message, None, where.of(at), row, value=name)


def rows_of(rows: pd.DataFrame) -> Iterator[tuple[Hashable, str, int, int]]:
    """Yield index, name, row and position of what is asked, row by row."""
    yield from zip(rows.index, rows["name"], rows["row"].astype(int), rows["wanted"], strict=True)


def by_other_names(
    people: gpd.GeoDataFrame, boundaries: gpd.GeoDataFrame, kept: Sequence[Confirmed]
) -> OtherNames:
    """Return what the names of people without a place mean, spelling and phrasing aside."""
    layers = {PEOPLE.layer: people, PEOPLE.known: boundaries}
    answer = answer_of(layers, PEOPLE, kept=kept, within_m=float("inf"))
    if answer is None:
        return OtherNames(pd.Series(dtype="int64"), people.index[:0], {})
    rows = answer.rows.set_axis(people.index[answer.rows["at"]])
    pairs = answer.matches.pairs.drop_duplicates("wanted", keep="last").set_index("wanted")
    area = rows["wanted"].map(pairs["known"]).dropna().astype("int64")
    said = answer.kept.said
    final = said.loc[said["decision"].ne("different"), "wanted"]
    like = likely(answer.known, answer.matches)
    texts = {*words(people, "name").dropna(), *words(people, "street").dropna()}
    stale = [
        one for one in told_stale(PEOPLE, answer.kept)
        if one.value not in texts or one.value in {each.asked for each in answer.kept.without_known}
    ]  # fmt: skip
    return OtherNames(
        area, rows.index[rows["wanted"].isin(final)],
        {at: like[wanted] for at, wanted in rows["wanted"].items() if wanted in like},
        answer, rows, tuple(stale),
    )  # fmt: skip
