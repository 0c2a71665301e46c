"""One estate or facility in a few lines: the walk, who lives there, the verdict and its clause."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from analysis.coverage.service_areas import service_area
from analysis.evaluation import Evaluation
from analysis.explaining.row_words import code_word
from analysis.provision.reasons import SCOPE_REASONS, WALK_REASONS
from geo.language import Message, say
from report.areas import area_of
from report.duty_words import DutyWords
from report.estate_phases import Project, projects_by_estate
from report.estate_reasons import one_after_another, problems, remarks
from report.figures import NOTHING, number, percent
from report.palette import FACILITIES, UNKNOWN, VERDICTS
from report.provision_figures import calculation

Facts = list[tuple[Message, Message | str]]
STATUS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "operating": say("运营"), "building": say("在建"), "planned": say("规划"),
        "misused": say("挪用"), "closed": say("停业"),
    }
)  # fmt: skip


@dataclass(frozen=True)
class EstateCard:
    """What is told of an estate.

    clause
        The rule's document and clause, then its own words; empty without a rule.
    """

    name: str
    about: Facts
    people: Facts
    walk: Facts
    verdict: Facts
    clause: tuple[str, ...]


@dataclass(frozen=True)
class FacilityCard:
    """What is told of a facility; `served` is empty where it does not count."""

    name: str
    about: Facts
    served: Facts


class PlaceCards:
    """The cards of one evaluation: its tables are looked through once for all of them."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation
        places = evaluation.places
        self._estates = _Rows(evaluation.study.layer("residential"), "id")
        self._facilities = _Rows(evaluation.study.layer("facilities"), "id")
        self._walks = _Rows(places.loc[places["layer"].eq("residential")], "place_id")
        self._checks = _Rows(evaluation.provision, "residential_id")
        self._rules = {
            rule.id: rule for pack in reversed(evaluation.rulebook.packs)
            for rule in reversed(pack.rules)
        }  # fmt: skip

    def estate(self, id_: str) -> EstateCard | None:
        """Return the card of an estate; None where there is none of that id."""
        row = self._estates.row(id_)
        if row is None:
            return None
        check, project = self._checks.row(id_), self._projects.get(id_)
        whole = project is not None and project.stands == id_
        return EstateCard(
            name=project.name if project is not None and whole else _name(row),
            about=self._about(row),
            people=self._people(id_, project),
            walk=self.walk(id_),
            verdict=[] if check is None else self._verdict(check),
            clause=() if check is None else self._clause(check),
        )

    @cached_property
    def _projects(self) -> Mapping[str, Project]:
        return projects_by_estate(self._evaluation)

    @cached_property
    def _duties(self) -> DutyWords:
        return DutyWords(self._evaluation)

    def _people(self, id_: str, project: Project | None) -> Facts:
        """Return who lives there; where an estate stands for several phases, in all of them too."""
        own = (say("60岁以上"), say("{people} 人", people=number(self._elders.get(id_))))
        if project is None or project.stands != id_:
            return [own]
        every = [self._elders.get(each, math.nan) for each in project.members]
        all_ = say("{people} 人", people=number(sum(every)))
        return [(say("60岁以上（各期合计）"), all_), (say("60岁以上（本期）"), own[1])]

    def facility(self, id_: str) -> FacilityCard | None:
        """Return the card of a facility; None where there is none of that id."""
        row = self._facilities.row(id_)
        if row is None:
            return None
        counted = id_ in self._evaluation.counted
        category = FACILITIES.get(str(row.get("category")), FACILITIES["other"])
        about: Facts = [
            (say("类别"), category.label),
            (say("运营状态"), self._status(row)),
            (say("计入服务圈"), say("是") if counted else say("否")),
            (say("建筑面积"), f"{number(row.get('floor_area_m2'))} ㎡"),
            (say("床位"), number(row.get("beds"))),
        ]
        return FacilityCard(_name(row), about, self._served(id_) if counted else [])

    def _about(self, row: Mapping[str, Any]) -> Facts:
        """Return where an estate lies and whether it is new; what is unknown says so."""
        street, kind = self._streets.get(row["id"], ""), row.get("kind")
        own = row.get("street")
        return [
            (say("街道"), (street if pd.isna(own) else str(own)) or say("未填写")),
            (say("建设类型"), say("未填写") if pd.isna(kind) else code_word("kind", str(kind))),
        ]

    @cached_property
    def _streets(self) -> Mapping[str, str]:
        """The street in which each estate lies, by id."""
        layer = self._evaluation.study.layer("residential")
        if layer is None:
            return {}
        names = area_of(self._evaluation, layer.geometry, "street")
        return dict(zip(layer["id"], names, strict=True))

    def _status(self, row: Mapping[str, Any]) -> Message:
        """Return whether a facility operates; one that a scenario brings stands in no file."""
        if self._evaluation.study.scenarios and row.get("row") == 0:
            return say("情景新增")
        return STATUS.get(str(row.get("status")), say("未填写"))

    def walk(self, id_: str) -> Facts:
        """Return the walk of an estate to what is nearest, and how much of it is within reach."""
        place = self._walks.row(id_)
        if place is None:
            return [(say("步行时间"), say("未测算"))]
        return [
            (say("步行时间"), self._minutes(place)),
            (say("时限内比例"), percent(place["share"])),
        ]

    def _minutes(self, place: Mapping[str, Any]) -> Message:
        if pd.isna(place["minutes"]):
            code = place["reason"]
            known = isinstance(code, str) and code
            why = WALK_REASONS.get(code, say("{code}", code=code)) if known else say("原因未注明")
            return say("无法计算：{why}", why=why)
        speed = self._evaluation.study.description.walking.speed_m_per_s
        nearest = self._facilities.row(place["nearest_facility_id"])
        return say(
            "{minutes} 分钟（{metres} 米）至 {name}",
            minutes=f"{place['minutes']:.1f}", metres=number(place["minutes"] * 60 * speed),
            name=NOTHING if nearest is None else _name(nearest),
        )  # fmt: skip

    def _verdict(self, check: Mapping[str, Any]) -> Facts:
        project = self._projects.get(str(check["residential_id"]))
        if project is not None and project.stands != check["residential_id"]:
            return [(say("配建核查"), project.merged)]
        if not check["in_scope"]:
            reason = SCOPE_REASONS.get(str(check["scope_reason"]), say("不在核查范围"))
            return [(say("配建核查"), say("不在核查范围：{why}", why=reason))]
        facts: Facts = [
            (say("户数"), number(check["households"]) if project is None else project.terms),
            (say("配建结论"), VERDICTS.get(str(check["verdict"]), VERDICTS[UNKNOWN]).label),
            (say("计算"), calculation(check)),
        ]
        duty = self._duties.of(str(check["residential_id"]))
        if duty is not None:
            facts.append((say("配建义务日期"), duty))
        for label, told in ((say("问题原因"), problems(check)), (say("提示"), remarks(check))):
            if told:
                facts.append((label, one_after_another(told)))
        return facts

    @cached_property
    def _elders(self) -> "pd.Series[float]":
        """People aged 60+ by estate; NaN where those of one of its homes are not known."""
        homes = self._evaluation.homes
        here = homes.loc[homes["place_layer"].eq("residential")]
        people = here.groupby("place_id")["elderly_60plus"]
        known: pd.Series[float] = people.agg(lambda living: living.sum(skipna=False))
        return known

    def _clause(self, check: Mapping[str, Any]) -> tuple[str, ...]:
        rule = self._rules.get(check["rule"]) if isinstance(check["rule"], str) else None
        if rule is None:
            return ()
        quote = (f"「{rule.quote}」",) if rule.quote else ()
        return (f"{rule.document} {rule.clause}".strip(), *quote)

    def _served(self, id_: str) -> Facts:
        """Return whom a facility serves: the estates to which it is the nearest."""
        area = service_area(self._evaluation.places, self._evaluation.homes, id_)
        facts: Facts = [(say("就近服务"), say("{count} 个小区", count=len(area.estates)))]
        if area.elders is not None:
            covered = NOTHING if area.covered is None else number(round(area.covered))
            told = say("{elders} 人，时限内 {covered} 人", elders=number(round(area.elders)),
                       covered=covered)  # fmt: skip
            facts.append((say("60岁以上"), told))
        if area.unknown:
            facts.append((say("人数不明"), say("{count} 个小区", count=area.unknown)))
        return facts


class _Rows:
    """The rows of a table by their id; of several with one id the first."""

    def __init__(self, table: pd.DataFrame | None, column: str) -> None:
        named = [] if table is None else [name for name in table.columns if name != "geometry"]
        self._columns = {} if table is None else {str(n): table[n].tolist() for n in named}
        ids = self._columns.get(column, [])
        self._at = {id_: at for at, id_ in reversed([*enumerate(ids)])}

    def row(self, id_: object) -> Mapping[str, Any] | None:
        """Return a row by its columns' names; None where there is none."""
        at = self._at.get(id_)
        if at is None:
            return None
        return {name: cells[at] for name, cells in self._columns.items()}


def _name(row: Mapping[str, Any]) -> str:
    return str(row["name"]) if pd.notna(row.get("name")) else str(row["id"])
