"""Names in the layers of a study turned into names and ids that the other layers know.

What is surely meant is written the way its own layer writes it, so that everything computed later
finds it; what is doubted or unmatched stays as it was written, and is told. A name that would be
found as it is written, and of which the user said that it means something else, is marked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import BETWEEN_NAMES, words
from analysis.coverage.areas import Flags
from analysis.matching.duplicates import doubled_rows
from analysis.matching.kept import Applied, Confirmed, applied, read_confirmed
from analysis.matching.links import (
    COMMUNITY,
    NOT_LISTED,
    OWNER,
    SERVES,
    STREET,
    Layers,
    Link,
    answered,
    asked_by_rows,
    known_rows,
    standing_in,
)
from analysis.matching.match import Matches
from analysis.matching.phases import phases_apart
from analysis.matching.told import (
    told_apart,
    told_changed,
    told_filled,
    told_open,
    told_phases,
    told_stale,
)
from geo.findings import Finding

LINKS: Final = (STREET, COMMUNITY, SERVES, OWNER)

@dataclass(frozen=True, eq=False)
class Answer:
    """What became of the names of one column.

    asked
        As `asked_by_rows` gives it.
    known
        The rows that may be meant.
    """

    link: Link
    asked: gpd.GeoDataFrame
    known: gpd.GeoDataFrame
    matches: Matches
    kept: Applied


@dataclass(frozen=True, eq=False)
class Resolved:
    """Layers with the names that are sure; `answers` tells of all names, by column."""

    layers: dict[str, gpd.GeoDataFrame]
    findings: tuple[Finding, ...] = ()
    answers: tuple[Answer, ...] = field(default=())


def resolve_names(
    layers: Layers, *, kept: Sequence[Confirmed] = (), within_m: float = np.inf
) -> Resolved:
    """Return the layers of a study, in metres, with the names that are sure written out.

    kept
        What the user confirmed.
    within_m
        Metres beyond which it is doubted that a facility serves an estate.
    """
    new = dict(layers)
    findings = _with_phases_apart(new)
    answers = []
    for link in LINKS:
        answer = answer_of(new, link, kept=kept, within_m=within_m)
        if answer is None:
            continue
        answers.append(answer)
        frame, told = _written(new, answer, within_m=within_m)
        new[link.layer] = frame
        findings += told
    findings += doubled_rows(new)
    return Resolved(new, tuple(findings), tuple(answers))


def _with_phases_apart(layers: dict[str, gpd.GeoDataFrame]) -> list[Finding]:
    """Write every phase that a facility serves with its own name; return what is told of it."""
    frame, known = layers.get(SERVES.layer), known_rows(layers, SERVES)
    if frame is None or known is None or SERVES.column not in frame.columns:
        return []
    called = {*words(known, "name").dropna(), *words(known, "id").dropna()}
    cells = words(frame, SERVES.column)
    apart = cells.map(partial(phases_apart, known=called), na_action="ignore").astype("str")
    changed = cells.notna() & apart.ne(cells)
    if not changed.any():
        return []
    layers[SERVES.layer] = frame.assign(**{SERVES.column: apart})
    rows = frame["row"] if "row" in frame.columns else pd.Series(pd.NA, index=frame.index)
    return told_phases(SERVES, rows[changed], cells[changed], apart[changed])


def named_layers(layers: Layers, study: Path, *, within_m: float) -> Resolved:
    """Return the layers of a study file with its names resolved. Errors: StudyError."""
    return resolve_names(layers, kept=read_confirmed(study), within_m=within_m)


def answer_of(
    layers: Layers, link: Link, *, kept: Sequence[Confirmed], within_m: float
) -> Answer | None:
    """Return what the names of a column mean; None where a layer or the column is absent."""
    frame, known = layers.get(link.layer), known_rows(layers, link)
    if frame is None or known is None or frame.empty:
        return None
    if link.column not in frame.columns and not link.level:
        return None
    asked = asked_by_rows(frame, link)
    if link.level:
        asked = _unsettled(asked, frame, known, link)
    own = [one for one in kept if (one.layer, one.column) == (link.layer, link.column)]
    said = applied(own, asked, known)
    matches = answered(
        asked, known, link, layers=layers, said=said.said if own else None, within_m=within_m
    )
    return Answer(link, asked, known, matches, said)


def _unsettled(
    asked: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, known: gpd.GeoDataFrame, link: Link
) -> gpd.GeoDataFrame:
    """Return the texts that some row writes without lying in an area called so."""
    standing = standing_in(frame, known)
    said = words(frame.reset_index(drop=True), link.column)
    name = words(known, "name").reset_index(drop=True)
    there = pd.Series(standing.area).where(standing.area >= 0).map(name)
    open_ = said[said.notna() & ~said.eq(there).fillna(value=False)].str.strip()
    return asked[asked["name"].isin(open_)].reset_index(drop=True)


def _written(
    layers: Layers, answer: Answer, *, within_m: float
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the layer with the sure names written out, and what is told of it."""
    link, frame = answer.link, layers[answer.link.layer]
    stale = told_stale(link, answer.kept)
    if link.level:
        frame, told = _areas_written(frame, answer)
        return frame, [*told, *stale]
    spelled = _spelled(answer)
    changed = spelled[spelled["new"].ne(spelled["name"])]
    told = [
        *told_changed(link, changed),
        *told_open(link, answer.asked, answer.known, answer.matches, within_m=within_m),
        *stale,
    ]
    return _rewritten(frame, link, spelled, changed), told


