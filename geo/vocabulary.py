"""The words that office files use: categories, states, levels, units, each with its code.

This is the only place where they are spelled.
"""

from collections.abc import Mapping
from types import MappingProxyType

Words = Mapping[str, tuple[str, ...]]

# What may stand behind a figure, by unit; any other unit in a cell or header is a mismatch.
UNITS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "m2": ("m2", "平方米", "平米", "平方公尺", "平方", "平", "m^2", "sqm"),
    "households": ("户", "住户", "戶"),
    "people": ("人", "名", "位", "口"),
    "beds": ("张床", "张", "床", "个", "張", "個"),
    "wan": ("万元", "万", "万人民币"),
    "year": ("年度", "年"),
    "degrees": ("度", "°", "°E", "°N"),
})

# Units of headers that say nearly the column's own: homes are counted in 套 where plans are made.
NEARLY_UNITS: Mapping[str, tuple[str, ...]] = MappingProxyType({"households": ("套",)})
# Units of headers in which figures are only multiplied; another measure (亩, 公顷) is a mismatch.
SCALES: Mapping[str, Mapping[str, float]] = MappingProxyType({
    "people": {"百人": 100.0, "千人": 1000.0, "万人": 10_000.0},
    "households": {"百户": 100.0, "千户": 1000.0, "万户": 10_000.0},
    "wan": {"元": 0.0001, "千元": 0.1, "百万元": 100.0, "亿元": 10_000.0},
})

# Codes and words of DESIGN section 5.
CATEGORIES: Words = MappingProxyType({
    "community_station": (
        "社区养老服务站", "老年服务站", "养老服务站", "养老服务驿站", "养老驿站",
        "社区养老服务设施", "居家养老服务站", "居家养老服务中心", "社区养老服务中心", "社区养老",
    ),
    "day_care": ("日间照料中心", "日间照料", "日照中心", "托老所"),
    "embedded": ("嵌入式养老机构", "嵌入式养老服务中心", "嵌入式养老服务机构", "嵌入式养老服务站",
                 "嵌入式养老", "嵌入式", "社区综合为老", "综合为老"),
    "street_centre": (
        "街道(乡镇)区域养老服务中心", "区域养老服务中心", "综合养老服务中心", "养老综合服务中心",
        "综合服务中心", "街道养老服务中心", "乡镇养老服务中心", "区域性养老服务中心",
        "养老服务中心",
    ),
    "canteen": ("助餐点", "老年餐桌", "长者餐桌", "老年食堂", "长者食堂", "长者饭堂", "老年饭堂",
                "长者餐厅", "老年人食堂", "老年餐厅", "老年助餐", "幸福食堂", "助餐"),
    "care_home": ("养老机构", "养老院", "老年公寓", "养老公寓", "颐养院", "养老中心",
                  "养护院", "老年养护院", "医养结合机构"),
    "welfare_home": ("敬老院", "特困供养", "特困人员供养", "福利院"),
    "mutual_aid": ("幸福院", "互助院", "互助养老", "互助幸福院"),
    "county_platform": ("县级综合平台", "县级综合养老服务平台", "综合养老服务平台", "综合平台"),
    "elder_university": ("老年大学", "老年学校"),
    "health": (
        "医疗卫生", "社区卫生服务中心", "社区卫生服务站", "卫生服务中心", "卫生服务站",
        "卫生院", "卫生室", "医院", "诊所",
    ),
    "rehab": ("康复医院", "护理院", "护理中心", "康复中心"),
    "childcare": ("托育", "托育机构", "托育服务", "托儿所", "托幼"),
})
# A room that stands and serves nobody: not operating, whether it never opened or has closed.
_IDLE = (
    "闲置", "空置", "未使用", "未启用", "未投用", "未运营", "未投入使用", "未投入运营", "尚未使用",
    "尚未启用", "尚未投用", "尚未运营", "尚未投入使用", "暂未使用", "暂未启用", "暂未投用",
    "暂未运营", "待启用", "待投用",
)
# Closed while it is worked on.
_IN_WORKS = (
    "改造中", "装修中", "正在改造", "正在装修", "改扩建", "改扩建中", "提升改造中", "维修中",
)
_ON_TRIAL = ("试运营", "试运行", "试营业", "运营(试)", "运营(试运营)", "运营(试运行)", "营业(试)")
# Closed for now, perhaps for the day of the count only.
_PAUSED = ("暂停运营", "暂停营业", "暂停", "暂停服务", "暂停使用", "歇业")
STATUS: Words = MappingProxyType({
    "operating": (
        "运营", "已投用", "运营中", "正常运营", "在运营", "已运营", "投用", "营业", "营业中",
        "正常", "使用中", "在用", "已启用", "开业", "投入使用", "已投入使用",
        *_ON_TRIAL,
    ),
    "building": ("在建", "建设中", "施工中", "正在建设", *_IN_WORKS),
    "planned": ("规划", "拟建", "规划中", "待建", "未建", "筹建", "筹建中", "筹备", "筹备中"),
    "misused": ("挪用", "被挪用", "挪作他用", "改作他用", "改变用途", "出租他用", "出租商用",
                "挪用出租", "改为他用", "作他用", "移作他用", "被占用", "占用"),
    "closed": (
        "停业", "停用", "停止运营", "停止服务", "停运", "关停", "关闭", "已停业", "已停用",
        "已拆除", "拆除", "已拆", "已关闭", "已关停",
        "注销", "已注销",
        *_PAUSED, *_IDLE,
    ),
})
# Words that say less than their code: taken for it with a warning.
# “中心+站点”: a centre is of a street, but some communities call their station one.
DOUBTFUL_WORDS = frozenset({"养老服务中心", "医养结合机构",
                            *_ON_TRIAL, *_PAUSED, *_IDLE, *_IN_WORKS})
