"""What is written on a page of a map."""

import re

from report.maps.page import Page


def said(page: Page) -> str:
    """Return all that is written on a page, lines joined."""
    return re.sub(r"\s", "", "".join(page.words))
