"""Numbers and codes as the page says them."""

import math
from numbers import Real
from typing import Any

from analysis.provision.reasons import WALK_REASONS
from geo.language import Message, say

NOTHING = "–"
SQUARE_METRES = "㎡"


def number(value: Any, *, digits: int = 0) -> str:  # noqa: ANN401 - a table's cell
    """Return a number with thousands separators; a dash where it is unknown."""
    return NOTHING if _unknown(value) else f"{float(value):,.{digits}f}"


def percent(share: Any) -> str:  # noqa: ANN401
    """Return a share of 0-1 as a percentage with one decimal; a dash where it is unknown."""
    return NOTHING if _unknown(share) else f"{float(share):.1%}"


def at_least(figure: str, only: object) -> str:
    """Return a figure, marked where it is only a lower bound."""
    return f"≥{figure}" if only and figure != NOTHING else figure


def _unknown(value: Any) -> bool:  # noqa: ANN401
    return not isinstance(value, Real) or math.isnan(value)


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


def reason_word(code: Any) -> Message:  # noqa: ANN401 - a table's cell
    """Return why no walk is known for a place."""
    if not isinstance(code, str) or not code:
        return say("原因未注明")
    return WALK_REASONS.get(code, say("{code}", code=code))
