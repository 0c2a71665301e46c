"""The estates whose verdict waits for data, so that each stands on a form with what is needed.

The check needs no streets: it is made from the ledgers alone, before any evaluation.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import geopandas as gpd

from analysis.description import StudyDescription
from analysis.explaining.explained_place import ToldRooms
from analysis.provision.check import Provision, check_provision
from analysis.provision.reasons import SCOPE_REASONS
from analysis.rulebook import Rulebook
from geo.language import Message, joined, say
from report.estate_list import VERDICTS
from report.estate_missing import NEEDED_OTHERWISE, needed
from report.estate_phases import Project, projects_of
from report.estate_reasons import Check, codes_of

ESTATES: Final = "residential"
CHECKED: Final = (ESTATES, "facilities")
_AREA: Final = "care_floor_area_m2"
# In which cells of an estate's row the answer to what keeps it undecided is given.
_ASKED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "households_unknown": ("households",), "area_unknown": (_AREA,),
        "usable_area_only": (_AREA, "care_area_basis"), "area_basis_unknown": ("care_area_basis",),
        "status_unknown": ("care_status",), "area_implausible": (_AREA, "households"),
        "area_conflict": (_AREA,), "kind_unknown": ("kind",),
        "duty_date_unknown": ("conditions_on",), "straddles": ("conditions_on",),
        "completion_unknown": ("completed_on", "delivered_households"),
        "delivered_over_planned": ("delivered_households", "households"),
    }
)  # fmt: skip
# What an estate itself says is asked back, though it can be read.
_BACK: Final = frozenset({"usable_area_only", "area_conflict", "area_implausible", "straddles",
                          "delivered_over_planned"})  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """How an estate stands before anything is filled in.

    told
        What it waits for, or that it is decided.
    columns
        Cells in which the answer is given, and whether what stands there is asked back; none where
        nothing is needed.
    """

    told: Message
    columns: Mapping[str, bool]


def standing_estates(
    layers: Mapping[str, gpd.GeoDataFrame], description: StudyDescription, rulebook: Rulebook
) -> dict[str, Standing]:
    """Return how each estate stands, by its id; none without estates.

    layers
        In one metric CRS.

    Pools that were confirmed are left out: who lends and who borrows still has to say how much.
    """
    estates, facilities = layers.get(ESTATES), layers.get("facilities")
    if estates is None or estates.empty:
        return {}
    check = check_provision(
        estates, facilities, rulebook, on=description.on, assume=description.assume,
        settings=description.provision,
    )  # fmt: skip
    rooms = ToldRooms.from_check(estates, facilities, check, on=description.on,
                                 assume=description.assume)  # fmt: skip
    return dict(_standing(check, rooms, projects_of(estates, check.project)))


def _standing(
    check: Provision, rooms: ToldRooms, projects: Mapping[str, Project]
) -> Iterator[tuple[str, Standing]]:
    rows = {str(row["residential_id"]): row for row in check.table.to_dict("records")}
    for id_, row in rows.items():
        project = projects.get(id_)
        if project is None or project.stands == id_:
            waits = row["in_scope"] and row["verdict"] == "unknown"
            yield id_, Standing(_told(row, rooms), _cells(row["reasons"]) if waits else {})
        else:
            told = _told(rows[project.stands], rooms)
            told = say("与“{name}”一并核查；{told}", name=project.name, told=told)
            yield id_, Standing(told, {})


def _told(row: Check, rooms: ToldRooms) -> Message:
    if not row["in_scope"]:
        why = SCOPE_REASONS.get(str(row["scope_reason"]), VERDICTS["out_of_scope"])
        return say("不在核查范围（{why}），补齐后更准", why=why)
    verdict = str(row["verdict"])
    if verdict != "unknown":
        return say("结论已定（{verdict}），补齐后更准", verdict=VERDICTS[verdict])
    told = needed(row, rooms.at(str(row["residential_id"])))
    parts = [what for what, _ in told] or [NEEDED_OTHERWISE]
    if "area_conflict" in codes_of(row["reasons"]):
        parts.append(say("设施台账有误的，同时更正设施台账"))
    return say("无法判定，需：{needed}", needed=joined("；", *parts))


def _cells(codes: object) -> dict[str, bool]:
    """Return in which cells an answer is given, and whether what stands there is asked back."""
    asked: dict[str, bool] = {}
    for code in codes_of(codes):
        for column in _ASKED.get(code, ()):
            asked[column] = asked.get(column, False) or code in _BACK
    return asked or {_AREA: True}  # what its facilities leave open its own rooms may settle
