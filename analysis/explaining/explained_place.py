"""Why a figure of one estate or one facility is what it is."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import figures, words
from analysis.evaluation import Evaluation
from analysis.explaining.explained import Explanation, amount, number, unknown_key_of
from analysis.explaining.explained_coverage import walking_parameters
from analysis.explaining.explained_provision import floor_area_rule, provision_parameters
from analysis.provision.check import Provision
from analysis.provision.contradictions import in_estates
from analysis.provision.floor_area import CountedArea
from analysis.provision.reasons import SEPARATOR, reason_text
from analysis.provision.stated_area import Assumptions, area_for_estates, ledger_area
from analysis.rounding import nearest_whole
from analysis.rulebook import Rule
from analysis.walking.placing import operating
from geo.language import Message, joined, say
from geo.walks.travel import FAR, in_minutes

ESTATE_KEYS: Final = ("required_m2", "provided_m2", "deficit_m2", "verdict", "minutes", "share")
FACILITY_KEYS: Final = ("counted", "covered_60plus")
_TITLES: Final = {
    "required_m2": say("应配建筑面积"),
    "provided_m2": say("已配建筑面积"),
    "deficit_m2": say("配建缺口"),
    "verdict": say("配建结论"),
    "minutes": say("步行分钟（各格中位）"),
    "share": say("可达份额"),
    "counted": say("是否计入服务圈"),
    "covered_60plus": say("以它为最近且步行可达的60岁以上老年人"),
}
SAME_M2: Final = 0.005


def explain_estate(
    evaluation: Evaluation, key: str, estate: str, *, told: "ToldRooms | None" = None
) -> Explanation:
    """Return why a figure of an estate is what it is.

    told
        The rooms of all estates, where many are asked for.
    """
    if key not in ESTATE_KEYS:
        raise unknown_key_of(key, estate, list(ESTATE_KEYS))
    if key in ("minutes", "share"):
        return _walk(evaluation, key, estate)
    table = evaluation.provision
    row = table[table["residential_id"].eq(estate)].iloc[0]
    rule = evaluation.rulebook.rule(row["rule"]) if row["rule"] else None
    value = row[key] if key == "verdict" else _known(row[key])
    rooms = (told or ToldRooms.of(evaluation)).at(estate)
    return Explanation(
        key=key,
        title=_TITLES[key],
        value=value if key != "verdict" else (value or None),
        unit="" if key == "verdict" else "m2",
        area=estate,
        formula=_estate_formula(
            key, row, rule, rooms, step=evaluation.study.description.provision.household_step
        ),
        parameters=provision_parameters(evaluation),
        rule=estate_rule(evaluation, row["rule"]),
        rows=rooms,
        notes=_reasons(row),
    )


def estate_rule(evaluation: Evaluation, named: str) -> Rule | None:
    """Return the rule that the check of an estate names; where it names none, that of the day."""
    rule = evaluation.rulebook.rule(named) if named else None
    return rule or floor_area_rule(evaluation)


def _estate_formula(
    key: str, row: pd.Series, rule: Rule | None, rooms: pd.DataFrame, *, step: int
) -> Message:
    """Return how a figure of the provision check comes about."""
    told = {name: number(_known(row[f"{name}_m2"])) for name in ("required", "provided")}
    owed = _owed(row, rule, step=step, required=told["required"])
    if key == "required_m2":
        return owed
    if key == "provided_m2":
        area = rooms["counts_m2"].groupby(rooms["ledger"]).sum(min_count=1)
        return say(
            "小区台账可计 {ledger} 平方米，设施台账可计 {linked} 平方米（同一批房间，不相加）；"
            "计入 {provided} 平方米",
            ledger=number(_known(area.get("residential"))),
            linked=number(_known(area.get("facilities"))),
            provided=told["provided"],
        )
    if key == "deficit_m2" and pd.notna(row["deficit_m2"]):
        return joined("；", owed, _verdict_formula(row, told))
    return _verdict_formula(row, told)


def _owed(row: pd.Series, rule: Rule | None, *, step: int, required: str) -> Message:
    """Return what an estate owes; the households put in are those that the check reckons with."""
    households = _known(row["households"])
    per = "—" if rule is None else number(rule.value)
    if not step or households is None:
        return say(
            "{households} 户 ÷ 100 × {per} 平方米/百户 = {required} 平方米",
            households=number(households), per=per, required=required,
        )  # fmt: skip
    return say(
        "{households} 户按每 {step} 户进位为 {stepped} 户；"
        "{stepped} ÷ 100 × {per} 平方米/百户 = {required} 平方米",
        households=number(households), step=step, per=per, required=required,
        stepped=number(float(np.ceil(households / step) * step)),
    )  # fmt: skip


def _verdict_formula(row: pd.Series, told: dict[str, str]) -> Message:
    """Return how a verdict and its deficit come about.

    told
        `required` and `provided` as they are printed.
    """
    if not row["in_scope"]:
        return say("不在核查范围内，没有结论")
    verdict, deficit = str(row["verdict"]), _known(row["deficit_m2"])
    if verdict == "met_pooled":
        return say("已配 {provided} 平方米，应配 {required} 平方米；经统筹确认，缺口为 0", **told)
    if verdict == "met":
        return say("已配 {provided} ≥ 应配 {required} 平方米，缺口为 0", **told)
    if verdict == "unknown" or deficit is None:
        return say("已配 {provided} 与应配 {required} 平方米，数据不足以判定", **told)
    if abs(float(row["required_m2"] - row["provided_m2"]) - deficit) > SAME_M2:
        return say(
            "应配 {required} − 已配 {provided}，再按比例减去统筹组的余量 = 缺口 {deficit} 平方米",
            **told,
            deficit=number(deficit),
        )
    return say(
        "应配 {required} − 已配 {provided} = 缺口 {deficit} 平方米", **told, deficit=number(deficit)
    )


def explain_facility(evaluation: Evaluation, key: str, facility: str) -> Explanation:
    """Return why a facility counts or not, and whom it is the nearest one of."""
    if key not in FACILITY_KEYS:
        raise unknown_key_of(key, facility, list(FACILITY_KEYS))
    if key == "covered_60plus":
        rows = _nearest_homes(evaluation, facility)
        total = float(rows["covered_60plus"].sum())
        value = nearest_whole(total)
        formula = say(
            "{count} 处住处的60岁以上人口 × 可达份额相加 = {total}，列示为 {value}",
            count=len(rows), total=number(total, 1), value=number(value, 0),
        )  # fmt: skip
        return Explanation(
            key=key, title=_TITLES[key], value=value, unit="people", area=facility,
            formula=formula, numerator=total, numerator_name=_TITLES[key],
            parameters=walking_parameters(evaluation), rows=rows,
        )  # fmt: skip
    return _counted(evaluation, facility)


def care_rooms(evaluation: Evaluation, estate: str) -> pd.DataFrame:
    """Return what the ledgers tell of an estate's care rooms: its own lines, then its facilities.

    The two tell of the same rooms and are never added. `counts_m2` is what each counts for in the
    check, NaN where that is uncertain; `part` is a facility's part by households.
    """
    return ToldRooms.of(evaluation).at(estate)


@dataclass(frozen=True, eq=False)
class ToldRooms:
    """What the ledgers tell of the care rooms of all estates, for whoever asks of many.

    project
        The project of each estate, by its id.
    ledger, linked
        Rows as `care_rooms` returns them, of the estates and of their facilities, and where those
        of each project stand.
    """

    project: Mapping[str, Hashable]
    ledger: "_Rows"
    linked: "_Rows"

    @classmethod
    def of(cls, evaluation: Evaluation) -> "ToldRooms":
        """Return the rooms of all estates of an evaluation; none where no area was counted."""
        check = evaluation.detail.check
        residential, facilities = (
            evaluation.study.layer(name) for name in ("residential", "facilities")
        )
        assume = evaluation.study.description.assume
        return cls.from_check(
            residential, facilities, check, on=evaluation.study.on, assume=assume
        )

    @classmethod
    def from_check(
        cls,
        residential: gpd.GeoDataFrame | None,
        facilities: gpd.GeoDataFrame | None,
        check: Provision,
        *,
        on: date,
        assume: Assumptions | None,
    ) -> "ToldRooms":
        """Return the rooms of all estates of a check; none where no area was counted."""
        if residential is None or check.area is None:
            return cls({}, _Rows.by(pd.DataFrame()), _Rows.by(pd.DataFrame()))
        residential = residential.reset_index(drop=True)
        project = check.project
        linked = _linked_rooms(facilities, check.area)
        told = ledger_area(
            residential,
            too_large=in_estates(residential, on=on)["area_implausible"],
            assume=assume,
        )
        # Rooms that are said to be idle count for nothing where no facility tells otherwise.
        alone = ~project.isin(check.area.links.shares["project"])
        certain = told["low"].eq(told["high"]) | (told["not_in_use"] & alone)
        ledger = _rooms(
            residential, "residential", "care_status", figures(residential, "care_floor_area_m2")
        ).assign(part=1.0, counts_m2=told["low"].where(certain))
        names = dict(zip(residential["id"], project, strict=True))
        return cls(names, _Rows.by(ledger, project), linked)

    def at(self, estate: str) -> pd.DataFrame:
        """Return the rooms of one estate, as `care_rooms`."""
        if not self.project:
            return pd.DataFrame()
        project = self.project[estate]
        ledger, linked = self.ledger.at(project), self.linked.at(project)
        return pd.concat([ledger, linked] if len(linked) else [ledger], ignore_index=True)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows of one ledger, and where those of each project stand."""

    rows: pd.DataFrame
    where: Mapping[Hashable, np.ndarray]

    @classmethod
    def by(cls, rows: pd.DataFrame, project: pd.Series | None = None) -> "_Rows":
        if project is None:
            return cls(rows, {})
        where = rows.groupby(project, sort=False).indices
        return cls(rows, {key: np.asarray(at, dtype=np.int64) for key, at in where.items()})

    def at(self, project: Hashable) -> pd.DataFrame:
        return self.rows.iloc[self.where.get(project, np.zeros(0, dtype=np.int64))]


