"""Why an estate has its verdict, in words: the problem, what is missing to judge it, remarks.

The list, the card, the sheet, the workbook and the documents all say it from here.
"""

from collections.abc import Hashable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from analysis.provision.reasons import REASONS, SCOPE_REASONS, SEPARATOR, WARNINGS
from geo.language import Message, joined, say

Check = Mapping[str, Any] | Mapping[Hashable, Any]  # a row of a table

NO_ROOM: Final = say("没有可计入的养老用房")
TOO_SMALL: Final = say("养老用房面积不足")
# What tells how a figure came about is no problem of the estate.
AS_BUILT: Final = "judged_as_built"
REMARKS: Final = (*WARNINGS, "area_from_facilities", AS_BUILT, "assumed", "pool_confirmed")

HOUSING: Final = say("住建（房管）部门或街道")
_CIVIL: Final = say("民政部门")
_LAND: Final = say("自然资源部门")
MISSING: Final[Mapping[str, tuple[Message, Message]]] = MappingProxyType(
    {
        "households_unknown": (say("户数"), HOUSING),
        "area_unknown": (say("养老用房建筑面积"), HOUSING),
        "usable_area_only": (say("养老用房建筑面积（台账只有使用面积）"), HOUSING),
        "area_basis_unknown": (say("面积口径：建筑面积还是使用面积"), HOUSING),
        "status_unknown": (say("养老用房是否已投用"), HOUSING),
        "area_implausible": (say("核对养老用房面积与户数的单位"), HOUSING),
        "area_conflict": (say("两本台账一致的面积"), say("民政部门与街道")),
        "facility_area_unknown": (say("设施的建筑面积"), _CIVIL),
        "facility_status_unknown": (say("设施是否运营"), _CIVIL),
        "facility_link_unclear": (say("设施服务哪些小区"), _CIVIL),
        "serves_far": (say("核对设施所服务的小区"), _CIVIL),
        "kind_unknown": (say("新建还是已建成"), HOUSING),
        "duty_date_unknown": (say("规划条件、出让或许可的日期"), _LAND),
        "straddles": (say("各期的义务日期以哪一个为准"), _LAND),
        "completion_unknown": (say("竣工日期或已交付户数"), HOUSING),
        "delivered_over_planned": (say("核对户数与已交付户数"), HOUSING),
        "no_rule": (say("当日已生效的配建规则"), _CIVIL),
        "pool_unclear": (say("统筹组各小区与设施的上述数据"), _CIVIL),
    }
)  # fmt: skip
"""What is missing where an estate cannot be judged, and who usually has it, by its reason."""


def codes_of(joined_codes: Any) -> list[str]:  # noqa: ANN401 - a table's cell
    """Return the codes of a joined text; none where it is empty or unknown."""
    if joined_codes is None or pd.isna(joined_codes):
        return []
    return [code for code in str(joined_codes).split(SEPARATOR) if code]


def problems(check: Check) -> list[Message]:
    """Return what is wrong with an estate, or why it is not judged; a lack is a reason of its own.

    check
        A row of the table of the check; verdict, in_scope, scope_reason, reasons, provided_m2.
    """
    if not check["in_scope"]:
        return [SCOPE_REASONS[code] for code in codes_of(check["scope_reason"])]
    told = [REASONS[code] for code in codes_of(check["reasons"]) if code not in REMARKS]
    if check["verdict"] == "short":
        told.insert(0, TOO_SMALL if check["provided_m2"] > 0 else NO_ROOM)
    return told


def remarks(check: Check, *, built: Message | None = None) -> list[Message]:
    """Return what is to be known beside an estate's verdict and changes nothing of it.

    built
        What papers say of a new estate that is judged as a built one, with the day of the rule.
    """
    codes = codes_of(check["reasons"]) if check["in_scope"] else []
    words = REASONS if built is None else {**REASONS, AS_BUILT: built}
    return [words[code] for code in codes if code in REMARKS]


def missing(check: Check) -> list[tuple[Message, Message]]:
    """Return what an estate that cannot be judged is waiting for, each with who usually has it."""
    if check["verdict"] != "unknown":
        return []
    return [MISSING[code] for code in codes_of(check["reasons"]) if code in MISSING]


def one_after_another(told: Iterable[Message]) -> str:
    """Return words in one cell; empty where there are none."""
    told = list(told)
    return str(joined("；", *told)) if told else ""


def reason_columns(rows: pd.DataFrame) -> tuple["pd.Series[Any]", "pd.Series[Any]"]:
    """Return of each row the problem and the remarks, in words."""
    named = ["in_scope", "scope_reason", "reasons", "verdict", "provided_m2"]
    asked = rows[named].assign(provided_m2=rows["provided_m2"].gt(0).astype("int64"))
    # Thousands of rows share a few dozen answers.
    each = asked.drop_duplicates().to_dict("records")
    words = {
        tuple(map(str, one.values())): (
            one_after_another(problems(one)), one_after_another(remarks(one)),
        )
        for one in each
    }  # fmt: skip
    keys = [tuple(map(str, cells)) for cells in asked.itertuples(index=False)]
    told = [words[key] for key in keys]
    problem, remark = ([pair[side] for pair in told] for side in (0, 1))
    return (
        pd.Series(problem, index=rows.index, dtype=object),
        pd.Series(remark, index=rows.index, dtype=object),
    )
