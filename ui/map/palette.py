"""The colours of the map: those of every document, so that a class looks the same everywhere."""

from report.palette import (
    BAND_COLOUR,
    BUBBLE_FILL,
    BUBBLE_LINE,
    CIRCLE,
    DOTS,
    FACILITIES,
    GREEN,
    GROUND,
    MINUTES,
    OUT_OF_SCOPE,
    REACH,
    ROUTE,
    TIER_CLASSES,
    UNIT,
    UNKNOWN,
    VERDICTS,
    WATER,
    AreaStyle,
    FacilitySign,
    minute_classes,
    reach_classes,
    street_class,
    tier_classes,
    verdict_classes,
)

__all__ = [
    "BAND_COLOUR", "BUBBLE_FILL", "BUBBLE_LINE", "CIRCLE", "DOTS", "FACILITIES", "GREEN", "GROUND",
    "MINUTES", "OUT_OF_SCOPE", "REACH", "ROUTE", "TIER_CLASSES", "UNIT", "UNKNOWN", "VERDICTS",
    "WATER", "AreaStyle", "FacilitySign", "minute_classes", "reach_classes", "street_class",
    "tier_classes", "verdict_classes",
]  # fmt: skip
