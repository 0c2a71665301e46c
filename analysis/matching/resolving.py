"""Names in the layers of a study turned into names and ids that the other layers know.

What is surely meant is written the way its own layer writes it, so that everything computed later
finds it; what is doubted or unmatched stays as it was written, and is told. A name that would be
found as it is written, and of which the user said that it means something else, is marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.columns import words
from analysis.coverage.areas import Flags
from analysis.matching.answering import WRITTEN, Answer, answer_of, noticed
from analysis.matching.duplicates import doubled_rows
from analysis.matching.kept import Confirmed, read_confirmed
from analysis.matching.links import (
    CONFIRMED,
    NOT_LISTED,
    SERVES,
    Layers,
    known_rows,
    standing_in,
    written_as,
)
from analysis.matching.phases import phases_apart
from analysis.matching.told import (
    told_apart,
    told_changed,
    told_far,
    told_filled,
    told_open,
    told_phases,
    told_stale,
)
from geo.files.several_files import FILE
from geo.findings import Finding


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
    for link in WRITTEN:
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
    told = pd.DataFrame({"row": rows, "file": words(frame, FILE), "old": cells, "new": apart})
    return told_phases(SERVES, told[changed])


def named_layers(layers: Layers, study: Path, *, within_m: float) -> Resolved:
    """Return the layers of a study file with its names resolved. Errors: StudyError."""
    return resolve_names(layers, kept=read_confirmed(study), within_m=within_m)


def _written(
    layers: Layers, answer: Answer, *, within_m: float
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the layer with the sure names written out, and what is told of it."""
    link, frame = answer.link, layers[answer.link.layer]
    stale = told_stale(link, answer.kept)
    if link.level:
        frame, told = _areas_written(frame, answer, layers)
        return frame, [*told, *stale]
    spelled = _spelled(answer)
    far = _far(answer, within_m=within_m)
    changed = spelled[spelled["new"].ne(spelled["name"])]
    told = [
        *told_changed(link, changed[~changed.index.isin(far["wanted"])]),
        *told_far(link, far),
        *told_open(link, answer.asked, answer.known, answer.matches, within_m=within_m),
        *stale,
    ]
    frame = _rewritten(frame, answer, spelled, changed)
    return (_with_confirmed(frame, answer) if link == SERVES else frame), told


def _far(answer: Answer, *, within_m: float) -> pd.DataFrame:
    """Return what a person confirmed although it lies far off.

    Columns: wanted, name (as written), meant, metres, row, file.
    """
    pairs = _confirmed(answer)
    asked = answer.asked.iloc[pairs["wanted"].to_numpy()]
    metres = shapely.distance(
        asked.geometry.to_numpy(), answer.known.geometry.to_numpy()[pairs["known"]]
    )
    meant = words(answer.known, "name").to_numpy(dtype=object)[pairs["known"]]
    told = pairs.assign(name=asked["name"].to_numpy(), meant=meant, metres=metres,
                        row=asked["row"].to_numpy(), file=asked["file"].to_numpy())  # fmt: skip
    return told[told["metres"].gt(within_m)]


def _confirmed(answer: Answer) -> pd.DataFrame:
    """Return the pairs that a person confirmed: wanted, known."""
    by_person = answer.matches.table["how"].eq("confirmed")
    pairs = answer.matches.pairs
    return pairs[pairs["wanted"].isin(by_person.index[by_person])]


def _with_confirmed(frame: gpd.GeoDataFrame, answer: Answer) -> gpd.GeoDataFrame:
    """Return facilities with the ids of the estates that a person confirmed each serves."""
    pairs = _confirmed(answer)
    if pairs.empty:
        return frame.drop(columns=CONFIRMED, errors="ignore")
    ids = words(answer.known, "id").to_numpy(dtype=object)[pairs["known"]]
    at = answer.asked["at"].to_numpy()[pairs["wanted"]]
    lists = pd.Series(ids).groupby(at).agg("、".join).reindex(range(len(frame)))
    column = lists.astype("str").set_axis(frame.index)
    order = [*frame.columns.drop(CONFIRMED, errors="ignore")]
    order.insert(order.index(frame.geometry.name), CONFIRMED)
    return frame.assign(**{CONFIRMED: column})[order]


