"""One briefing of the bundled study for all who look at what is made of it."""

import pytest

from analysis.evaluation import Evaluation
from analysis.siting.asked import Asked
from report.briefing.content import Briefing
from report.briefing.making import brief
from report.briefing.material import Material, gather
from report.maps.page import Page
from report.maps.sheet import draw_sheet


@pytest.fixture(scope="session")
def material(bundled: Evaluation) -> Material:
    """Give Chifeng as it stands with five sites proposed."""
    return gather(bundled, asked=Asked(count=5))


@pytest.fixture(scope="session")
def briefing(material: Material) -> Briefing:
    """Give everything that may be said of it, in Chinese."""
    return brief(material)


@pytest.fixture(scope="session")
def drawn(briefing: Briefing) -> dict[str, Page]:
    """Give the five maps and one street, each drawn once for all who look at it."""
    street = next(key for key in briefing.maps if key.startswith("street"))
    keys = ("standing", "coverage", "gaps", "sites", "change", street)
    return {key: draw_sheet(briefing.maps[key], number="图01") for key in keys}
