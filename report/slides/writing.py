"""The briefing as a deck of at most fifteen slides."""

from datetime import datetime
from pathlib import Path

from report.briefing.content import Briefing, Pictures
from report.briefing.periods import SINCE
from report.same_bytes import repack
from report.slides import ahead, opening, standing
from report.slides.making import Making
from report.slides.masters import empty_deck
from report.slides.words import printable


def write_slides(briefing: Briefing, path: Path, *, pictures: Pictures) -> None:
    """Write the slides of a briefing: 16:9, tables and charts native, at most fifteen.

    Slides of sites, options and the change they make are left out where there are none.

    pictures
        Draws the five maps.
    """
    making = Making(briefing, empty_deck(), pictures)
    opening.cover(making)
    opening.conclusions(making)
    standing.maps(making, standing.AS_IT_IS)
    standing.targets(making)
    standing.since(making)
    standing.streets(making)
    if SINCE not in briefing.tables:  # fifteen are the most: the table of streets tells it too
        standing.shares(making)
    standing.verdicts(making)
    standing.maps(making, standing.PROPOSED)
    ahead.projects(making)
    ahead.options(making)
    ahead.steps(making)
    ahead.method(making)
    _properties(making)
    making.deck.save(str(path))
    repack(path)


def _properties(making: Making) -> None:
    """Let the file say what it is about, and the study's date for every date."""
    briefing, told = making.briefing, making.deck.core_properties
    on = datetime(briefing.on.year, briefing.on.month, briefing.on.day)  # noqa: DTZ001 - a date
    told.title, told.subject = printable(briefing.title)[:255], printable(briefing.notice)[:255]
    told.author = told.last_modified_by = told.comments = ""
    told.created = told.modified = on
