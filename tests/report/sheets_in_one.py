"""Sheets of estates in one document, whatever their streets, so that all are read at once."""

from collections.abc import Sequence
from pathlib import Path

from geo.language import say
from report.briefing.content import Briefing
from report.estate_sheet import estate_sheets
from report.word.estate_sheets import _listed, _ranks, _write


def write_in_one(briefing: Briefing, path: Path, estates: Sequence[str] | None = None) -> int:
    """Write the sheets of estates, or of all that are listed, and return how many there are."""
    listed = _listed(briefing)
    asked = [*listed] if estates is None else estates
    sheets = estate_sheets(briefing.evaluation, asked, sites=_ranks(briefing))
    title = say("{place}小区配建核查单", place=briefing.place)
    _write(briefing, path, title, sheets, listed)
    return len(sheets)
