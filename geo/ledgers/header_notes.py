"""What stands beside a header, in brackets or behind a colon: a unit, another thing, or a note."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from geo.columns import Column
from geo.ledgers.folded import fold
from geo.ledgers.numbers import OTHER_UNITS
from geo.vocabulary import NEARLY_UNITS, SCALES, UNITS

# own: its unit, or nothing that matters; nearly: a unit close to it; other: another unit;
# apart: a part or another state of what the column holds; note: words that change nothing known.
Sense = Literal["own", "nearly", "other", "apart", "note"]

# Header notes that say nothing about the unit.
_NEUTRAL = ("必填", "选填", "可选", "required", "optional", "如有", "单位", "wgs84", "")
_BRACKET = re.compile(r"^(?P<base>.+?)[(\[【](?P<note>[^()\[\]【】]*)[)\]】][*:：]*$")
_SLASHED = re.compile(r"^(?P<base>.+)[/|](?P<note>[^/|]+)$")
_COLON = re.compile(r"^(?P<base>.+?)[:：](?P<note>.+)$")
_PARTS = re.compile("[,，、;；/\\s]")
# A cell may say 0.12万户, for it says so itself; a header speaks for figures that do not.
TIMES = tuple(unit for scales in SCALES.values() for unit in scales)
# A share of something, or one thing for each of another: 人/平方公里, 每百户.
_SHARE = re.compile("%|‰|百分|千分|占比|比例|比重|^率$|[^频效功]率$|^每|/(人|户|床|㎡|m2|平方|km)")
_UNIT_OF_ANOTHER = re.compile(
    "^(十|百|千|万|十万|百万|亿)?(亩|公顷|ha|hm2|平方(米|公里|千米|尺|英尺)|m2|km2|元|美元|km|公里|千米|米|m|cm"
    "|厘米|吨|t|kg|公斤|小时|分钟|天|次|套|间|栋|幢|座|处|所)$"
)
# How a figure is written down, or as of when, or by what: it stays the same figure.
_HOW = re.compile(
    r"^(不?含|包括|包含|以.{1,12}为准|按|据|依|例|示例|样例|如|格式|保留|取|精确|截至|截止|请|填|必|选|下拉|单选|多选|同"
    r"|整数|小数|数字|文本|纯数字|阿拉伯|最新|现状|实际|约|估|参考|全称|备案|与.{1,12}(一致|相同)"
    r"|\d{1,2}位|[一二两三四五六]位|\d{4}(年|[-./])|\d{4}$|(今|本|当|去)?年[末底初]$|.{0,8}(底|末|时点|口径|数据|统计|普查)$)"
)
# A part of the whole, or what is not as it stands: the figure is another one.
_APART = re.compile(
    r"规划|计划|拟|新增|新建|上年|上期|同期|目标|预计|预测|增长|应配|应建|需配|缺口|差额|已售|未售|交付|入住|空置|空余|空闲|闲置"
    r"|其中|女|男|老[人年]|老龄|高龄|儿童|小孩|\d+(周)?岁|岁以[上下]|流动|外来|农业|农村|城镇|城市|独居|空巢|失能|残疾|低保|特困"
    r"|贫困|护理|认知|楼栋|车位|商铺|商业|地下|公摊|租|最[高低大小]|平均|人均|户均|备用|待"
)


def with_notes(whole: str) -> Iterator[tuple[str, str, bool]]:
    """Yield what a header may be without its note, the note, and whether brackets held it.

    面积(m2), 面积/m2, 面积m2 are all 面积 with the note m2.
    """
    for pattern in (_BRACKET, _SLASHED, _COLON):
        if part := pattern.match(whole):
            yield part["base"], part["note"], pattern is _BRACKET
    units = _units_behind()
    for unit in units if whole.endswith(units) else ():
        if whole.endswith(unit):
            yield whole.removesuffix(unit), unit, False


def sense_of(note: str, column: Column, *, bracketed: bool = True) -> Sense:
    """Return what a folded note says of a column that the header without it means.

    bracketed
        Only in brackets do words about a figure stand: 户数/面积 is no note on 户数.
    """
    said = note.removeprefix("单位:").removeprefix("单位")
    own, parts = _own(column), _PARTS.split(said)
    if said in NEARLY_UNITS.get(column.unit, ()):
        return "nearly"
    if said in own or all(part in own for part in parts):
        return "own"
    # What a coordinate is in, its size tells: degrees or metres.
    is_unit = column.unit != "degrees" and (
        said in _all_units() or _UNIT_OF_ANOTHER.match(said) is not None
    )
    if is_unit or (not bracketed and column.kind in {"count", "number"}):
        return "other"
    if column.unit == "degrees" or column.kind not in {"count", "number"}:
        return "note"
    if _SHARE.search(said) or any(part in _all_units() - own for part in parts):
        return "other"
    return "apart" if _APART.search(said) and not changes_nothing(said, column) else "note"


def changes_nothing(note: str, column: Column) -> bool:
    """Tell whether a note is known to leave a figure as it is: as of when, how it is written."""
    parts = [part for part in _PARTS.split(note)
             if part.removeprefix("单位:") not in _own(column)]
    return all(_HOW.search(part) for part in parts)


def speaks_of_a_part(header: str) -> bool:
    """Tell whether the note of a header names a part of the whole: 户数（已入住）."""
    return any(_APART.search(note) for _, note, _ in with_notes(fold(header)))


def times_own(note: str, column: Column) -> float:
    """Return what figures in the unit of a note are multiplied by for the column's own."""
    return SCALES.get(column.unit, {}).get(note.removeprefix("单位:").removeprefix("单位"), 1.0)


def _own(column: Column) -> frozenset[str]:
    settled = {fold(part) for part, _, _ in column.settles}
    return _own_units(column.unit, column.kind == "date") | settled


@cache
def _own_units(unit: str, is_date: bool) -> frozenset[str]:  # noqa: FBT001 - a key of the cache
    own = {fold(name) for name in UNITS.get(unit, ())} | set(_NEUTRAL)
    return frozenset(own | ({"年", "年月", "年月日", "年份", "年度", "日期"} if is_date else set()))


@cache
def _units_behind() -> tuple[str, ...]:
    """Return units that are read at the end of a header without a bracket, the longest first."""
    own = {fold(unit) for name in ("m2", "wan") for unit in UNITS[name]}
    others = {fold(unit) for unit in (*OTHER_UNITS, *TIMES)}
    return tuple(sorted(own | others, key=len, reverse=True))


@cache
def _all_units() -> frozenset[str]:
    units = (unit for names in UNITS.values() for unit in names)
    return frozenset(fold(unit) for unit in (*units, *OTHER_UNITS, *TIMES))
