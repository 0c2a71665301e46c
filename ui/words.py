"""Numbers and codes as the page says them."""

from typing import Any

import pandas as pd

from analysis.provision.reasons import WALK_REASONS
from geo.language import Message, headed, say
from geo.schema import layer_word
from report.figures import NOTHING, at_least, number, percent

__all__ = [
    "NOTHING", "SQUARE_METRES", "at_least", "headed", "layer", "layer_headed", "number", "percent",
    "reason_word", "severity", "signed",
]  # fmt: skip

SQUARE_METRES = "㎡"


def layer_headed(code: str) -> str:
    """Return a layer as it stands alone in a table: its English name is a code, with no blanks."""
    return headed(layer_word(code).replace("_", " "))


def signed(people: Any) -> str:  # noqa: ANN401 - a figure, or a table's cell
    """Return more or fewer people with the sign; unknown is no number."""
    return NOTHING if people is None or pd.isna(people) else f"{people:+,.0f}"


def severity(code: str) -> Message:
    """Return the word for a finding's severity."""
    return {"error": say("错误"), "warning": say("警告")}.get(code, say("提示"))


def layer(code: str) -> Message:
    """Return the word for a layer."""
    known = {
        "residential": say("小区"),
        "population": say("人口"),
        "candidates": say("候选点"),
        "facilities": say("设施"),
        "boundaries": say("行政区划"),
        "streets": say("道路"),
        "entrances": say("出入口"),
        "barriers": say("阻隔"),
        "residential_land": say("居住用地"),
        "background": say("底图"),
        "care_land": say("养老用地"),
        "land": say("居住用地"),
    }
    return known.get(code, say("{code}", code=code))


def reason_word(code: object) -> Message:
    """Return why no walk is known for a place."""
    if not isinstance(code, str) or not code:
        return say("原因未注明")
    return WALK_REASONS.get(code, say("{code}", code=code))