def _linked_rooms(facilities: gpd.GeoDataFrame | None, area: CountedArea) -> _Rows:
    """Return the facilities that the check links to each project, with what each counts for."""
    if facilities is None:
        return _Rows.by(pd.DataFrame())
    facilities = facilities.reset_index(drop=True)
    shares = area.links.shares
    room = area.rooms.loc[shares["facility"]].set_axis(shares.index)
    certain = room["fit_low"].eq(room["fit_high"]) & shares["clear"] & shares["share"].notna()
    rows = facilities.loc[shares["facility"]].set_axis(shares.index)
    linked = _rooms(rows, "facilities", "status", area_for_estates(rows)).assign(
        part=shares["share"], counts_m2=area.shared["fit_low"].where(certain)
    )
    return _Rows.by(linked, shares["project"])


def _rooms(
    rows: pd.DataFrame, ledger: str, status: str, area_m2: pd.Series
) -> pd.DataFrame:
    """Return what one ledger tells of rooms: their status, what they are, their area."""
    return pd.DataFrame(
        {
            "ledger": ledger,
            "id": words(rows, "id"),
            "name": words(rows, "name"),
            "category": words(rows, "category"),
            "status": words(rows, status),
            "basis": words(rows, "care_area_basis"),
            "area_m2": area_m2,
        }
    )


