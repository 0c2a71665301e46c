"""What became of each facility between two periods, one change a row."""

from collections.abc import Iterator
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.columns import dates, figures, words
from analysis.coverage.areas import place_points
from analysis.periods.stock import BUILT, CLOSED, LATE, OPENED, SIZE

COLUMNS: Final = (
    "facility_id", "name", "category", "change", "before", "after", "event", "event_on",
    "counts_as",
)  # fmt: skip
MOVED_M: Final = 1.0
_SAME_M2: Final = 0.005


def facility_changes(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, events: pd.DataFrame
) -> pd.DataFrame:
    """Return the changes of all facilities, by kind of change, then in the order of the layer.

    before, after, events
        As `period_stock` has them, in one metric CRS.

    before, after hold the status, metres or figures of a change as text; counts_as is `built` or
    `late_records`.
    """
    parts = [_coming(before, after, events), _going(before, after, events)]
    both = events[events["before"].ge(0) & events["after"].ge(0)]
    parts += [part for part in _altered(before, after, both) if len(part)]
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=list(COLUMNS)).astype({"event_on": "datetime64[ns]"})
    return pd.concat(filled, ignore_index=True)[list(COLUMNS)]


def _coming(before: pd.DataFrame, after: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Return the facilities newly in use, and those listed for the first time."""
    come = events[events["after"].ge(0) & ~events["was"] & events["event"].ne(CLOSED)]
    come = come[come["now"] | come["before"].lt(0)]
    come = pd.concat([come, events[events["was"] & events["event"].eq(OPENED)]]).sort_index()
    rows = after.iloc[come["after"]]
    opened, accepted, handed = (
        dates(rows, name) for name in ("opened_on", "accepted_on", "handed_over_on")
    )
    proof = np.select(
        [opened.notna(), accepted.isna() & handed.isna(), handed.ge(accepted) | accepted.isna()],
        ["opened_on", "", "handed_over_on"], "accepted_on",
    )  # fmt: skip
    proved = pd.concat([accepted, handed], axis=1).max(axis=1)
    return _rows(
        rows,
        change=np.where(come["now"], OPENED, "listed"),
        before=_at(before, come["before"], "status"),
        after=words(rows, "status").to_numpy(),
        event=proof,
        event_on=opened.fillna(proved).to_numpy(),
        counts_as=np.where(come["event"].eq(OPENED), BUILT, LATE),
    )


def _going(before: pd.DataFrame, after: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Return the facilities that are no longer in use, and those that are listed no more."""
    left = events[events["event"].eq(CLOSED) | (events["was"] & ~events["now"])
                  | events["after"].lt(0)]
    here = left["after"].ge(0).to_numpy()
    at = left["after"].where(left["after"].ge(0), 0)
    rows = pd.concat([after.iloc[left["after"][here]], before.iloc[left["before"][~here]]])
    order = np.argsort(np.concatenate([np.flatnonzero(here), np.flatnonzero(~here)]))
    rows = rows.iloc[order]
    used = left["was"] | left["event"].eq(CLOSED)
    day = dates(rows, "closed_on")
    return _rows(
        rows,
        change=np.where(used, CLOSED, "removed"),
        before=_at(before, left["before"], "status"),
        after=np.where(here, _at(after, at, "status"), ""),
        event=np.where(day.notna(), "closed_on", ""),
        event_on=day.to_numpy(),
        counts_as=np.where(left["event"].eq(CLOSED), BUILT, LATE),
    )


def _altered(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, both: pd.DataFrame
) -> Iterator[pd.DataFrame]:
    """Yield what is told otherwise of facilities that both periods have: all late records."""
    old = before.iloc[both["before"]].reset_index(drop=True)
    new = after.iloc[both["after"]].reset_index(drop=True)
    spots = (place_points(frame.geometry) for frame in (old, new))
    apart = np.nan_to_num(shapely.distance(*spots))
    yield _some(new, apart > MOVED_M, "moved", "", [f"{metres:.0f} m" for metres in apart])
    for name in SIZE:
        was, now = figures(old, name), figures(new, name)
        other = ((was - now).abs().gt(_SAME_M2) | (was.isna() != now.isna())).to_numpy()
        yield _some(new, other, "resized", *(_told(name, values) for values in (was, now)))
    told = {"renamed": "name", "category_changed": "category", "status_changed": "status"}
    for change, name in told.items():
        was, now = (words(frame, name).fillna("") for frame in (old, new))
        other = was.ne(now).to_numpy()
        if name == "status":  # coming into and going out of use are told as such
            other = other & (both["was"].eq(both["now"]) & both["event"].eq("")).to_numpy()
        yield _some(new, other, change, was, now)


def _some(  # a row for each facility of which something is told otherwise
    facilities: pd.DataFrame, which: np.ndarray, change: str, *told: object
) -> pd.DataFrame:
    was, now = told
    rows = _rows(
        facilities, change=change, before=was, after=now, event="",
        event_on=pd.NaT, counts_as=LATE,
    )  # fmt: skip
    return rows[np.asarray(which, dtype=bool)]


def _rows(facilities: pd.DataFrame, **columns: Any) -> pd.DataFrame:  # noqa: ANN401 - cells
    table = pd.DataFrame(
        {
            "facility_id": words(facilities, "id").to_numpy(),
            "name": words(facilities, "name").to_numpy(),
            "category": words(facilities, "category").to_numpy(),
        }
    ).assign(**{name: _plain(values) for name, values in columns.items()})
    days = pd.to_datetime(table["event_on"]).astype("datetime64[ns]")
    texts = ("change", "before", "after", "event", "counts_as")
    return table.assign(
        event_on=days, **{name: table[name].astype("str").fillna("") for name in texts}
    )


def _plain(values: Any) -> Any:  # noqa: ANN401 - cells
    return values.to_numpy() if isinstance(values, pd.Series) else values


def _at(frame: pd.DataFrame, position: pd.Series, name: str) -> np.ndarray:
    """Return words at positions; empty at -1."""
    column = words(frame, name).reset_index(drop=True)
    found: np.ndarray = column.reindex(position.to_numpy()).fillna("").to_numpy()
    return found


def _told(name: str, values: pd.Series) -> pd.Series:
    told = [f"{name}=" if pd.isna(value) else f"{name}={value:.15g}" for value in values]
    return pd.Series(told, index=values.index, dtype="str")
