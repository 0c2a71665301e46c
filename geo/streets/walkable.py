"""Which streets can be walked, in which direction, and which are private."""

from typing import Protocol

KEPT = frozenset(
    f"{word}{link}"
    for word in ("trunk", "primary", "secondary", "tertiary")
    for link in ("", "_link")
) | {
    "footway", "path", "pedestrian", "steps", "corridor", "living_street", "residential",
    "unclassified", "service", "road", "track", "cycleway", "bridleway",
}  # fmt: skip

# The tags the rule looks at; readers and downloads need to keep no others.
TAGS = (
    "highway", "foot", "motorroad", "sidewalk", "area", "oneway:foot", "access", "name",
)  # fmt: skip


_DIRECTION = {"yes": 1, "1": 1, "true": 1, "-1": -1, "reverse": -1}


class Tags(Protocol):
    """OSM tags: a dictionary, or the list of tags a way carries."""

    def get(self, key: str, /) -> str | None:
        """Return the value of a tag, None where there is none."""


def walkable(tags: Tags) -> bool:
    """Return whether a person may walk along a way with these OSM tags."""
    highway = tags.get("highway")
    if highway is None or highway not in KEPT:
        return False
    if tags.get("foot") == "no" or tags.get("motorroad") == "yes" or tags.get("area") == "yes":
        return False
    beside_no_pavement = tags.get("sidewalk") in ("no", "none")
    return not (highway.startswith("trunk") and beside_no_pavement)


def foot_direction(tags: Tags) -> int:
    """Return 1 where walking goes only as drawn, -1 only against it, 0 both ways."""
    return _DIRECTION.get(tags.get("oneway:foot") or "", 0)


def private(tags: Tags) -> bool:
    """Return whether a way is closed to strangers; `foot=yes` opens what `access` closes."""
    welcome = tags.get("foot") in ("yes", "designated", "permissive", "public")
    return tags.get("access") == "private" and not welcome
