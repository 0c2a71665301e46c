"""What stands beside care facilities: health care next door, and places for children.

Metres are straight: 毗邻 is about walls, not about walks. No text gives a number, so what is next
door and what is near are the study's own judgement.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis.columns import words
from analysis.coverage.areas import Flags, Geometries
from analysis.districts.care_kinds import COMMUNITY, INSTITUTIONS, MUTUAL_AID
from analysis.districts.standing import Standing, says
from analysis.indicators.indicator import Indicator, notes, ratio
from analysis.rulebook import Rulebook
from geo.language import Message, say
from geo.ledgers.numbers import says_missing

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

HEALTH_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "community_health": r"社区卫生",
        "township_health": r"卫生院",
        "village_clinic": r"卫生室|卫生所",
        "hospital": r"医院",
    }
)
"""What a name tells of a health facility; one that tells none of these may be any of them."""
MATCHING: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(COMMUNITY, "community_health"),
        "welfare_home": "township_health",
        **dict.fromkeys(MUTUAL_AID, "village_clinic"),
        # The texts name no kind for other homes: any health facility is their neighbour.
        "care_home": "",
    }
)
"""Which kind of health facility the texts put beside each category of care facility."""
NEXT_DOOR, NEAR, FAR = "next_door", "near", "far"
CLASSES: Mapping[str, Message] = MappingProxyType(
    {NEXT_DOOR: say("毗邻"), NEAR: say("邻近"), FAR: say("较远")}
)
# How a refusal begins, and a place or a hospital whose name begins like one does not.
_NO = (
    r"^(?:无(?!锡|为|极|棣)|未(?!来|央)|否|没|不(?!详|明|清|确定|孕)|待(?!定|核|查|补)|拟"
    r"|暂无.|(?:暂|尚|还)(?:未|没|不)|(?:已经?)?(?:终止|解除|失效|过期)|no\b|×|✗)"
)
_DOUBTFUL = r"待定|待核|待查|待补|不清|不确定|终止|解除|失效|过期|洽谈|协商|拟签|待签|未签|[?？]"


class Nearness(Protocol):
    """Straight metres within which two facilities are neighbours."""

    @property
    def next_door_m(self) -> float:
        """Return metres up to which it is 毗邻."""

    @property
    def near_m(self) -> float:
        """Return metres up to which it is 邻近."""

    @property
    def together_m(self) -> float:
        """Return metres up to which old and young share a place."""


def neighbour_table(standing: Standing, nearby: Nearness) -> pd.DataFrame:
    """Return what stands beside every operating care facility, by id.

    inside
        Whether it stands in a county or street of the study; empty where it has no place.
    health_id, health_m, health_class
        The nearest health facility of the kind that matches its category; empty where there is
        none or it has no place itself.
    any_health_m
        Metres to the nearest of any kind.
    health_agreement
        Whether it has one with a health facility; empty where the ledger does not say.
    childcare_id, childcare_m, old_and_young
        The nearest childcare, and whether it stands within `together_m`.
    """
    facilities = standing.facilities
    category = words(facilities, "category")
    care = category.isin([*MATCHING]).to_numpy(dtype=bool)
    points = standing.points
    ids = words(facilities, "id").to_numpy(dtype=object)
    health = category.eq("health").to_numpy(dtype=bool)
    kind = health_kind(facilities)
    matched, matched_m = _nearest_matching(category, points, care=care, health=health, kind=kind)
    _, any_m = nearest(points, care, health)
    child, child_m = nearest(points, care, category.eq("childcare").to_numpy(dtype=bool))
    table = pd.DataFrame(
        {
            "facility_id": ids[care],
            "name": words(facilities, "name").to_numpy(dtype=object)[care],
            "category": category.to_numpy(dtype=object)[care],
            "inside": _inside(standing)[care].array,
            "health_id": _called(ids, matched),
            "health_m": matched_m,
            "health_class": _class(matched_m, nearby),
            "any_health_m": any_m,
            "health_agreement": agreement(words(facilities, "health_agreement"))[care].array,
            "childcare_id": _called(ids, child),
            "childcare_m": child_m,
        }
    )
    together = (table["childcare_m"] <= nearby.together_m).astype("boolean")
    return table.assign(old_and_young=together.mask(table["childcare_m"].isna()))


def _inside(standing: Standing) -> "pd.Series[bool]":
    inside = pd.Series(standing.inside, dtype="boolean")
    return inside.mask(~standing.placed) if standing.bounded else inside


def health_kind(facilities: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return the kind of health facility that each name tells; empty where it tells none."""
    name = words(facilities, "name")
    kind = np.full(len(facilities), "", dtype=object)
    for code, spelled in HEALTH_KINDS.items():
        told = says(name, spelled).to_numpy(dtype=bool)
        kind[told & (kind == "")] = code
    return kind


def agreement(said: "pd.Series[str]") -> "pd.Series[bool]":
    """Return whether each cell says that there is an agreement; NA where it says nothing clear."""
    text = said.str.strip().str.lower()
    no = says(text, _NO)
    silent = text.isna() | text.fillna("").map(says_missing).astype(bool) | says(text, _DOUBTFUL)
    return (~no).astype("boolean").mask(silent & ~no)


