"""The columns of every layer: names, Chinese headers, kinds, units and words.

This is the only place where columns are spelled.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from geo.columns import OTHERS, Column, Schema, Shape
from geo.language import spoken
from geo.vocabulary import (
    AREA_BASES,
    BASES,
    CATEGORIES,
    KINDS,
    LAND_STATUS,
    LEVELS,
    NONE_WORDS,
    SETTINGS,
    STATUS,
)

__all__ = [
    "AGES", "BACKGROUND", "BARRIERS", "BOUNDARIES", "CANDIDATES", "CARE_LAND", "ENTRANCES",
    "FACILITIES", "MATCHES", "PAIR", "PLACES", "POPULATION", "POSITION", "READ_POSITION",
    "RESIDENTIAL", "RESIDENTIAL_LAND", "SCHEMAS", "STREETS", "Column", "Schema", "Shape",
    "schema_of",
]


def _text(name: str, chinese: str, *aliases: str, needed: bool = False) -> Column:
    return Column(name, chinese, aliases, needed=needed)


def _date(name: str, chinese: str, *aliases: str) -> Column:
    return Column(name, chinese, aliases, "date")


def _flag(name: str, chinese: str, *aliases: str) -> Column:
    return Column(name, chinese, aliases, "flag")


def _area(name: str, chinese: str, *aliases: str) -> Column:
    return Column(name, chinese, aliases, "number", "m2")


def _elderly(age: int, *, settles: tuple[tuple[str, str, str], ...] = ()) -> Column:
    since = (f"{age}岁以上", f"{age}岁及以上", f"{age}周岁以上", f"{age}周岁及以上")
    tails = ("", "人口", "人口数", "老年人", "老年人口", "老年人口数", "老人", "老年人数", "老人数")
    aliases = tuple(f"{start}{tail}" for start in since for tail in tails)
    own = f"{age}岁以上人口"
    more = (f"{age}+", f"{age}+人口", f"pop{age}", f"pop{age}plus", f"elderly{age}")
    others = tuple(alias for alias in aliases if alias != own)
    bracketed = tuple(
        f"{who}({start})" for who in ("老年人", "老年人口", "老人") for start in since
    )
    counted = tuple(
        spelling for start in since for basis in ("户籍", "常住") for tail in tails
        for spelling in (f"{start}{basis}{tail}", f"{basis}{start}{tail}")
    )
    return Column(f"elderly_{age}plus", own, (*others, *bracketed,
           *more, *counted), "number", "people",
                  settles=settles)


POSITION = (
    Column("longitude", "经度", ("lon", "lng", "long", "x", "x坐标", "东经", "经度坐标", "xcoord"),
           "number", "degrees"),
    Column("latitude", "纬度", ("lat", "y", "y坐标", "北纬", "纬度坐标", "ycoord"),
           "number", "degrees"),
    Column("wkt", "几何", ("geometry", "geom", "the_geom", "wkb_geometry", "坐标串", "空间数据")),
)

# Both figures in one cell; what forms ask for is in columns of their own.
PAIR = Column("lonlat", "经纬度", (
    "坐标", "坐标(经度,纬度)", "坐标(纬度,经度)", "坐标(经纬度)", "经纬度(经度,纬度)",
    "经纬度(纬度,经度)", "经度,纬度", "经度、纬度", "经度/纬度", "纬度,经度", "纬度、经度",
    "纬度/经度", "纬经度", "经纬度坐标", "经纬坐标", "地理坐标", "位置坐标", "gps", "gps坐标",
    "location", "lonlat", "lnglat", "latlon", "latlng", "lon,lat", "lng,lat", "lat,lon",
    "lat,lng", "coordinates",
))
READ_POSITION = (*POSITION, PAIR)

_PEOPLE_SETTLE = (("常住", "basis", "resident"), ("户籍", "basis", "registered"))
_CARE_SETTLE = (
    ("建筑面积", "care_area_basis", "building"),
    ("建面", "care_area_basis", "building"),
    ("使用面积", "care_area_basis", "usable"),
)
_NAME = _text("name", "名称", "name_zh", "名字", "NAME", needed=True)
_STREET = _text("street", "街道", "所属街道", "街道名称", "所在街道", "街道办", "街道办事处",
                "乡镇", "街道乡镇", "街道/乡镇", "街道(乡镇)", "所属乡镇", "乡镇街道", "镇街")
_ADDRESS = _text("address", "地址", "详细地址", "设施地址", "机构地址", "小区地址", "坐落", "位置",
                 "所在地", "通讯地址")
_ALIASES = _text("aliases", "别名", "曾用名", "又名", "俗称", "备案名")
_POPULATION = Column(
    "population", "人口",
    ("总人口", "人口数", "人口总数", "常住人口", "户籍人口", "常住人口数", "户籍人口数",
     "人数", "pop", "常住总人口", "年末总人口", "年末人口", "年末常住人口", "年末户籍人口"),
    "number", "people",
)

FACILITIES = Schema("facilities", "设施", "f", frozenset({"point", "polygon"}), (
    _text("id", "编号", "设施编号", "编码", "设施编码", "代码", "facility_id"),
    _text("name", "名称", "设施名称", "机构名称", "养老机构名称", "站点名称", "单位名称",
          "facility", "facility_name", needed=True),
    Column("category", "类别", ("类型", "设施类别", "设施类型", "机构类型", "机构类别", "type"),
           "word", needed=True, words=CATEGORIES, lenient=True),
    Column("status", "运营状态", ("状态", "运营情况", "使用状态", "营业状态"), "word",
           words=STATUS),
    _area("floor_area_m2", "建筑面积", "建面", "面积", "房屋建筑面积", "总建筑面积", "floor_area"),
    # What goes to all the estates it serves together, shared among them by households.
    _area("allocated_m2", "分摊面积", "计入面积", "分配面积"),
    _text("serves", "服务小区", "服务范围小区", "服务的小区", "所服务小区", "覆盖小区", "配套小区"),
    _area("land_area_m2", "用地面积", "占地面积", "土地面积"),
    Column("beds", "床位数", ("床位", "总床位", "总床位数", "核定床位", "核定床位数", "养老床位数"),
           "count", "beds"),
    Column("nursing_beds", "护理型床位", ("护理型床位数", "护理床位", "护理床位数", "nurse_beds"),
           "count", "beds"),
    Column("residents_now", "入住人数", ("在住人数", "入住老人数", "入住老人",
           "入住老年人", "入住老年人数",
                                         "在院人数", "现有入住"),
           "count", "people"),
    _text("ownership", "权属", "性质", "产权", "权属性质", "权属/性质", "机构性质"),
    _text("price_class", "收费类型", "兜底/普惠/市场", "服务性质", "价格类型", "普惠类型"),
    _text("functions", "功能", "服务功能", "服务内容", "服务项目"),
    _text("health_agreement", "签约医疗机构", "医疗签约", "协议医疗机构", "签约医院"),
    _text("floor", "楼层", "所在楼层", "层数"),
    _flag("lift", "电梯", "有无电梯", "是否有电梯", "elevator"),
    _date("accepted_on", "验收日期", "验收", "验收时间", "竣工验收日期"),
    _date("opened_on", "投用日期", "运营日期", "开业日期", "启用日期", "投用时间", "开业时间",
          "投入使用日期", "投入使用时间"),
    _date("closed_on", "停业日期", "停用日期", "关停日期", "停业时间", "停用时间"),
    _date("handed_over_on", "移交日期", "移交", "移交时间"),
    # What it would take to rebuild it so that it counts for the circle.
    Column("cost_wan", "改建费用", ("改造费用", "改扩建费用"), "number", "wan"),
    _STREET,
    _ADDRESS,
    _ALIASES,
), others=re.compile(f"{OTHERS.pattern}|小区|楼盘|医疗机构|医院"))

# Rooms for the care of the elderly, as ledgers of estates call them.
_CARE_ROOMS = re.compile(
    "(已|现有|现状|实际|实)?(配建|配套|配置|建设)?的?(居家社区|社区居家|社区|居家)?"
    "养老(服务)?(配套|配建)?(用房|设施|场所|场地|服务站|站|中心)(配建|建设|配套|配置)?"
    "(情况|信息|概况)?"
)
# What speaks of something in an estate speaks not of the estate.
_IN_ESTATES = re.compile(f"{OTHERS.pattern}|养老|用房|设施|医疗|卫生|老年|楼栋|单元")
_STATES = (
    *(f"养老用房{front}{tail}" for front in ("", "使用", "运营", "目前", "当前", "现")
      for tail in ("状态", "情况", "状况", "现状")),
    "养老用房用途", "养老用房使用", "养老用房实际用途", "用房状态",
    # As they are cut by a shapefile.
    "养老服务用房状态", "养老服务用房使用情况", "养老服务用房使用状态",
)

RESIDENTIAL = Schema("residential", "小区", "r", frozenset({"polygon", "point"}), (
    _text("id", "编号", "小区编号", "小区代码", "编码", "代码", "residential_id"),
    _text("name", "小区名称", "名称", "小区", "小区名", "住宅小区", "楼盘名称",
          "小区(楼盘)名称", "小区或楼盘名称", "estate",
          needed=True),
    Column("households", "户数", ("总户数", "住户数", "居民户数", "小区户数", "household"),
           "count", "households", needed=True,
           doubtful=("总套数", "套数", "住宅套数", "住宅总套数", "房屋套数", "总户套数",
                     "规划户数", "规划总户数", "规划套数", "规划总套数", "规划住宅套数", "实有户数",
                     "现有户数", "实有套数", "实有住宅套数")),
    _text("project_id", "项目编号", "项目代码", "所属项目", "项目名称"),
    _text("phase", "分期", "期数", "期次"),
    Column("kind", "建设类型", ("新建/已建成", "小区类型", "建设情况", "新建或已建成"), "word",
           words=KINDS),
    _flag("gated", "封闭", "封闭小区", "是否封闭", "封闭管理", "是否封闭管理", "封闭式"),
    Column("delivered_households", "已交付户数", ("交付户数",), "count", "households"),
    _date("conditions_on", "规划条件", "规划条件日期", "规划条件时间", "规划条件出具日期"),
    _date("land_granted_on", "出让", "出让日期", "出让时间", "土地出让日期", "土地出让时间"),
    _date("permitted_on", "许可", "许可日期", "许可时间", "规划许可日期", "规划许可时间",
          "建设工程规划许可日期"),
    _date("completed_on", "建成年份", "竣工年份", "修建年份", "修建年代",
          "建造年代", "建成时间", "建成日期", "竣工日期", "竣工时间",
          "建成年代", "建成年", "竣工年", "建成", "compl_year", "completion_year", "year_built"),
    # What is handed over in a ledger of estates is as often the care room as the homes.
    Column("handed_over_on", "交付", ("交付日期", "交付时间", "交付年份"), "date",
           doubtful=("移交日期", "移交时间")),
    Column("care_floor_area_m2", "养老用房面积",
           ("养老用房", "养老服务用房面积", "养老服务用房", "养老设施面积", "养老服务设施面积",
            "养老用房建筑面积", "养老服务用房建筑面积", "养老服务设施建筑面积", "养老用房建面",
            "养老用房使用面积", "养老服务用房使用面积", "养老用房实际面积", "养老用房总面积",
            "养老用房实际建筑面积", "养老用房现有面积", "养老用房配建面积",
            "care_area", "care_area_m2"),
           "number", "m2", settles=_CARE_SETTLE, none=NONE_WORDS,
           # Of care rooms? Of all that serves the community? A ledger of this matter means these.
           doubtful=("已配建面积", "已配面积", "已配建筑面积", "实配面积", "实际配建面积",
                     "已配建建筑面积", "现有配建面积", "已配")),
    Column("care_area_basis", "面积口径",
           ("养老用房面积口径", "养老用房口径", "养老用房面积类型"), "word", words=AREA_BASES),
    Column("care_status", "养老用房状态", _STATES, "word", words=STATUS),
    Column("care_planned_m2", "规划养老用房面积",
           ("规划配建面积", "规划养老用房", "规划养老用房建筑面积", "拟建养老用房面积",
            "计划养老用房面积"),
           "number", "m2", none=NONE_WORDS),
    _STREET,
    _text("community", "社区", "所属社区", "社区名称"),
    _POPULATION,
    _elderly(60),
    _ADDRESS,
    _ALIASES,
), rewritten=(
    (_CARE_ROOMS, "养老用房"), (re.compile("养老用房(规划|拟建|计划)"), r"\1养老用房"),
    (re.compile("养老用房(实配|已配|实有|现有|已有|实建|已建|实际)$"), "养老用房面积"),
), others=_IN_ESTATES)

POPULATION = Schema("population", "人口", "p", frozenset({"point", "polygon"}), (
    _text("id", "编号", "编码", "代码", "网格编号"),
    Column(_POPULATION.name, _POPULATION.chinese, _POPULATION.aliases, "number", "people",
           needed=True, settles=_PEOPLE_SETTLE),
    _elderly(60, settles=_PEOPLE_SETTLE),
    _elderly(65, settles=_PEOPLE_SETTLE),
    _elderly(80, settles=_PEOPLE_SETTLE),
    Column("basis", "口径", ("人口口径", "常住/户籍", "统计口径"), "word", words=BASES),
    Column("year", "年份", ("年度", "数据年份", "统计年份"), "count", "year"),
    _text("name", "名称", "社区名称", "社区", "单元名称", "网格名称"),
    _STREET,
))

BOUNDARIES = Schema("boundaries", "边界", "b", frozenset({"polygon"}), (
    _text("id", "代码", "编号", "编码", "行政区划代码", "区划代码", "行政代码", "code", "adcode"),
    _text("name", "名称", "区划名称", "行政区名称", "单元名称", "行政区", "XZQMC", needed=True),
    Column("level", "级别", ("层级", "行政级别", "等级"), "word", needed=True, words=LEVELS),
    _text("parent", "上级", "上级代码", "上级名称", "所属上级"),
    _text("unit_type", "单元类型", "类型"),
    Column("setting", "城乡", ("城市/农村", "城乡类型", "城乡分类", "城乡属性"), "word",
           words=SETTINGS),
    _POPULATION,
    Column("planned_population", "规划人口", ("规划人口数",), "number", "people"),
    _elderly(60),
    _elderly(80),
))

CANDIDATES = Schema("candidates", "备选点", "c", frozenset({"point", "polygon"}), (
    _text("id", "编号", "编码", "代码", "candidate_id"),
    _text("name", "名称", "备选点名称", "地块名称", "资源名称", "点位名称", needed=True),
    _text("kind", "存量类型", "新增用地", "类型", "资源类型", "存量类型/新增用地"),
    _area("area_m2", "面积", "建筑面积", "可用面积", "用地面积"),
    Column("beds", "床位数", ("床位", "拟设床位", "可设床位"), "count", "beds"),
    Column("cost_wan", "费用", ("万元", "成本", "投资", "改造费用", "造价", "估算投资", "总投资",
                              "费用万元", "投资万元", "cost"), "number", "wan"),
    Column("category", "类别", ("拟建类别", "设施类别", "拟设类别"), "word", words=CATEGORIES,
           lenient=True),
    _text("floor", "楼层", "所在楼层"),
    _flag("lift", "电梯", "有无电梯", "是否有电梯"),
    Column("available_years", "可用年限", ("使用年限", "年限", "可用年数"), "number", "year"),
    _text("objection_risk", "邻避", "邻避风险", "反对风险"),
    _flag("mandatory", "必选", "必建", "必须选"),
    _flag("forbidden", "禁选", "不可选", "禁止选", "禁止"),
    _ADDRESS,
))

CARE_LAND = Schema("care_land", "养老用地", "l", frozenset({"polygon", "point"}), (
    _text("id", "编号", "地块编号", "编码"),
    Column("land_area_m2", "用地面积", ("面积", "地块面积", "占地面积"), "number", "m2",
           needed=True),
    _text("code", "用地代码", "地类代码", "地类编码", "代码"),
    Column("status", "状态", ("用地状态", "使用状态"), "word", words=LAND_STATUS),
))

ENTRANCES = Schema("entrances", "出入口", "e", frozenset({"point"}), (
    _text("id", "编号", "出入口编号"),
    _text("residential_id", "小区编号", "小区代码", "所属小区", "小区", "小区名称", needed=True),
))

BARRIERS = Schema("barriers", "阻隔", "w", frozenset({"line", "polygon"}), (_text("id", "编号"),))
RESIDENTIAL_LAND = Schema("residential_land", "居住用地", "z", frozenset({"line", "polygon"}), (
    _text("id", "编号", "地块编号"),
))
BACKGROUND = Schema("background", "底图", "g", frozenset({"line", "polygon"}), (
    _text("id", "编号"),
    _text("name", "名称"),
    _text("kind", "类型"),
))
# Lines as surveyors or OpenStreetMap keep them; the tags are those of the walking rule.
STREETS = Schema("streets", "道路", "s", frozenset({"line"}), (
    _text("id", "编号"),
    _text("name", "名称", "道路名称"),
    _text("highway", "道路等级"),
    _text("length", "长度"),
    *(_text(tag, tag) for tag in (
        "foot", "motorroad", "sidewalk", "area", "oneway:foot", "access",
    )),
))

# Where addresses are, kept apart from the ledgers it serves. Its ids are those of other layers,
# so one may stand there twice.
PLACES = Schema("places", "地址表", "a", frozenset({"point"}), (
    _text("of_id", "编号", "id", "设施编号", "小区编号", "小区代码", "编码", "代码", "facility_id",
          "residential_id", "candidate_id"),
    _text("name", "名称", "设施名称", "机构名称", "养老机构名称", "站点名称", "单位名称",
          "小区名称", "小区", "小区名", "备选点名称", "地块名称"),
    _ADDRESS,
))

# No layer: people by county, sex and age, from which the forecast starts.
AGES = Schema(
    "ages", "分年龄人口", "a", frozenset(),
    (
        Column("county_id", "代码", ("区划代码", "行政区划代码", "旗县区代码", "code", "adcode"),
               needed=True),
        Column("county", "名称", ("旗县区", "区县", "县区", "旗县", "地区")),
        Column("sex", "性别", (), "word", needed=True, words=MappingProxyType({
            "male": ("男", "男性", "m"), "female": ("女", "女性", "f"),
        })),
        Column("band", "年龄组", ("年龄", "年龄段", "年龄分组", "age", "age_group"), needed=True),
        Column("persons", "人口", ("人口数", "人数", "常住人口", "population"), "number", "people",
               needed=True),
        Column("year", "年份", ("年度", "普查年份", "数据年份"), "count", "year", needed=True),
        Column("basis", "口径", ("人口口径",), "word", words=BASES),
    ),
)

# No layer: names that wait to be confirmed, as the form that an office fills in has them.
MATCHES = Schema("matches", "待确认名称", "m", frozenset(), tuple(
    _text(name, chinese, needed=name in {"layer", "column", "asked", "answer"})
    for name, chinese in {
        "layer": "图层", "column": "列名", "file": "文件", "row": "行", "row_id": "行编号",
        "row_name": "行名称", "street": "街道", "asked": "所写名称", "to_id": "可能是（编号）",
        "to_name": "可能是（名称）", "to_street": "可能是（街道）",
        "score": "相似度", "metres": "距离（米）", "answer": "确认",
    }.items()
))

SCHEMAS: Mapping[str, Schema] = MappingProxyType({
    schema.layer: schema
    for schema in (
        FACILITIES, RESIDENTIAL, POPULATION, BOUNDARIES, CANDIDATES, CARE_LAND, ENTRANCES,
        BARRIERS, RESIDENTIAL_LAND, BACKGROUND, STREETS, PLACES,
    )
})


def schema_of(name: str) -> Schema:
    """Return the schema of a layer, of the ages or of the names; KeyError where there is none."""
    return {AGES.layer: AGES, MATCHES.layer: MATCHES}.get(name) or SCHEMAS[name]

_OTHERS = {"study": "研究", "indicators": "指标", "pools": "统筹"}


def layer_word(name: str) -> str:
    """Return a layer, or what else findings are about, as people call it in the language spoken."""
    if spoken() == "en":
        return name  # the codes are the English names
    known = (STREETS, PLACES, AGES, MATCHES, *SCHEMAS.values())
    return next((each.chinese for each in known if each.layer == name), _OTHERS.get(name, name))
