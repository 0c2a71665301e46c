"""Whether a new parcel and its neighbours together owe enough for one usable care room.

A proposal only: nothing changes until a document confirms the pool.
"""

from dataclasses import dataclass
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.evaluation import Evaluation
from analysis.pooling.confirmed import may_pool
from analysis.provision.conditions import Conditions, printed_up, source_of
from analysis.rule_keys import POOL_WALK
from analysis.rulebook import Rule
from analysis.walking.estate_walks import estate_walks
from geo.errors import PlanningError, StreetsError
from geo.language import Message, say
from geo.position.coordinates import WGS84
from geo.walks.travel import budget_mm, in_minutes

Outcome = Literal["alone", "together", "not_enough", "nobody", "not_for_kind", "no_rule"]
COLUMNS: Final = (
    "residential_id", "name", "street", "kind", "minutes", "deficit_m2", "together_m2", "needed",
)  # fmt: skip
FURTHEST: Final = (180.0, 90.0)


@dataclass(frozen=True, eq=False)
class PooledParcel:
    """A parcel among its neighbours.

    neighbours
        Estates that are short and within the walk, the nearest first: minutes, deficit, the
        parcel's need with all deficits up to that row, and whether it takes that row to make a
        usable room.
    walk
        How far neighbours may be; None where no rule says so.
    """

    conditions: Conditions
    neighbours: pd.DataFrame
    walk: Rule | None
    outcome: Outcome

    @property
    def together_m2(self) -> float:
        """Return what the parcel and those it takes owe together, m²."""
        taken = self.neighbours[self.neighbours["needed"]]
        return self.conditions.required_m2 + float(taken["deficit_m2"].sum())

    @property
    def sentence(self) -> Message:
        """Return what pooling would make; it is never more than a proposal."""
        walk, room = self.walk, self.conditions.room
        if walk is None or room is None:
            return say("所依据的规定没有统筹的步行时限或单处可用规模，不作统筹建议。")
        told = {"minutes": f"{walk.value:g}", "room": f"{room.value:g}"}
        if self.outcome == "alone":
            return say(
                "该地块单独即可建成不少于 {room} 平方米的设施，不需要统筹。", room=told["room"]
            )
        if self.outcome == "not_for_kind":
            return say("所依据的规定没有允许此类地块统筹，不作统筹建议。")
        if self.outcome == "nobody":
            return say("步行 {minutes} 分钟内没有配建不足的小区可以统筹。", minutes=told["minutes"])
        if self.outcome == "not_enough":
            return say(
                "步行 {minutes} 分钟内的 {count} 个小区全部统筹，合计 {together} 平方米，"
                "仍不足 {room} 平方米。",
                **told,
                count=len(self.neighbours),
                together=printed_up(
                    self.conditions.required_m2 + float(self.neighbours["deficit_m2"].sum())
                ),
            )
        taken = self.neighbours[self.neighbours["needed"]]
        return say(
            "若经统筹确认，该地块与步行 {minutes} 分钟内的{names}统筹，应集中配建养老服务设施"
            "建筑面积合计不少于{together}平方米，达到单处可用规模 {room} 平方米"
            "（取自{source}，仅供参考）。",
            **told,
            names="、".join(taken["name"].fillna("")),
            together=printed_up(self.together_m2),
            source=source_of(room),
        )


def pooled_parcel(
    conditions: Conditions, evaluation: Evaluation, longitude: float, latitude: float
) -> PooledParcel:
    """Return the neighbours of a parcel at a WGS84 position with which a room would be usable.

    Errors: StreetsError where no street is near the position; PlanningError where it is none.
    """
    rulebook, on = evaluation.rulebook, conditions.on
    walk = rulebook.find(POOL_WALK, "all", on)
    minutes = _minutes(evaluation, longitude, latitude, within=0.0 if walk is None else walk.value)
    near = _short_neighbours(evaluation, minutes)
    # Whose kind decides and is unknown is in no proposal, as among estates that stand.
    kinds = pd.concat([pd.Series([conditions.kind]), near["kind"]], ignore_index=True)
    may = may_pool(kinds, rulebook, on=on).fillna(value=False).to_numpy(dtype=bool)
    near = near[may[1:] & may[0]]
    together = conditions.required_m2 + near["deficit_m2"].cumsum()
    room = conditions.room
    enough = room is not None and room.meets(conditions.required_m2)
    before = together - near["deficit_m2"]
    reached = room is not None and bool(len(near)) and room.meets(float(together.iloc[-1]))
    needed = before.lt(room.value) & reached & (not enough) if room is not None else before.lt(0)
    outcome: Outcome = (
        "no_rule" if walk is None or room is None
        else "alone" if enough
        else "not_for_kind" if not may[0]
        else "nobody" if near.empty
        else "together" if reached
        else "not_enough"
    )  # fmt: skip
    told = near.assign(together_m2=together, needed=needed)[list(COLUMNS)]
    return PooledParcel(conditions, told.reset_index(drop=True), walk, outcome)


def require_position(longitude: float, latitude: float) -> None:
    """Refuse what is no longitude and latitude. Errors: PlanningError."""
    if not (abs(longitude) <= FURTHEST[0] and abs(latitude) <= FURTHEST[1]):
        raise PlanningError(
            say(
                "{longitude},{latitude} 不是经纬度。请先经度后纬度（WGS84）。",
                longitude=longitude,
                latitude=latitude,
            )
        )


def _minutes(
    evaluation: Evaluation, longitude: float, latitude: float, *, within: float
) -> pd.Series:
    """Return the walk from the parcel to each estate by id, minutes; only those within."""
    study, placed = evaluation.study, evaluation.reach.placed
    require_position(longitude, latitude)
    spot = gpd.GeoSeries(gpd.points_from_xy([longitude], [latitude]), crs=WGS84).to_crs(study.crs)
    xy = spot.get_coordinates().to_numpy()
    here = placed.ways_out(placed.sites_at(xy)) if np.isfinite(xy).all() else None
    if here is None or not len(here.point):
        raise StreetsError(
            say(
                "{longitude},{latitude}：{cap:.0f} 米内没有可步行的道路。请换一个地点。",
                longitude=longitude,
                latitude=latitude,
                cap=study.description.walking.snap_max_m,
            )
        )
    speed = study.description.walking.speed_m_per_s
    horizon = budget_mm(within, speed_m_per_s=speed)
    walks = estate_walks(placed, here, limit_mm=horizon)
    minutes = in_minutes(walks["walk_mm"].to_numpy(), speed_m_per_s=speed)
    return pd.Series(minutes, index=placed.estates[walks["estate"]])


def _short_neighbours(evaluation: Evaluation, minutes: pd.Series) -> pd.DataFrame:
    """Return the estates that are short, with their minutes, the nearest first."""
    table = evaluation.provision
    ids = words(table, "residential_id")
    short = table["in_scope"] & table["verdict"].eq("short") & table["deficit_m2"].gt(0)
    near = table[short & ids.isin(minutes.index)]
    near = near.assign(minutes=minutes.reindex(near["residential_id"]).to_numpy())
    return near.sort_values(["minutes", "residential_id"])
