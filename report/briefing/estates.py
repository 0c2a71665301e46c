"""Estates as they are sent to superiors: those that fall short, and those nobody can judge yet."""

from typing import Final

import numpy as np
import pandas as pd

from analysis.evaluation import Evaluation
from analysis.provision.proposed_remedies import REMEDY
from analysis.provision.remedies import REMEASURE_M2
from geo.language import headed, say, translate
from report.areas import area_of
from report.briefing.content import Column, Kind, Table
from report.briefing.material import Proposed
from report.duty_words import as_built_words
from report.estate_list import VERDICTS, estate_rows
from report.estate_missing import needed_words
from report.estate_reasons import one_after_another, problems, remarks
from report.estate_remedies import Remedies

SHORT: Final = "short_estates"
UNKNOWN: Final = "unknown_estates"
VERDICT_COUNTS: Final = "verdicts"


_ASKED: Final = ("in_scope", "scope_reason", "reasons", "verdict", "provided_m2")
_WHO: Final = (
    Column("number", say("序号"), Kind.COUNT, weight=0.6),
    Column("county", say("旗县区")),
    Column("street", say("街道"), weight=1.3),
    Column("community", say("社区"), weight=1.6),
    Column("name", say("小区"), weight=1.6),
    Column("households", say("户数"), Kind.COUNT, say("规划或现有户数，按台账")),
    Column("required_m2", say("应配（㎡）"), Kind.AREA, say("户数 × 每户应配面积，建筑面积")),
    Column("provided_m2", say("已配（㎡）"), Kind.AREA, say("能计入的养老用房建筑面积")),
    Column("deficit_m2", say("缺口（㎡）"), Kind.AREA, say("应配减已配；不明的为空")),
    Column("verdict", say("达标情况"), words=headed),
    Column("reasons", say("问题原因"), words=headed, weight=2.2),
)  # fmt: skip
_REMARKS: Final = Column(
    "remarks", say("备注"), words=headed, meaning=say("不影响结论的提示"), weight=1.6
)
_ID: Final = Column("residential_id", say("编号"))
_UNTIL: Final = Column("until", say("完成时限"), meaning=say("由当地确定填写"))
_TO_DO: Final = (
    Column("remedy", say("整改措施"), words=headed, weight=2.2,
           meaning=say("先看统筹建议，再看统筹步行距离内最近的、足以补齐的备选点，更远的仅供参考；"
                       "备选点建成投用并确认统筹后才计入。缺口不足 {m2} ㎡的先复测，"
                       "是提示，不是规定", m2=f"{REMEASURE_M2:g}")),
    Column("bureau", say("责任单位"), meaning=say("由当地确定填写")),
    _UNTIL, _REMARKS, _ID,
)  # fmt: skip
_TO_ASK: Final = (
    Column("needed", say("需补什么"), words=headed, weight=2.2),
    Column("whose", say("由谁提供"), words=headed, weight=1.4,
           meaning=say("一般由其提供，以当地分工为准")),
    _UNTIL, _REMARKS, _ID,
)  # fmt: skip


def short_table(evaluation: Evaluation, proposed: Proposed | None = None) -> Table:
    """Return every estate that falls short, the most lacking first, with the sums."""
    rows = _rows(evaluation, "short")
    sites = {} if proposed is None else proposed.ranks
    rows = rows.assign(remedy=[*Remedies(evaluation, sites).words(rows)])
    summed = {name: rows[name].sum() for name in ("required_m2", "provided_m2", "deficit_m2")}
    total = {"county": translate("合计"), "households": rows["households"].sum(), **summed}
    return Table(
        SHORT, say("不达标小区清单"), (*_WHO, *_TO_DO),
        rows[[column.key for column in (*_WHO, *_TO_DO)]], total if len(rows) else None,
        say("应核查 {all} 个小区中不达标 {short} 个；责任单位、完成时限由当地填写。",
            all=evaluation.summary["provision"]["in_scope"], short=len(rows)),
    )  # fmt: skip


def unknown_table(evaluation: Evaluation) -> Table:
    """Return every estate in scope that cannot be judged, with what is missing."""
    rows = _rows(evaluation, "unknown")
    checks = rows.assign(reasons=rows["codes"], verdict="unknown")
    told = [*needed_words(evaluation, checks)]
    rows = rows.assign(needed=[what for what, _ in told], whose=[who for _, who in told])
    return Table(
        UNKNOWN, say("无法判定小区清单（待补数据）"), (*_WHO, *_TO_ASK),
        rows[[column.key for column in (*_WHO, *_TO_ASK)]], None,
        say("应核查 {all} 个小区中无法判定 {unknown} 个：资料不全，既不算达标也不算不达标。",
            all=evaluation.summary["provision"]["in_scope"], unknown=len(rows)),
    )  # fmt: skip


def verdicts_table(evaluation: Evaluation) -> Table:
    """Return how many estates in scope have each verdict; every one has just one."""
    counted = evaluation.summary["provision"]
    codes = ("met", "met_pooled", "short", "unknown")
    rows = pd.DataFrame(
        {
            "code": codes,
            "verdict": [str(VERDICTS[code]) for code in codes],
            "estates": [counted[code] for code in codes],
        }
    )
    columns = (
        Column("verdict", say("达标情况"), words=headed, weight=2),
        Column("estates", say("小区（个）"), Kind.COUNT, say("在配建核查范围内的小区")),
    )
    return Table(
        VERDICT_COUNTS, say("核查结论"), columns, rows,
        {"verdict": translate("合计"), "estates": counted["in_scope"]},
        say("应核查小区 {in_scope} 个，每个小区只有一个结论；不在核查范围的不计。",
            in_scope=counted["in_scope"]),
    )  # fmt: skip


def _rows(evaluation: Evaluation, verdict: str) -> pd.DataFrame:
    every = estate_rows(evaluation)
    rows = every.loc[every["verdict"].eq(verdict)].reset_index(drop=True)
    asked, built = rows[[*_ASKED]].to_dict("records"), as_built_words(evaluation)
    residential = evaluation.study.layer("residential")
    if residential is None:
        county = pd.Series("", index=rows.index)
    else:
        named = pd.Series(
            area_of(evaluation, residential.geometry, "county"), index=residential["id"].to_numpy()
        )
        county = rows["residential_id"].map(named)
    return pd.DataFrame(
        {
            "number": np.arange(1, len(rows) + 1),
            "county": county.fillna("").to_numpy(),
            **{name: rows[name] for name in ("street", "community")},
            "name": rows["name"].where(rows["name"].notna(), rows["residential_id"]),
            **{
                name: rows[name].astype("float64")
                for name in ("households", "required_m2", "provided_m2", "deficit_m2")
            },
            "verdict": str(VERDICTS[verdict]),
            "reasons": [one_after_another(problems(row)) for row in asked],
            "remarks": [one_after_another(remarks(row, built=built)) for row in asked],
            **{name: rows[name] for name in REMEDY},
            "codes": rows["reasons"],
            "bureau": "",
            "until": "",
            "residential_id": rows["residential_id"],
        }
    )
