"""How a cell that holds a verdict is coloured: beside its word, never instead of it.

The hues are those of the map; light, so that the word stays readable, and told apart in grey.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from geo.language import say
from report.estate_list import OUT_OF_SCOPE, VERDICTS

Filled = Mapping[str, object]

FITS: Final[Filled] = MappingProxyType({"bg_color": "#DCEBF5", "font_color": "#123F5C"})
FITS_TOGETHER: Final[Filled] = MappingProxyType({"bg_color": "#B9D4E8", "font_color": "#123F5C"})
LACKS: Final[Filled] = MappingProxyType(
    {"bg_color": "#EDB99D", "font_color": "#5A1D06", "bold": True}
)
OPEN: Final[Filled] = MappingProxyType(
    {"bg_color": "#FFF3C4", "font_color": "#5B4A00", "italic": True}
)
ASIDE: Final[Filled] = MappingProxyType({"bg_color": "#EDEDEA", "font_color": "#55554F"})
_OF_VERDICT: Final = MappingProxyType(
    {"met": FITS, "met_pooled": FITS_TOGETHER, "short": LACKS, "unknown": OPEN, OUT_OF_SCOPE: ASIDE}
)


_OF_INDICATOR: Final = ((say("达到"), FITS), (say("未达到"), LACKS))
_OF_FINDING: Final = ((say("错误"), LACKS), (say("警告"), OPEN))


def colours_of(column: str) -> Mapping[str, Filled]:
    """Return how the words of a column are coloured; empty for a column that judges nothing."""
    known = {
        "verdict": tuple((word, _OF_VERDICT[code]) for code, word in VERDICTS.items()),
        "met": _OF_INDICATOR,
        "severity": _OF_FINDING,
    }
    return {str(word): colour for word, colour in known.get(column, ())}