def _spelled(answer: Answer) -> pd.DataFrame:
    """Return each text asked for with `how`, and `new`: the way it is to be written.

    denied
        The user said that it means nothing that is called so.
    """
    table, pairs, known = answer.matches.table, answer.matches.pairs, answer.known
    mention = mentions(known) if answer.link.by_row else words(known, "id").to_numpy(dtype=object)
    means = pd.Series(mention[pairs["known"]], index=pairs["wanted"].to_numpy(), dtype="object")
    new = means.groupby(level=0).agg("、".join).reindex(table.index)
    old = answer.asked["name"].astype("object")
    # Whom a facility serves may be told by name; whose an entrance is, by id alone.
    literally = ["id", "exact"] if answer.link.by_row else ["id"]
    kept_as_written = table["how"].isin(literally) | new.isna()
    new = new.mask(kept_as_written, old)
    literal = old.isin(words(known, "id").dropna()) | old.isin(words(known, "name").dropna())
    denied = answer.kept.said.loc[answer.kept.said["decision"].ne("same"), "wanted"]
    other = table.index.isin(denied) & table["status"].ne("matched") & literal
    new = new.mask(other, old + NOT_LISTED)
    told = pd.DataFrame(answer.asked[["name", "at", "row", "row_name"]])
    return told.assign(new=new.to_numpy(), how=table["how"].to_numpy(), denied=other)


def mentions(known: pd.DataFrame) -> "np.typing.NDArray[np.object_]":
    """Return how each row may be named so that it alone is meant: by its name, else by its id."""
    name, ids = words(known, "name"), words(known, "id")
    clear = name.notna() & ~name.duplicated(keep=False) & ~name.isin(ids)
    clear &= ~name.str.contains(BETWEEN_NAMES, regex=True).fillna(value=True).astype(bool)
    spelled: np.typing.NDArray[np.object_] = name.where(clear, ids).to_numpy(dtype=object)
    return spelled


def _rewritten(
    frame: gpd.GeoDataFrame, link: Link, spelled: pd.DataFrame, changed: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Return a layer in which some texts are written otherwise; other cells stay untouched."""
    if changed.empty:
        return frame
    column = words(frame, link.column).reset_index(drop=True)
    if link.by_row:
        rows = spelled[spelled["at"].isin(changed["at"])]
        cells = rows.groupby("at")["new"].agg("、".join)
        column[cells.index] = cells.astype("str")
    else:
        new: Mapping[str, str] = dict(zip(changed["name"], changed["new"], strict=True))
        column = column.str.strip().replace(new)
    return frame.assign(**{link.column: column.set_axis(frame.index)})


def _areas_written(
    frame: gpd.GeoDataFrame, answer: Answer
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return estates with the street or community of each: what it says, else where it lies."""
    link, known = answer.link, answer.known
    standing = standing_in(frame, known)
    said = words(frame, link.column).reset_index(drop=True).str.strip()
    name = words(known, "name").reset_index(drop=True)
    there = pd.Series(standing.area).where(standing.area >= 0).map(name)
    pairs, text = answer.matches.pairs, answer.asked["name"].to_numpy(dtype=object)
    written = said.replace(dict(zip(text[pairs["wanted"]], name[pairs["known"]], strict=True)))
    filled = written.isna() & there.notna()
    result = written.where(~filled, there).astype("str").set_axis(frame.index)
    row = frame["row"].reset_index(drop=True) if "row" in frame.columns else None
    rows = pd.DataFrame({"said": said, "new": written, "there": there, "covered": standing.covered})
    rows = rows.assign(row=row, name=words(frame, "name").reset_index(drop=True))
    told = told_apart(link, rows, [*_open_texts(answer)])
    told += told_filled(link, rows)
    only = noticed(frame, answer)
    told += told_open(link, answer.asked, known, answer.matches, only=only)
    return _with_column(frame, link.column, result), told


def _with_column(frame: gpd.GeoDataFrame, name: str, column: pd.Series) -> gpd.GeoDataFrame:
    """Return a layer with a column; a new one stands before the geometry, if it says anything."""
    if name in frame.columns:
        return frame.assign(**{name: column})
    if column.isna().all():
        return frame
    order = [*frame.columns]
    order.insert(order.index(frame.geometry.name), name)
    return frame.assign(**{name: column})[order]


def noticed(frame: gpd.GeoDataFrame, answer: Answer) -> Flags:
    """Return which names asked for are told of: areas need not be drawn everywhere."""
    if not answer.link.level:
        return np.ones(len(answer.asked), dtype=bool)
    covered = standing_in(frame, answer.known).covered
    said = words(frame, answer.link.column).reset_index(drop=True).str.strip()
    here: Flags = answer.asked["name"].isin(said[covered].dropna()).to_numpy(dtype=bool)
    return here


def _open_texts(answer: Answer) -> "pd.Series[str]":
    unsure = answer.matches.table["status"].ne("matched").to_numpy(dtype=bool)
    texts: pd.Series[str] = answer.asked.loc[unsure, "name"]
    return texts