def _walk(evaluation: Evaluation, key: str, estate: str) -> Explanation:
    """Return why an estate's walk or share is what it is: its cells, one a row."""
    places, reach = evaluation.places, evaluation.reach
    row = places[places["layer"].eq("residential") & places["place_id"].eq(estate)].iloc[0]
    placed = reach.placed
    own = placed.place[placed.residential] == placed.estates.get_loc(estate)
    walk_mm = reach.walks.walk_mm[placed.residential][own]
    minutes = in_minutes(walk_mm, speed_m_per_s=reach.walking.speed_m_per_s)
    within = walk_mm <= reach.budgets["headline"]
    rows = pd.DataFrame(
        {"cell": np.arange(len(walk_mm)), "minutes": minutes, "within": within.astype(np.int64),
         "metres": np.where(walk_mm == FAR, np.nan, walk_mm / 1000)}
    ).sort_values(["minutes", "cell"], ignore_index=True)  # fmt: skip
    value = _known(row[key])
    formula = (
        say(
            "{count} 格步行分钟的下中位数 = {value}（最近设施 {facility}，离路 {off} 米）",
            count=len(rows), value=number(value, 1), facility=row["nearest_facility_id"] or "—",
            off=number(_known(row["off_street_m"]), 1),
        )
        if key == "minutes"
        else say("时限内 {part} 格 ÷ 全部 {whole} 格 = {value}", part=int(within.sum()),
                 whole=len(rows), value=amount(value, "share"))
    )  # fmt: skip
    ratio = key == "share"
    return Explanation(
        key=key, title=_TITLES[key], value=value, unit="share" if ratio else "min", area=estate,
        formula=formula,
        numerator=float(within.sum()) if ratio else None,
        numerator_name=say("时限内的格") if ratio else None,
        denominator=float(len(rows)) if ratio else None,
        denominator_name=say("小区的格（25 米）") if ratio else None,
        parameters=walking_parameters(evaluation), rows=rows,
        notes=(reason_text(row["reason"]),) if row["reason"] else (),
    )  # fmt: skip