# Let to whom: to one who cares for the elderly there, or to a shop? Neither is taken for granted.
SAY_TOO_LITTLE = frozenset({"出租", "转租", "租赁", "外租", "已出租", "出租中", "对外出租"})
# Under an area that an estate may have or not, an office states by these that it has none. A dash
# or a stroke says nothing, 暂无 may speak of the figure: these stay unknown.
NONE_WORDS = frozenset({
    "无", "没有", "未配建", "未配", "未建", "没有配建", "无配建", "未配套", "没建", "未设",
    "未设置", "未建设", "无养老用房", "没有养老用房", "无用房",
})
# Land is also kept free for later, and stands as it is.
LAND_STATUS: Words = MappingProxyType({
    **STATUS,
    "operating": (*STATUS["operating"], "现状", "已建", "已建成", "建成"),
    "planned": (*STATUS["planned"], "预留", "规划预留"),
})
LEVELS: Words = MappingProxyType({
    "city": ("市", "地级市", "市级", "盟"),
    "county": (
        "旗县区", "区", "县", "旗", "区县", "县区", "县级", "区级", "县级市", "县(区)", "市辖区",
        "district",
    ),
    "street": ("街道", "镇", "乡", "苏木", "乡镇", "街道/镇/乡/苏木", "街道(乡镇)", "街镇", "镇街",
               "街道办事处", "街道办"),
    "community": ("社区", "嘎查", "村", "社区/嘎查/村", "村(社区)", "社区(村)", "居委会", "行政村",
                  "社区居委会", "社区居民委员会", "居民委员会", "嘎查村", "村委会", "村民委员会"),
    "planning_unit": ("控规单元", "规划单元", "编制单元", "单元", "组团", "片区"),
})
KINDS: Words = MappingProxyType({
    "new": ("新建", "新建小区", "新建住宅小区"),
    "built": ("已建成", "建成", "既有", "老旧小区", "老旧", "已建", "存量", "建成小区", "旧区"),
})
BASES: Words = MappingProxyType({
    "resident": ("常住", "常住人口"),
    "registered": ("户籍", "户籍人口"),
})
AREA_BASES: Words = MappingProxyType({
    "building": ("建筑面积", "建面", "建筑"),
    "usable": ("使用面积", "套内面积", "套内", "使用"),
})
SETTINGS: Words = MappingProxyType({
    "urban": ("城市", "城镇", "城区", "城"),
    "rural": ("农村", "乡村", "牧区", "农牧区"),
})
