"""The columns of the layers that go to other programs: their names, long and short, and meanings.

A shapefile keeps ten letters of a name, of Chinese five characters or none: hence short Latin
names, and a list of what they stand for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from geo.language import Message, say
from report.briefing.content import Column, Kind

SHORT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "residential_id": "ID", "facility_id": "ID", "area_id": "ID", "candidate_id": "ID",
        "name": "NAME", "county": "COUNTY", "street": "STREET", "community": "COMMUNITY",
        "kind": "KIND", "households": "HOUSEHOLDS", "required_m2": "REQ_M2",
        "provided_m2": "PROV_M2", "deficit_m2": "LACK_M2", "verdict": "VERDICT",
        "reasons": "REASONS", "remedy": "REMEDY", "minutes": "MINUTES", "share": "SHARE",
        "nearest_facility_id": "NEAR_ID", "category": "CATEGORY", "status": "STATUS",
        "counted": "COUNTED", "floor_area_m2": "FLOOR_M2", "beds": "BEDS",
        "elders_in_reach": "ELDERS", "elderly_60plus": "POP60", "covered_60plus": "COV60",
        "uncovered_60plus": "UNCOV60", "share_60plus": "SHARE60", "areas": "ESTATES",
        "in_scope": "IN_SCOPE", "met": "MET", "short": "SHORT_N", "unknown": "UNKNOWN_N",
        "facilities": "FACIL_N", "stations": "STATION_N", "rank": "RANK", "action": "ACTION",
        "area_m2": "AREA_M2", "cost_wan": "COST_WAN", "gain_60plus": "GAIN60",
        "cured_m2": "CURED_M2", "to_check": "TO_CHECK", "reason": "REASON",
    }
)  # fmt: skip
"""Key of a column -> its name in a shapefile; ten letters at most, of one layer all different."""
_KINDS: Final[Mapping[Kind, Message]] = MappingProxyType(
    {
        Kind.TEXT: say("文字"), Kind.COUNT: say("数"), Kind.AREA: say("平方米"),
        Kind.SHARE: say("比例 0–1"), Kind.AIM: say("比例 0–1"),
        Kind.MINUTES: say("分钟"), Kind.MONEY: say("万元"),
        Kind.FIGURE: say("数"), Kind.DEGREES: say("度"),
    }
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One column of a layer: its key, what it is called, and what it means."""

    key: str
    title: str
    kind: Kind
    meaning: str = ""

    @property
    def short(self) -> str:
        """Return its name in a shapefile."""
        return SHORT[self.key]

    @property
    def kind_word(self) -> str:
        """Return what its values are, in words."""
        return str(_KINDS[self.kind])


def fields_of(columns: tuple[Column, ...], *keys: str) -> tuple[Field, ...]:
    """Return columns of a table as fields, in the order of `keys`."""
    known = {column.key: column for column in columns}
    return tuple(_field(known[key]) for key in keys)


def _field(column: Column) -> Field:
    meaning = "" if column.meaning is None else str(column.meaning)
    return Field(column.key, str(column.title), column.kind, meaning)