def _nearest_homes(evaluation: Evaluation, facility: str) -> pd.DataFrame:
    """Return the homes within the limit that have a facility as their nearest."""
    located, reach, homes = evaluation.located, evaluation.reach, evaluation.homes
    places = evaluation.places
    nearest = np.full(len(homes), "", dtype=object)
    at_estate = places.loc[places["layer"].eq("residential"), "nearest_facility_id"].to_numpy()
    in_estate = located.estate >= 0
    free = located.homes[~in_estate]
    nearest[in_estate] = at_estate[located.estate[in_estate]]
    at_points = reach.places(reach.placed.homes, free["place_id"], "population")
    nearest[~in_estate] = at_points["nearest_facility_id"].to_numpy()
    rows = pd.DataFrame(homes)[["place_layer", "place_id", "minutes", "share", "elderly_60plus"]]
    rows = rows.assign(covered_60plus=rows["elderly_60plus"] * rows["share"])
    mine = (nearest == facility) & rows["covered_60plus"].gt(0).to_numpy()
    told: pd.DataFrame = rows.loc[mine]
    return told.reset_index(drop=True)


def _counted(evaluation: Evaluation, facility: str) -> Explanation:
    """Return whether a facility counts: it operates, is of a kind, stands somewhere."""
    facilities = evaluation.study.layer("facilities")
    if facilities is None:
        msg = "a facility was found in a study without facilities"
        raise ValueError(msg)
    one = facilities[facilities["id"].eq(facility)]
    kinds = evaluation.study.description.walking.categories
    asked = {
        "operating": bool(operating(one).iloc[0]),
        "category": str(one["category"].iloc[0]) in kinds,
        "position": not (one.geometry.isna() | one.geometry.is_empty).iloc[0],
    }
    failing = [name for name, holds in asked.items() if not holds]
    words_ = {
        "operating": say("未运营或状态不明"),
        "category": say("类别不计入服务圈"),
        "position": say("没有坐标"),
    }
    counted = facility in evaluation.counted
    return Explanation(
        key="counted", title=_TITLES["counted"], value="yes" if counted else "no", unit="",
        area=facility,
        formula=say("运营中、类别计入且有坐标，三项都满足才计入"),
        parameters=walking_parameters(evaluation),
        rows=pd.DataFrame({"asked": [*asked], "holds": [*asked.values()]}),
        notes=tuple(words_[name] for name in failing),
    )  # fmt: skip


def _known(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _reasons(row: pd.Series) -> tuple[Message, ...]:
    codes = [*str(row["reasons"]).split(SEPARATOR), str(row["scope_reason"])]
    return tuple(reason_text(code) for code in codes if code and code != "nan")