def _spelled(answer: Answer) -> pd.DataFrame:
    """Return each text asked for with `how`, and `new`: the way it is to be written.

    denied
        The user said that it means nothing that is called so.
    """
    table, pairs, known = answer.matches.table, answer.matches.pairs, answer.known
    mention = written_as(known, answer.link)
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
    told = pd.DataFrame(answer.asked[["name", "street", "in_file", "at", "row", "file"]])
    return told.assign(new=new.to_numpy(), how=table["how"].to_numpy(), denied=other)


def _rewritten(
    frame: gpd.GeoDataFrame, answer: Answer, spelled: pd.DataFrame, changed: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Return a layer in which some texts are written otherwise; other cells stay untouched."""
    if changed.empty:
        return frame
    link = answer.link
    column = words(frame, link.column).reset_index(drop=True)
    if link.by_row:
        rows = spelled[spelled["at"].isin(changed["at"])]
        cells = rows.groupby("at")["new"].agg("、".join)
        column[cells.index] = cells.astype("str")
    else:
        column = _row_by_row(answer, column, changed["new"])
    return frame.assign(**{link.column: column.set_axis(frame.index)})


def _row_by_row(
    answer: Answer, column: "pd.Series[str]", new: "pd.Series[str]"
) -> "pd.Series[str]":
    """Return a column in which each row is written as what it asks for is.

    new
        By the position of what is asked.
    """
    rows = answer.rows[answer.rows["wanted"].isin(new.index)]
    texts = column.to_numpy(dtype=object)
    texts[rows["at"].to_numpy()] = rows["wanted"].map(new).to_numpy(dtype=object)
    return pd.Series(texts, index=column.index, dtype="str")


def _areas_written(
    frame: gpd.GeoDataFrame, answer: Answer, layers: Layers
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return estates with the street or community of each: what it says, else where it lies."""
    link, known, matches = answer.link, answer.known, answer.matches
    standing = standing_in(frame, known)
    said = words(frame, link.column).reset_index(drop=True).str.strip()
    name = words(known, "name").reset_index(drop=True)
    there = pd.Series(standing.area).where(standing.area >= 0).map(name)
    means = pd.Series(name[matches.pairs["known"]].array, index=matches.pairs["wanted"].array)
    written = _row_by_row(answer, said, means[~means.index.duplicated(keep="last")])
    settled = answer.rows.loc[answer.rows["wanted"].lt(0), "at"].to_numpy()
    at = pd.Series(range(len(said)))
    written = written.mask(at.isin(settled), there.astype("str"))
    filled = written.isna() & there.notna()
    result = written.where(~filled, there).astype("str").set_axis(frame.index)
    row = frame["row"].reset_index(drop=True) if "row" in frame.columns else None
    rows = pd.DataFrame({"said": said, "new": written, "there": there, "covered": standing.covered})
    rows = rows.assign(
        row=row, name=words(frame, "name").array, file=words(frame, FILE).fillna("").array
    )
    told = told_apart(link, rows[~_unsure(answer, len(rows))])
    told += told_filled(link, rows)
    told += told_open(
        link, answer.asked, known, matches, only=noticed(layers, answer)
    )
    return _with_column(frame, link.column, result), told


def _unsure(answer: Answer, count: int) -> Flags:
    """Return of which rows nobody knows what they mean."""
    unsure = np.flatnonzero(answer.matches.table["status"].ne("matched"))
    flags = np.zeros(count, dtype=bool)
    flags[answer.rows.loc[answer.rows["wanted"].isin(unsure), "at"].to_numpy()] = True
    return flags


def _with_column(frame: gpd.GeoDataFrame, name: str, column: pd.Series) -> gpd.GeoDataFrame:
    """Return a layer with a column; a new one stands before the geometry, if it says anything."""
    if name in frame.columns:
        return frame.assign(**{name: column})
    if column.isna().all():
        return frame
    order = [*frame.columns]
    order.insert(order.index(frame.geometry.name), name)
    return frame.assign(**{name: column})[order]
