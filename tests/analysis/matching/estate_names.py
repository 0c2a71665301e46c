"""A list of estates as housing offices keep it, and how others write the same names.

The list holds what is easily confused: 阳光小区, 阳光花园 and 阳光家园; phases; numbered estates;
two estates of one name. The variants follow rules that were written down by hand, one a function;
what each means is known by how it was made, not by any matching.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

AREAS: Final = {
    "赤峰市": "city", "红山区": "county", "松山区": "county", "桥北街道": "street",
    "站前街道": "street", "站前社区": "community",
}

_LISTED = """
阳光小区 阳光花园 阳光家园 阳光嘉园 幸福小区一期 幸福小区二期 幸福小区三期 幸福家园 幸福里
锦绣花园 锦绣家园 锦绣江南 锦绣华庭 万达华府 万达公馆 金桂园 碧桂园 碧桂园天玺 翡翠城
铁南一小区 铁南二小区 铁南三小区 钢铁街一号院 钢铁街二号院 向阳小区东区 向阳小区西区
玉龙家园 玉龙花园 玉龙国际 松山花园 松州园 松州佳苑 书香门第 书香苑 学府花园 学府嘉园
学府名苑 天王国际 天怡家园 天润园 富河园 富豪园 富贵园 英金河畔 英金小区 锡伯河小区
新城小区A区 新城小区B区 新城小区C区 新城花园 新华小区 新华家园 新惠小区 昭乌达花园 昭乌达小区
百合花园 百合小区 丽水佳园 丽景花园 丽景豪庭 丽日小区 水岸新城 水岸花园 临潢家园 临潢小区
清河小区 清河园 清河湾 临河花园 站前小区 站前家园 车伯尔小区 三中家属楼 二中家属楼 铁路小区
铁东小区 铁西小区 铁北小区 医院小区 电力小区 电业小区 邮电小区 林业小区 粮食小区 农机小区
农牧小区 水利小区 交通小区 公安小区 教师新村 园丁小区 园林小区 园林花园 桃园小区 桃李园
梨园小区 杏花村 杏园小区 松鹤园 松鹤小区 福泰花园 福泰家园 福兴小区 福星小区 福馨园
康乐小区 康居小区 康泰小区 安居小区 安康小区 安泰小区 平安小区 和平小区 和谐家园 和谐小区
宏基花园 宏泰小区 鸿泰小区 洪泰花园 鑫泰小区 鑫源小区 兴源小区 兴安小区 兴隆小区 兴盛小区
御景园 御景湾 御龙湾 御龙国际 龙泉小区 龙泉花园 九龙小区 金帝花园 金地花园 金城小区
金鼎国际 金融小区 金山小区 银河小区 银河湾 银都花园 长青小区 长春花园 长虹小区 常青园
东方家园 东方巴黎 西城国际 南苑小区 北苑小区 中天华府 中央公馆 中环国际 时代花园 时代广场
世纪城 世纪花园 现代城 现代花园 都市花园 都市阳光 城市之光 城南小区 城北小区 蓝天小区 蓝色港湾
"""
ESTATES: Final = tuple(_LISTED.split())
"""Each stands for one estate."""

TWICE: Final = "红旗小区"
"""Two more estates bear this name."""

TRADITIONAL: Final = str.maketrans(
    "阳园华锦绣丽龙区号国际庭门学兴银铁东", "陽園華錦繡麗龍區號國際庭門學興銀鐵東"
)
# Signs that typists take for one another: they sound alike.
SLIPS: Final = str.maketrans("园苑绣嘉佳福府河源", "圆园秀佳嘉富付和园")

NUMBERS: Final = str.maketrans("一二三", "123")


class Asked(NamedTuple):
    """A name as it is written, and the estate it means; None: none on the list."""

    text: str
    means: str | None
    rule: str


def with_city(name: str) -> str:
    return f"赤峰市红山区{name}"


def with_street(name: str) -> str:
    return f"桥北街道办事处 {name}"


def traditional(name: str) -> str:
    return name.translate(TRADITIONAL)


def spaced(name: str) -> str:
    return f" {name[:2]} {name[2:]}\u3000"


def other_ending(name: str) -> str:
    """Leave 小区 away, or say 住宅小区 instead."""
    return name.replace("小区", "住宅小区" if len(name) % 2 else "", 1)


def other_phase(name: str) -> str:
    """Write 一期 as （1期）, A区 as full-width, 一号院 as 1号院."""
    if name.endswith("期"):
        return f"{name[:-2]}（{name[-2:].translate(NUMBERS)}）"
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() else c for c in name.translate(NUMBERS))


def slipped(name: str) -> str:
    """Write one sign for another that sounds alike."""
    for position, sign in enumerate(name):
        if (other := sign.translate(SLIPS)) != sign and position:
            return name[:position] + other + name[position + 1 :]
    return name


def short(name: str) -> str:
    """Leave away 小区 before a phase, else the last sign or two."""
    if name[-1] in "期区" and len(name) > 4:
        return name.replace("小区", "", 1)
    return name[:-2] if len(name) > 3 else name[:-1]


SURE_RULES: Final[dict[str, Callable[[str], str]]] = {
    "as it is": str,
    "city and county before": with_city,
    "street before": with_street,
    "traditional": traditional,
    "blanks": spaced,
    "another ending": other_ending,
    "another phase style": other_phase,
}
DOUBT_RULES: Final[dict[str, Callable[[str], str]]] = {"slip": slipped, "short": short}
# What other estates are called that are not on the list, close as they sound.
_UNLISTED = """
阳光新村 阳光里 幸福花园 幸福小区四期 锦绣小区 万达广场 金桂花园 铁南四小区 钢铁街三号院
向阳小区南区
玉龙小区 松山小区 书香小区 学府小区 天润家园 富河小区 新城小区D区 新惠花园
昭乌达家园 百合家园
丽水花园 丽景家园 水岸家园 清河花园 临河小区 四中家属楼 铁路花园 电力花园 园丁花园
桃园花园 梨园花园
福泰小区 康乐花园 安居花园 和平花园 宏基小区 宏泰花园 鑫源花园 兴安花园 御景小区 御龙小区 龙泉家园
金帝小区 金地小区 银河花园 长青花园 东方花园 中天花园 时代小区 世纪小区 松山区阳光小区北门
"""
STRANGERS: Final = tuple(_UNLISTED.split())


def asked_for() -> list[Asked]:
    """Return the set: every rule takes its turn over the list, so that each is used evenly."""
    rules = [*SURE_RULES.items(), *DOUBT_RULES.items()]
    asked = []
    for number, name in enumerate(ESTATES):
        for step in (0, 4):
            rule, change = rules[(number + step) % len(rules)]
            text = change(name)
            # What is written as another name on the list is that name: 碧桂园 for 碧桂园天玺.
            asked.append(Asked(text, text if text in ESTATES else name, rule))
    asked += [Asked(name, None, "stranger") for name in STRANGERS]
    asked += [
        Asked(TWICE, None, "two of one name"),
        Asked("幸福小区", None, "one of several phases"),
        Asked("新城小区", None, "one of several parts"),
        Asked("向阳小区", None, "one of several parts"),
    ]
    return asked
