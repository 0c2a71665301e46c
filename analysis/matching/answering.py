"""What became of the names of one column: asked, compared, settled by place or by a person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.coverage.areas import Flags
from analysis.matching.applied import Applied, Sides, applied
from analysis.matching.area_streets import Streets
from analysis.matching.asking import KEY, asked_by_rows, once, told_rows
from analysis.matching.kept import Confirmed
from analysis.matching.links import (
    ANY,
    COMMUNITY,
    OWNER,
    PEOPLE,
    SERVES,
    STREET,
    Layers,
    Link,
    answered,
    known_rows,
    reader,
    standing_in,
    study_areas,
    written_as,
)
from analysis.matching.match import Matches
from analysis.matching.names import named_street

WRITTEN: Final = (STREET, COMMUNITY, SERVES, OWNER)
"""Columns in which sure names are written out; people are put onto their areas before."""

LINKS: Final = (*WRITTEN, PEOPLE)

IN_STREET: Final = "in_street"


@dataclass(frozen=True, eq=False)
class Answer:
    """What became of the names of one column.

    rows
        As `told_rows` gives them, with wanted: the position in `asked`, -1 where a row lies in
        the area it names, which nobody is asked about.
    asked
        As `asked_by_rows` gives it, of these rows.
    known
        The rows that may be meant, with in_street: the street of each as people write it; empty
        where unknown.
    """

    link: Link
    rows: pd.DataFrame
    asked: gpd.GeoDataFrame
    known: gpd.GeoDataFrame
    matches: Matches
    kept: Applied


def answer_of(
    layers: Layers, link: Link, *, kept: Sequence[Confirmed], within_m: float
) -> Answer | None:
    """Return what the names of a column mean; None where a layer or the column is absent."""
    frame, known = layers.get(link.layer), known_rows(layers, link)
    if frame is None or known is None or frame.empty:
        return None
    if link.column not in frame.columns and not link.level:
        return None
    told = told_rows(layers, link)
    asked = told if link.by_row else once(told)
    own = [one for one in kept if (one.layer, one.column) == (link.layer, link.column)]
    said = applied(_streets_renamed(own, kept), _sides(layers, link, asked, known))
    rows = pd.DataFrame(told.drop(columns="geometry"))
    rows = rows.assign(wanted=_numbers(rows, asked, link))
    if link.level:
        placed = _placed(layers, told, known, link)
        # What a person said goes before where a row lies.
        rows["wanted"] = rows["wanted"].mask(placed & ~rows["wanted"].isin(said.said["wanted"]), -1)
        asked, rows, said = _only_open(asked, rows, said)
    matches = answered(
        asked, known, link, layers=layers, said=said.said if own else None, within_m=within_m
    )
    return Answer(link, rows, asked, with_streets(layers, known, link), matches, said)


def with_streets(layers: Layers, known: gpd.GeoDataFrame, link: Link) -> gpd.GeoDataFrame:
    """Return what may be meant with the street of each estate and community."""
    streets = Streets(layers.get("boundaries"))
    if link.level:
        small = words(known, "level").eq("community").to_numpy(dtype=bool)
        inside = streets.spelled(streets.of_areas(known))
        told = [street if own else "" for street, own in zip(inside, small, strict=True)]
    else:
        lies = pd.Series(streets.spelled(streets.around(known)), index=known.index)
        told = [*words(known, "street").fillna(lies)]
    return known.assign(**{IN_STREET: pd.array(told, dtype="str")})


def rows_decided(layers: Layers, link: Link, decisions: Sequence[Confirmed]) -> Applied | None:
    """Return which decisions fit what is asked now; None where a layer is absent."""
    frame, known = layers.get(link.layer), known_rows(layers, link)
    if frame is None or known is None or frame.empty:
        return None
    return applied(decisions, _sides(layers, link, asked_by_rows(layers, link), known))


def _numbers(rows: pd.DataFrame, asked: pd.DataFrame, link: Link) -> "np.typing.NDArray[np.int64]":
    """Return for each row the position of what it asks for."""
    if link.by_row:
        return np.arange(len(rows))
    numbers: np.typing.NDArray[np.int64] = (
        rows[KEY].merge(asked[KEY].assign(at=range(len(asked))), on=KEY, how="left")["at"]
    ).to_numpy(dtype=np.int64)
    return numbers


def _streets_renamed(own: Sequence[Confirmed], kept: Sequence[Confirmed]) -> list[Confirmed]:
    """Return decisions under the streets that others say their streets are.

    A street and its communities may be confirmed in one go, from one form.
    """
    new = {
        one.asked: one.to_name for one in kept
        if (one.layer, one.column) == (STREET.layer, STREET.column) and one.decision == "same"
    }  # fmt: skip
    return [
        one.model_copy(update={"street": new[one.street]}) if one.street in new else one
        for one in own
    ]


def _sides(
    layers: Layers, link: Link, asked: gpd.GeoDataFrame, known: gpd.GeoDataFrame
) -> Sides:
    asked_in: Sequence[str | None] = [None] * len(asked)
    known_in: Sequence[str | None] = [None] * len(known)
    if link.by_street:
        streets = Streets(layers.get("boundaries"))
        asked_in = streets.named(asked["street"])
        known_in = streets.of_areas(known) if link.level else streets.around(known)
    return Sides(asked, known, written_as(known, link), asked_in, known_in)


def _placed(
    layers: Layers, told: gpd.GeoDataFrame, known: gpd.GeoDataFrame, link: Link
) -> "pd.Series[bool]":
    """Return which rows lie in an area called as they write it, and in no other street than told.

    Of names that repeat from street to street, what they are called is compared, not the spelling.
    """
    area = standing_in(told, known).area
    name = words(known, "name").reset_index(drop=True).fillna("")  # an area may have none
    there = pd.Series(area).where(area >= 0).map(name)
    same: pd.Series[bool] = told["name"].eq(there).fillna(value=False).astype(bool)
    if not link.by_street or not (area >= 0).any():
        return same
    read = reader(link, study_areas(layers))
    streets = Streets(layers.get("boundaries"))
    lies, says = streets.of_areas(known), streets.named(told["street"])
    also = [
        at >= 0 and read(one).key == read(other).key and says[n] in {None, lies[at]}
        and named_street(read(one)) in {None, lies[at]}
        for n, (at, one, other) in enumerate(zip(area, told["name"], there, strict=True))
    ]  # fmt: skip
    settled: pd.Series[bool] = same | pd.Series(also, index=told.index)
    return settled


def _only_open(
    asked: gpd.GeoDataFrame, rows: pd.DataFrame, said: Applied
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, Applied]:
    """Return what some row still asks for, numbered anew."""
    open_ = np.unique(rows.loc[rows["wanted"].ge(0), "wanted"])
    number = pd.Series(np.arange(len(open_)), index=open_)
    rows = rows.assign(wanted=rows["wanted"].map(number).fillna(-1).astype("int64"))
    positions = said.said[said.said["wanted"].isin(open_)]
    positions = positions.assign(wanted=positions["wanted"].map(number).astype("int64"))
    return (
        asked.iloc[open_].reset_index(drop=True), rows,
        replace(said, said=positions.reset_index(drop=True)),
    )  # fmt: skip


def noticed(layers: Layers, answer: Answer) -> Flags:
    """Return which names asked for are told of: areas need not be drawn everywhere."""
    if answer.link.level in {"", ANY}:
        return np.ones(len(answer.asked), dtype=bool)
    covered = standing_in(layers[answer.link.layer], answer.known).covered
    here = np.zeros(len(answer.asked), dtype=bool)
    wanted = answer.rows["wanted"].to_numpy()
    here[wanted[covered[answer.rows["at"]] & (wanted >= 0)]] = True
    return here
