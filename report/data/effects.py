"""What an empty cell or an absent column does to the results: one line a column, true to the code.

Each line is tried against an evaluation in tests/report/test_data_effects.py.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from analysis.columns import dates, figures, words
from analysis.districts.care_kinds import COMMUNITY, INSTITUTIONS, MUTUAL_AID
from analysis.provision.in_use import status_of
from analysis.provision.projects import DUTY_DATES
from analysis.provision.stated_area import ELIGIBLE
from geo.files.several_files import where_rows_stand
from geo.language import Message, say
from report.data.undecided import Standing

Rows = "pd.Series[bool]"
Count = Callable[[int], Message]
Where = Callable[[gpd.GeoDataFrame, "Counting"], "pd.Series[bool]"]

_IDLE: Final = ("planned", "building", "misused", "closed")
_LAND: Final = "新增|用地|地块"
_BEDS: Final = (*INSTITUTIONS, *COMMUNITY, *MUTUAL_AID)


@dataclass(frozen=True)
class Counting:
    """What a study counts.

    eligible
        Categories whose floor area counts for estates.
    assumed
        Columns of estates that the study settles where nobody filled them in.
    named_areas
        Whether there are boundaries, by whose names people without a position are placed.
    standing
        How each estate stands as things are, by its id; none where nothing is checked.
    """

    eligible: tuple[str, ...] = ELIGIBLE
    assumed: frozenset[str] = frozenset()
    named_areas: bool = False
    standing: Mapping[str, Standing] = field(default_factory=dict)


@dataclass(frozen=True)
class Gap:
    """One column of a layer, and what its blanks do.

    column
        Canonical name; `geometry` for the position.
    blank, absent
        The sentence for so many rows, where cells are empty and where the column is not there at
        all; None: the same for both, or nothing to say.
    where
        Rows to which it matters that their cell is empty.
    ask, ask_where
        Whether the street is asked to fill it in, and in which of those rows; by default in all.
    ask_also
        Rows in which it is asked for though it does not matter yet: an answer asked for beside it
        will say nothing alone.
    fill
        Columns in which the answer is given; by default the column itself.
    """

    column: str
    blank: Count | None = None
    absent: Count | None = None
    where: Where | None = None
    ask: bool = True
    ask_where: Where | None = None
    ask_also: Where | None = None
    fill: tuple[str, ...] = ()


@dataclass(frozen=True)
class Effect:
    """What is missing in some rows does this to the results.

    rows
        As the file numbers them.
    sentence
        The same for another number of rows.
    files
        The file of each row, of a layer out of several.
    """

    column: str
    message: Message
    rows: tuple[int, ...]
    sentence: Count
    files: tuple[str, ...] = ()

    def by_file(self) -> dict[str, list[int]]:
        """Return the numbers of the rows by their file; of a layer of one file by no name."""
        told: dict[str, list[int]] = {}
        for file, row in zip(self.files or [""] * len(self.rows), self.rows, strict=True):
            told.setdefault(file, []).append(row)
        return told


def effects_of(layer: str, frame: gpd.GeoDataFrame, counting: Counting) -> Iterator[Effect]:
    """Yield what the empty cells and absent columns of a layer do to the results."""
    for gap in GAPS.get(layer, ()):
        said, rows = _sentence(gap, frame, counting), missing_rows(gap, frame, counting)
        if said is not None and rows.any():
            where = where_rows_stand(frame[rows.to_numpy()])
            files = tuple(file for file, _ in where)
            told = tuple(row or 0 for _, row in where)
            yield Effect(gap.column, said(len(told)), told, said, files if any(files) else ())


def answered_in(layer: str, column: str) -> tuple[str, ...]:
    """Return the columns in which the answer to a cell is given: a position needs two."""
    if column in _WHERE:
        return (column,)
    fill = next((gap.fill for gap in GAPS.get(layer, ()) if gap.column == column), ())
    return fill or (_WHERE if column == "geometry" else (column,))


def _sentence(gap: Gap, frame: gpd.GeoDataFrame, counting: Counting) -> Count | None:
    if is_assumed(gap.column, frame, counting):
        return _ASSUMED.get(gap.column)
    absent = gap.column != "geometry" and gap.column not in frame.columns
    return gap.absent or gap.blank if absent else gap.blank


def is_assumed(column: str, frame: gpd.GeoDataFrame, counting: Counting) -> bool:
    """Tell whether the study settles a column in which nobody wrote anything."""
    blank = column not in frame.columns or bool(frame[column].isna().all())
    return column in counting.assumed and blank


def missing_rows(gap: Gap, frame: gpd.GeoDataFrame, counting: Counting) -> "pd.Series[bool]":
    """Return the rows whose empty cell matters; all to which it would, where the column lacks."""
    if gap.column == "geometry":
        shapes = frame.geometry.to_numpy()
        empty = pd.Series(shapely.is_missing(shapes) | shapely.is_empty(shapes), index=frame.index)
    elif gap.column in frame.columns:
        empty = frame[gap.column].isna()
    else:
        empty = pd.Series(data=True, index=frame.index)
    if gap.where is None:
        return empty.astype(bool)
    return (empty & gap.where(frame, counting).fillna(value=False)).astype(bool)


def asked_rows(gap: Gap, frame: gpd.GeoDataFrame, counting: Counting) -> "pd.Series[bool]":
    """Return the rows that lack the column and whose street is asked for it."""
    missing = missing_rows(gap, frame, counting)
    asked = missing if gap.ask_where is None else missing & gap.ask_where(frame, counting)
    if gap.ask_also is None:
        return asked
    every = missing_rows(replace(gap, where=None), frame, counting)
    return asked | (every & gap.ask_also(frame, counting).astype(bool))


# --- to which rows it matters ---------------------------------------------------------------------


def _no_area_named(frame: gpd.GeoDataFrame, counting: Counting) -> "pd.Series[bool]":
    """Return the rows that no name can place: a community has no longitude and latitude."""
    named = words(frame, "name").notna() | words(frame, "street").notna()
    return ~(named & counting.named_areas).astype(bool)


def _operating(frame: gpd.GeoDataFrame, _counting: Counting) -> "pd.Series[bool]":
    operates: pd.Series[bool] = status_of(frame).eq("operating").astype(bool)
    return operates


def _institution(frame: gpd.GeoDataFrame, counting: Counting) -> "pd.Series[bool]":
    return words(frame, "category").isin(INSTITUTIONS) & _operating(frame, counting)


def _with_beds(frame: gpd.GeoDataFrame, counting: Counting) -> "pd.Series[bool]":
    """Return the facilities whose beds are added up: of institutions, and in communities."""
    return words(frame, "category").isin(_BEDS) & _operating(frame, counting)


def _with_care_rooms(frame: gpd.GeoDataFrame, counting: Counting) -> "pd.Series[bool]":
    eligible = words(frame, "category").isin(counting.eligible)
    return _operating(frame, counting) & eligible & figures(frame, "allocated_m2").isna()


def _not_idle(frame: gpd.GeoDataFrame, _counting: Counting) -> "pd.Series[bool]":
    idle = words(frame, "care_status").isin(_IDLE).to_numpy(dtype=bool)
    return pd.Series(~idle, index=frame.index)


def _some_area(frame: gpd.GeoDataFrame, counting: Counting) -> "pd.Series[bool]":
    return figures(frame, "care_floor_area_m2").gt(0) & _not_idle(frame, counting)


def _area_asked(frame: gpd.GeoDataFrame, counting: Counting) -> "pd.Series[bool]":
    """Return the rows whose area is asked for: alone it decides nothing."""
    return figures(frame, "care_floor_area_m2").isna() & _not_idle(frame, counting)


def _not_built(frame: gpd.GeoDataFrame, _counting: Counting) -> "pd.Series[bool]":
    not_built = ~words(frame, "kind").eq("built").to_numpy(dtype=bool, na_value=False)
    every = pd.concat([dates(frame, name) for name in DUTY_DATES], axis=1)
    return every.isna().all(axis=1) & not_built


def _undated(frame: gpd.GeoDataFrame, _counting: Counting) -> "pd.Series[bool]":
    every = pd.concat([dates(frame, name) for name in ("handed_over_on", *DUTY_DATES)], axis=1)
    return every.isna().all(axis=1)


def _polygon(frame: gpd.GeoDataFrame, _counting: Counting) -> "pd.Series[bool]":
    return pd.Series(shapely.area(frame.geometry.to_numpy()) > 0, index=frame.index)


def _no_polygon(frame: gpd.GeoDataFrame, counting: Counting) -> "pd.Series[bool]":
    return ~_polygon(frame, counting)


def _no_land(frame: gpd.GeoDataFrame, _counting: Counting) -> "pd.Series[bool]":
    land = words(frame, "kind").str.contains(_LAND).fillna(value=False).to_numpy(dtype=bool)
    return pd.Series(~land, index=frame.index)


# --- the table ------------------------------------------------------------------------------------

_WHERE: Final = ("longitude", "latitude")

_FACILITIES: Final = (
    Gap("geometry",
        lambda count: say("{count} 处运营设施没有坐标：不计入服务圈和所在街道、社区的设施数；"
                          "没有写服务小区的，面积也不归任何小区。", count=count),
        where=_operating, fill=_WHERE),
    Gap("category",
        lambda count: say("{count} 处设施类别不明：不计入服务圈和床位；"
                          "除写明分摊面积的以外，面积不计入配建。", count=count)),
    Gap("status",
        lambda count: say("{count} 处设施运营状态为空：不计入服务圈和床位；"
                          "面积是否计入所服务的小区，要看验收、移交日期，否则无法确定。",
                          count=count),
        lambda count: say("没有运营状态列：{count} 处设施全部按运营计入。", count=count)),
    Gap("floor_area_m2",
        lambda count: say("{count} 处社区设施没有建筑面积：所服务的小区若自己的台账也没有面积，"
                          "结论为“无法判定”。", count=count),
        where=_with_care_rooms),
    Gap("beds",
        lambda count: say("{count} 处设施没有床位数：床位合计只是下限；确无床位的填 0。",
                          count=count), where=_with_beds),
    Gap("nursing_beds",
        lambda count: say("{count} 家养老机构没有护理型床位数："
                          "所在区域的护理型床位占比不计算。", count=count),
        where=_institution),
    Gap("price_class",
        lambda count: say("{count} 家养老机构没有收费类型：普惠床位合计只是下限。", count=count),
        where=_institution),
    Gap("serves", None,
        lambda count: say("没有服务小区列：{count} 处社区设施的面积只归所在的小区，"
                          "不在任何小区范围内的不归任何小区。", count=count),
        where=_with_care_rooms, ask=False),
)  # fmt: skip
_RESIDENTIAL: Final = (
    Gap("geometry",
        lambda count: say("{count} 个小区没有位置：不计算步行时间，不算已覆盖；"
                          "配建照常核查。", count=count),
        fill=_WHERE),
    Gap("households",
        lambda count: say("{count} 个小区户数缺失：应配面积无法计算，结论为“无法判定”，"
                          "缺口不计入合计；分配人口时取其余小区的中位数。", count=count)),
    Gap("care_floor_area_m2",
        lambda count: say("{count} 个小区没有养老用房面积：只看设施台账，"
                          "那里也没有的，结论为“无法判定”。", count=count),
        where=_not_idle),
    Gap("care_area_basis",
        lambda count: say("{count} 个小区没有写明是建筑面积还是使用面积："
                          "仅凭小区台账，结论为“无法判定”。", count=count),
        where=_some_area, ask_also=_area_asked),
    Gap("care_status",
        lambda count: say("{count} 个小区没有写明养老用房状态："
                          "面积够的也“无法判定”，面积不够的仍为不达标。", count=count),
        where=_some_area, ask_also=_area_asked),
    Gap("kind",
        lambda count: say("{count} 个小区没有写明新建还是已建成：两种标准都试，"
                          "结论不同的“无法判定”；不计入新建小区达标率。", count=count)),
    Gap("conditions_on",
        lambda count: say("{count} 个小区没有规划条件、出让或许可日期：历次标准都试，"
                          "结论不同的“无法判定”。", count=count),
        where=_not_built),
    Gap("completed_on",
        lambda count: say("{count} 个小区没有建成、交付及其他日期："
                          "不计入 2014 年以来小区的达标率。", count=count),
        where=_undated),
    Gap("street",
        lambda count: say("{count} 个小区没有写街道：统筹建议把它们放在一起，"
                          "待补数据表归入“未写街道”。", count=count)),
    Gap("gated", None,
        lambda count: say("没有封闭列：{count} 个小区都按可以穿行计算步行。", count=count),
        where=_polygon, ask=False),
)  # fmt: skip
_POPULATION: Final = (
    Gap("geometry",
        lambda count: say("{count} 行人口没有位置：这些人不计入覆盖，也不计入未覆盖。",
                          count=count),
        fill=_WHERE, ask_where=_no_area_named),
    Gap("population",
        lambda count: say("{count} 行人口数缺失：这些地方的人不在总数里。", count=count)),
    Gap("elderly_60plus",
        lambda count: say("{count} 行没有 60 岁以上人口：这些地方的老年人不在分子，也不在分母。",
                          count=count),
        lambda count: say("没有 60 岁以上人口列（{count} 行）：60 岁以上覆盖率不计算，"
                          "不以 65 岁以上代替。", count=count)),
    Gap("elderly_80plus", None,
        lambda count: say("没有 80 岁以上人口列（{count} 行）：不计算高龄老人的覆盖。",
                          count=count), ask=False),
    Gap("basis", None,
        lambda count: say("没有口径列（{count} 行）：结果注明“没有写明常住还是户籍”。",
                          count=count), ask=False),
)  # fmt: skip
_BOUNDARIES: Final = (
    Gap("level", lambda count: say("{count} 个区域没有级别：不汇总。", count=count)),
    Gap("geometry",
        lambda count: say("{count} 个区域没有范围：里面的人和设施都归在“范围以外”。",
                          count=count), ask=False),
    Gap("setting", None,
        lambda count: say("没有城乡列：{count} 个区域全部按步行衡量，不单列农村。", count=count),
        ask=False),
)  # fmt: skip
_CANDIDATES: Final = (
    Gap("geometry",
        lambda count: say("{count} 处备选点没有位置：不计算步行时间，不作补齐建议。",
                          count=count), fill=_WHERE),
    Gap("area_m2",
        lambda count: say("{count} 处备选点没有面积：能否使用不明，不作补齐建议。", count=count)),
    Gap("floor",
        lambda count: say("{count} 处备选点没有楼层：能否使用不明，排在可用的之后。",
                          count=count), where=_no_land),
)  # fmt: skip
_CARE_LAND: Final = (
    Gap("land_area_m2",
        lambda count: say("{count} 块用地没有面积：按图上面积计。", count=count),
        where=_polygon, ask=False),
    Gap("land_area_m2",
        lambda count: say("{count} 块用地没有面积也没有范围：用地合计只是下限。", count=count),
        where=_no_polygon),
    Gap("code",
        lambda count: say("{count} 块用地没有用地代码：不知是否养老用地，不计入合计。",
                          count=count)),
    Gap("status",
        lambda count: say("{count} 块用地状态为空：不知是否可用，不计入合计。", count=count),
        lambda count: say("没有状态列：{count} 块用地全部计入。", count=count)),
)  # fmt: skip
_ENTRANCES: Final = (
    Gap("geometry", lambda count: say("{count} 个出入口没有坐标：不使用。", count=count),
        fill=_WHERE),
    Gap("residential_id",
        lambda count: say("{count} 个出入口没有写属于哪个小区：不使用。", count=count)),
)  # fmt: skip

_ASSUMED: Final[Mapping[str, Count]] = MappingProxyType(
    {
        "care_area_basis": lambda count: say(
            "整列没有写明建筑面积还是使用面积：{count} 个小区按研究文件 [assume] 的设定计，"
            "单独列数。", count=count),
        "care_status": lambda count: say(
            "整列没有写明养老用房状态：{count} 个小区按研究文件 [assume] 的设定计，单独列数。",
            count=count),
    }
)  # fmt: skip

GAPS: Final[Mapping[str, tuple[Gap, ...]]] = MappingProxyType(
    {
        "facilities": _FACILITIES,
        "residential": _RESIDENTIAL,
        "population": _POPULATION,
        "boundaries": _BOUNDARIES,
        "candidates": _CANDIDATES,
        "care_land": _CARE_LAND,
        "entrances": _ENTRANCES,
    }
)
"""By layer, what each column does; a column that is not here changes no figure."""
