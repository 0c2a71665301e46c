"""The estates' ledger against the facilities': two ranges that tell of the same rooms."""

import numpy as np
import pandas as pd

# The ledger and the facilities tell the same when they differ by no more than this.
AGREE_M2 = 1.0
AGREE_SHARE = 0.02


def settle(ledger: pd.DataFrame, linked: pd.DataFrame, *, which: str = "") -> pd.DataFrame:
    """Return what counts of two ranges about the same rooms.

    Where they agree, the ledger; where the ledger leaves a range, what both allow; where they
    contradict, everything from the lower to the higher, and the lower figure is shown.

    which
        Begins the names of the columns of `linked` that hold its range.
    """
    least, most = (ledger[name].to_numpy() for name in ("low", "high"))
    theirs_least, theirs = (linked[f"{which}{name}"].to_numpy() for name in ("low", "high"))
    exact = least == most
    # A facility that may be somebody else's tells nothing of what an estate lacks.
    theirs_most = np.where(linked["maybe_not_theirs"].to_numpy(), np.inf, theirs)
    gap = np.maximum(theirs_least - most, least - theirs_most)
    figure = np.where(np.isfinite(most), most, 0.0)
    conflict = gap > np.maximum(AGREE_M2, AGREE_SHARE * figure)
    ends = np.sort(
        np.column_stack([np.maximum(least, theirs_least), np.minimum(most, theirs_most)]), axis=1
    )
    lower, higher = np.minimum(most, theirs_most), np.maximum(most, theirs_most)
    low = np.where(conflict, np.minimum(least, theirs_least), np.where(exact, least, ends[:, 0]))
    high = np.where(conflict, higher, np.where(exact, most, ends[:, 1]))
    certain = np.where(np.isfinite(high), high, np.where(low > 0, low, np.nan))
    shown = np.where(conflict, lower, certain)
    return pd.DataFrame(
        {"low": low, "high": high, "shown": shown, "area_conflict": conflict}, index=ledger.index
    )


def settle_rooms(ledger: pd.DataFrame, linked: pd.DataFrame) -> pd.DataFrame:
    """Return what counts of two ranges about the same rooms, some of which may not count.

    The ledger does not say where its rooms lie. Where it agrees with the facilities only if those
    in cellars are among its rooms, they are, and come off.
    """
    fit = settle(ledger, linked, which="fit_")
    if not linked["basement_room"].any():
        return fit
    whole = settle(ledger, linked)
    stated = ledger["low"].eq(ledger["high"])
    among = linked["basement_room"] & stated & ~(whole["area_conflict"] & ~fit["area_conflict"])
    out = (linked["low"] - linked["fit_high"]).clip(lower=0.0)
    least = linked["fit_low"].clip(upper=whole["low"])
    most = linked["fit_high"].clip(upper=whole["high"])
    most = most.mask(whole["area_conflict"], (whole["high"] - out).clip(lower=0.0))
    shown = most.mask(whole["area_conflict"], least)
    apart = whole.assign(low=least, high=most.clip(lower=least), shown=shown)
    return pd.DataFrame({name: fit[name].where(~among, apart[name]) for name in fit})
