"""Which facilities are in use on a date, as their status and their dates say."""

from datetime import date

import pandas as pd

from analysis.columns import dates, not_before, words


def status_of(facilities: pd.DataFrame) -> pd.Series:
    """Return the status of each facility: without the column all operate; missing where blank."""
    status = words(facilities, "status")
    return status if "status" in facilities.columns else status.fillna("operating")


def in_use(facilities: pd.DataFrame, *, on: date) -> pd.Series:
    """Return which facilities are certainly in use: they operate, or are accepted and handed over.

    Dates speak only where the status is blank or says that the room is being built.
    """
    status, today = status_of(facilities), pd.Timestamp(on)
    accepted, handed_over = _proofs(facilities)
    proved = accepted.le(today) & handed_over.le(today)
    return status.eq("operating") | (_open(status) & proved)


def may_be_in_use(facilities: pd.DataFrame, *, on: date) -> pd.Series:
    """Return which facilities may be in use where a date is a year alone."""
    today = pd.Timestamp(on)
    accepted, handed_over = (not_before(day) for day in _proofs(facilities))
    return _open(status_of(facilities)) & accepted.le(today) & handed_over.le(today)


def _open(status: pd.Series) -> pd.Series:
    return status.isna() | status.eq("building")


def _proofs(facilities: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    return dates(facilities, "accepted_on"), dates(facilities, "handed_over_on")
