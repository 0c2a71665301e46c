"""The estates' ledger against the facilities': two ranges that tell of the same rooms."""

import numpy as np
import pandas as pd

# The ledger and the facilities tell the same when they differ by no more than this.
AGREE_M2 = 1.0
AGREE_SHARE = 0.02


def settle(ledger: pd.DataFrame, linked: pd.DataFrame) -> pd.DataFrame:
    """Return what counts of two ranges about the same rooms.

    Where they agree, the ledger; where the ledger leaves a range, what both allow; where they
    contradict, everything from the lower to the higher, and the lower figure is shown.
    """
    exact = ledger["low"].eq(ledger["high"])
    # A facility that may be somebody else's tells nothing of what an estate lacks.
    linked = linked.assign(high=linked["high"].mask(linked["maybe_not_theirs"], np.inf))
    gap = (linked["low"] - ledger["high"]).clip(lower=ledger["low"] - linked["high"])
    figure = ledger["high"].where(np.isfinite(ledger["high"]), 0.0)
    conflict = gap.gt(np.maximum(AGREE_M2, AGREE_SHARE * figure))
    ends = np.sort(
        np.column_stack(
            [np.maximum(ledger["low"], linked["low"]), np.minimum(ledger["high"], linked["high"])]
        ),
        axis=1,
    )
    low = ledger["low"].where(exact, ends[:, 0])
    high = ledger["high"].where(exact, ends[:, 1])
    low = low.mask(conflict, np.minimum(ledger["low"], linked["low"]))
    high = high.mask(conflict, np.maximum(ledger["high"], linked["high"]))
    certain = high.where(np.isfinite(high), low.where(low.gt(0)))
    shown = certain.mask(conflict, np.minimum(ledger["high"], linked["high"]))
    return pd.DataFrame({"low": low, "high": high, "shown": shown, "area_conflict": conflict})


def settle_rooms(ledger: pd.DataFrame, linked: pd.DataFrame) -> pd.DataFrame:
    """Return what counts of two ranges about the same rooms, some of which may not count.

    The ledger does not say where its rooms lie. Where it agrees with the facilities only if those
    in cellars are among its rooms, they are, and come off.
    """
    fit = settle(ledger, linked.assign(low=linked["fit_low"], high=linked["fit_high"]))
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
