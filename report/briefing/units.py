"""What the units of the rules are called in documents."""

from typing import Final

from geo.language import Message, say

M2: Final = "m2"
_UNITS: Final[dict[str, Message]] = {
    M2: say("㎡"), "m2/人": say("㎡/人"), "m2/千人": say("㎡/千人"), "m2/百户": say("㎡/百户"),
    "个": say("个{none}", none=""), "人": say("人"), "万人": say("万人"), "人/千人": say("人/千人"),
    "人/户": say("人/户"), "分钟": say("分钟"), "家": say("家"), "层": say("层"), "岁": say("岁"),
    "年": say("年"), "月": say("个月"), "张": say("张"), "万张": say("万张"),
    "张/千人": say("张/千人"),
}  # fmt: skip


def printed_unit(unit: str) -> str:
    """Return a unit as it is printed; one that nobody foresaw as it stands."""
    return str(_UNITS[unit]) if unit in _UNITS else unit.replace("m2", "㎡")