def _nearest_matching(
    category: "pd.Series[str]",
    points: Geometries,
    *,
    care: Flags,
    health: Flags,
    kind: npt.NDArray[np.object_],
) -> tuple[Indices, Floats]:
    """Return the nearest health facility that matches each care facility, and metres."""
    position = np.full(len(points), -1, dtype=np.int64)
    metres = np.full(len(points), np.nan)
    wanted = category.map(MATCHING).to_numpy(dtype=object)
    for what in dict.fromkeys(MATCHING.values()):
        asking = care & (wanted == what)
        may_match = health if not what else health & ((kind == what) | (kind == ""))
        position[asking], metres[asking] = nearest(points, asking, may_match)
    return position[care], metres[care]


def nearest(points: Geometries, asking: Flags, among: Flags) -> tuple[Indices, Floats]:
    """Return the nearest of some points to each of others, the first of equals, and metres.

    -1 and NaN where there is none, or the one that asks has no place.
    """
    there = np.flatnonzero(among & ~shapely.is_missing(points) & ~shapely.is_empty(points))
    found = np.full(int(asking.sum()), -1, dtype=np.int64)
    metres = np.full(len(found), np.nan)
    if not len(there) or not len(found):
        return found, metres
    (from_, to), apart = shapely.STRtree(points[there]).query_nearest(
        points[asking], return_distance=True, all_matches=True
    )
    order = np.lexsort((to, from_))
    first, at = np.unique(from_[order], return_index=True)
    found[first] = there[to[order][at]]
    metres[first] = apart[order][at]
    return found, metres


def _called(ids: npt.NDArray[np.object_], position: Indices) -> npt.NDArray[np.object_]:
    names: npt.NDArray[np.object_] = np.append(ids, "").astype(object)[position]
    return names


def _class(metres: Floats, nearby: Nearness) -> npt.NDArray[np.object_]:
    """Return next_door, near or far; empty where there is no distance."""
    classes = np.where(
        metres <= nearby.next_door_m, NEXT_DOOR, np.where(metres <= nearby.near_m, NEAR, FAR)
    ).astype(object)
    classes[np.isnan(metres)] = ""
    return classes


def neighbour_indicators(
    table: pd.DataFrame, rulebook: Rulebook, nearby: Nearness, *, on: date
) -> Iterator[Indicator]:
    """Yield health next door, agreements with health care, and old and young together.

    table
        As `neighbour_table` gives it; what is known to stand outside the study counts in none.
    """
    outside = int((~table["inside"]).sum())
    table = table[table["inside"].fillna(value=True).to_numpy(dtype=bool)]
    for one in _of_inside(table, rulebook, nearby, on=on):
        yield replace(one, note=notes(one.note, _left_out(outside)))


def _left_out(outside: int) -> Message | None:
    if not outside:
        return None
    return say("另有 {count} 处养老服务设施在区外，未计入。", count=outside)


def _of_inside(
    table: pd.DataFrame, rulebook: Rulebook, nearby: Nearness, *, on: date
) -> Iterator[Indicator]:
    yield _next_door(table, nearby, on=on)
    yield _agreements(table, rulebook, on=on)
    yield _old_and_young(table, nearby, on=on)


def _next_door(table: pd.DataFrame, nearby: Nearness, *, on: date) -> Indicator:
    told = table["health_m"].notna()
    classes = table["health_class"]
    return ratio(
        None,
        key="health_next_door_share",
        name=say("毗邻对应医疗卫生机构的养老服务设施占比"),
        parts=(float(classes.eq(NEXT_DOOR).sum()), float(told.sum())),
        unknown=1 - told.mean() if len(table) else 0.0,
        on=on,
        note=notes(
            say(
                "分母为找到对应医疗卫生机构的运营设施 {told} 处；直线 {door:g} 米内为毗邻，"
                "{near:g} 米内为邻近（另有 {near_by} 处）。文件没有规定距离。",
                told=int(told.sum()),
                door=nearby.next_door_m,
                near=nearby.near_m,
                near_by=int(classes.eq(NEAR).sum()),
            ),
            say(
                "{count} 处没有坐标，或设施表中没有对应的医疗卫生机构，未计入。",
                count=int((~told).sum()),
            )
            if not told.all()
            else None,
        ),
    )


def _agreements(table: pd.DataFrame, rulebook: Rulebook, *, on: date) -> Indicator:
    said = table.loc[table["category"].isin(INSTITUTIONS), "health_agreement"]
    unknown = int(said.isna().sum())
    return ratio(
        rulebook.find("health_agreement_target", "all", on),
        key="health_agreement_share",
        name=say("与医疗机构签约的养老机构占比"),
        parts=(float(said.fillna(value=False).sum()), float(len(said))),
        unknown=unknown / len(said) if len(said) else 0.0,
        bound="at_least" if unknown else "",
        on=on,
        note=notes(
            say("分母为全部运营养老机构 {total} 家。", total=len(said)),
            say("{count} 家没有填写签约情况，不按未签约计。", count=unknown) if unknown else None,
        ),
    )


def _old_and_young(table: pd.DataFrame, nearby: Nearness, *, on: date) -> Indicator:
    told = table["childcare_m"].notna()
    return ratio(
        None,
        key="old_and_young_share",
        name=say("“一老一小”同址或相邻的养老服务设施占比"),
        parts=(
            float(table["old_and_young"].fillna(value=False).sum()),
            float(told.sum()),
        ),
        unknown=1 - told.mean() if len(table) else 0.0,
        on=on,
        note=say(
            "分母为有坐标的运营养老服务设施 {total} 处；托育机构在直线 {metres:g} 米内即计入。"
            "设施表中没有托育机构的，不作结论。文件没有给出数值目标。",
            total=int(told.sum()),
            metres=nearby.together_m,
        ),
    )
