"""Invented names of estates; any likeness to a real estate is chance."""

from making.terrain import stream

_FIRST = (
    "锦绣", "祥和", "玉龙", "松河", "滨河", "金桥", "丽景", "阳光", "康宁", "福寿", "银河", "翠园",
    "兴松", "怡安", "长青", "天义", "昭君", "百柳", "红山", "宏基", "安居", "学府", "书香", "水榭",
    "半山", "云杉", "蓝天", "绿洲", "金色", "盛世", "世纪", "东方", "北辰", "文汇", "新城", "和谐",
    "乐活", "永业", "嘉和", "德润", "瑞丰", "铭城", "紫金", "君悦", "景泰", "华庭", "富河", "清泉",
)  # fmt: skip
_NEW = ("华府", "国际城", "悦府", "壹号院", "公馆", "御园", "上城", "观邸", "新天地", "里")
_MIDDLE = ("家园", "花园", "小区", "新村", "名苑", "嘉园", "雅居", "佳苑", "园", "庭院")
_OLD_WORKS = (
    "毛纺厂", "制药厂", "粮库", "铁路", "供电局", "农机厂", "邮电", "二中", "地勘院", "林业局",
    "酒厂", "印刷厂", "建筑公司", "物资局", "食品厂", "教育局", "水利局", "汽运公司", "百货",
    "煤建", "机床厂", "被服厂", "蔬菜公司", "医药公司", "轧钢厂",
)  # fmt: skip
_OLD = ("家属院", "住宅楼", "一区", "二区", "北院", "南院", "东院", "西院")

OLD_UNTIL, NEW_FROM = 1996, 2010


def estate_names(years: list[int]) -> list[str]:
    """Return a different name for every estate, in the fashion of its years."""
    rng = stream("names")
    pools = {
        "old": [a + b for a in _OLD_WORKS for b in _OLD],
        "middle": [a + b for a in _FIRST for b in _MIDDLE],
        "new": [a + b for a in _FIRST for b in _NEW],
    }
    order = {age: iter(rng.permutation(pool).tolist()) for age, pool in pools.items()}
    ages = ("old" if y < OLD_UNTIL else "middle" if y < NEW_FROM else "new" for y in years)
    return [str(next(order[age])) for age in ages]
