"""Names of estates and areas as they are compared: a stem, the phases after it, the areas before.

`赤峰市红山区幸福小区（一期）` and `幸福小区Ⅰ期` have the stem `幸福` and the phase `1期`.
`阳光小区` and `阳光花园` are two estates: only endings that say no more than "people live here"
are left out, and never so that fewer than two signs remain.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from opencc import OpenCC

ENDINGS: Final = ("住宅小区", "居民小区", "小区", "生活区")
"""Endings that tell nothing: whatever bears them may be called without."""

SHORTEST: Final = 2  # signs of a stem: with fewer, an ending or a prefix belongs to the name

Areas = Mapping[str, tuple[str, str]]
"""Spelling -> (level, name) of the areas that may stand before a name."""

NO_AREAS: Final[Areas] = MappingProxyType({})

# What many places are called: with the area before it, it is one place's name.
_GENERAL = frozenset({
    "家属楼", "家属院", "家属区", "家属房", "住宅", "住宅楼", "住宅区", "宿舍", "宿舍楼", "平房",
    "平房区", "公寓", "花园", "家园", "新居", "新村", "回迁楼", "回迁房", "棚改楼", "安置房",
    "安置小区", "大院",
})
_OFFICES = ("街道办事处", "办事处", "街道办", "居民委员会", "社区居委会",
    "居委会", "村民委员会", "村委会")
# Offices list the committee (长青社区居民委员会), maps the place (长青社区).
_COMMITTEES: Final = (
    (re.compile(r"(?:社区)?居(?:民)?委(?:员)?会$"), "社区"),
    (re.compile(r"嘎查(?:村民|牧民)?(?:村)?委(?:员)?会$"), "嘎查"),
    (re.compile(r"村?村(?:民)?委(?:员)?会$"), "村"),
    (re.compile(r"(?:街道)?办事处$|街道办$"), "街道"),
)
_LEVEL_WORDS = {
    "street": ("街道", ("镇", "乡", "苏木", "农场", "林场", "开发区", "园区", "管委会")),
    "community": ("社区", ("村", "嘎查", "居", "坊", "农场", "林场")),
}
_STREET_WORDS = ("街道", *_LEVEL_WORDS["street"][1], "区", "县", "旗", "市")
# Roman numerals lose their shape in half width, so they are read before.
_ROMAN = {chr(0x2160 + n): str(n + 1) for n in range(12)} | {
    chr(0x2170 + n): str(n + 1) for n in range(12)
}
_ROMAN_WORDS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = re.compile(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)")
_BRACKETED = re.compile(r"[(\[{<〔【《「](?P<note>[^()\[\]{}<>〔〕【】《》「」]*)[)\]}>〕】》」]")
_FORMERLY = re.compile(r"^(?:原[名称]?|曾用名|旧[名称]|又[名称]|别名|亦称|俗称|现[名称])[:,]?")
# A dash between two figures is a range, and stays.
_SEPARATORS = re.compile(r"[·•・‧∙.,:;'\"“”‘’、。_~`|/\\]|(?<![0-9])[-–—―]+|[-–—―]+(?![0-9])")
_FIGURE = r"(?:[0-9]{1,3}|[零〇一二两三四五六七八九十]{1,3})"
_SMALL_AREAS = r"(?:社区|村|嘎查)"
_NUMBER_OF_AREA = re.compile(rf"第(?P<what>{_FIGURE})(?={_SMALL_AREAS})")
_ONLY_A_NUMBER = re.compile(rf"(?P<what>{_FIGURE}){_SMALL_AREAS}")
_PHASES = (
    re.compile(rf"(?:第)?(?P<what>{_FIGURE}|vi|iv|v|i{{1,3}})(?P<unit>期)(?:工程|项目)?$"),
    re.compile(rf"(?P<what>{_FIGURE}|i{{2,3}}|[a-z]|[甲乙丙丁戊]|[东西南北中]{{1,2}})(?P<unit>区)$"),
    re.compile(rf"(?P<what>{_FIGURE}|[东西南北])(?P<unit>号?院)$"),
    re.compile(rf"(?P<what>{_FIGURE}|[a-z])(?P<unit>号?楼|栋|幢|座)$"),
    re.compile(rf"(?P<what>{_FIGURE})(?P<unit>小区)$"),
)
_PHASE_ENDS = frozenset("期程目区院楼栋幢座")
_SAME_UNIT = {"号院": "院", "号楼": "楼", "栋": "楼", "幢": "楼", "座": "楼"}


@dataclass(frozen=True)
class Name:
    """A name in parts.

    stem
        What it is called, without areas before and phases behind.
    phases
        `1期`, `a区`, `东区`, `1院`, `3楼`: sorted, none where the whole is meant.
    areas
        (level, name) of the areas that stand before it.
    also
        Names in brackets that it bore or bears (原…, 又名…).
    bare
        No ending was left out: 清河 may be short for 清河小区 or for 清河湾.
    """

    stem: str
    phases: tuple[str, ...] = ()
    areas: tuple[tuple[str, str], ...] = ()
    also: tuple[str, ...] = ()
    bare: bool = True

    @property
    def key(self) -> str:
        """Return what two names share that mean the same."""
        return " ".join((self.stem, *self.phases))


def named_street(name: Name) -> str | None:
    """Return the street that stands before a name; None where none does."""
    return next((area for level, area in name.areas if level == "street"), None)


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """Return a text in simplified characters."""
    return str(_simplifier().convert(text))


def plain(text: str) -> str:
    """Return a text half-width, simplified, in lower case, without blanks."""
    roman = "".join(_ROMAN.get(sign, sign) for sign in text)
    half = simplified(unicodedata.normalize("NFKC", roman)).casefold()
    return "".join(
        sign for sign in half
        if not sign.isspace() and unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Mn"}
    )  # fmt: skip


def areas_named(names: Iterable[str], levels: Iterable[str]) -> Areas:
    """Return what the areas of a study are called before other names, the longest first."""
    spelled: dict[str, tuple[str, str]] = {}
    for name, level in zip(names, levels, strict=True):
        own = folded_area(name)
        for spelling in (plain(name), own, *(own + office for office in _OFFICES)):
            if len(spelling) > SHORTEST:
                spelled.setdefault(spelling, (level, own))
    return MappingProxyType(dict(sorted(spelled.items(), key=lambda item: -len(item[0]))))


def folded_area(name: str) -> str:
    """Return the name of an area instead of that of its office: 桥北街道办事处 -> 桥北街道.

    A number is written in digits.
    """
    bare = _SEPARATORS.sub("", plain(name))
    for committee, place in _COMMITTEES:
        folded = committee.sub(place, bare)
        if folded not in {bare, place}:
            return _numbered(folded)
    return _numbered(bare)


def _numbered(name: str) -> str:
    """Return the name of an area with its number in digits: 第二社区 -> 第2社区."""
    return _NUMBER_OF_AREA.sub(
        lambda match: f"第{_figure(match['what'], roman=False) or match['what']}", name
    )


def parsed(text: str, areas: Areas = NO_AREAS) -> Name:
    """Return a name in parts.

    areas
        What `areas_named` gives for the study: only these are left out before a name.
    """
    whole = plain(text)
    bare, notes, also = _without_brackets(whole)
    bare = _SEPARATORS.sub("", bare)
    found: list[tuple[str, str]] = []
    phases: list[str] = []
    for note in notes:
        rest, its_phases = _without_phases(note, shortest=0)
        rest, its_areas = _without_areas(rest, areas, shortest=0)
        if rest in ENDINGS:
            rest = ""
        phases += its_phases
        found += its_areas
        bare += rest
    bare, before = _without_areas(bare, areas, shortest=SHORTEST)
    stem, behind = _without_phases(bare, shortest=SHORTEST)
    return Name(
        stem,
        tuple(sorted({*phases, *behind})),
        tuple(dict.fromkeys((*before, *found))),
        also,
        bare=not any(ending in bare.removeprefix(stem) for ending in ENDINGS),
    )


def parsed_area(text: str, areas: Areas = NO_AREAS, *, level: str = "") -> Name:
    """Return the name of an area in parts: it has no phases, and its level need not be said.

    level
        `street` or `community`, where only such are meant: 站前 is then 站前社区; `any`, where
        communities are meant unless a street is said.
    """
    bare, _, also = _without_brackets(plain(text))
    rest, before = _without_areas(folded_area(bare), areas, shortest=SHORTEST)
    word, others = _LEVEL_WORDS.get("community" if level == "any" else level, ("", ()))
    if level == "any":
        others = (*others, *_STREET_WORDS)
    if word and not rest.endswith((word, *others)):
        rest += word
    # 一社区 is 第一社区, and so is 1社区; 八一社区 is no number.
    only = _ONLY_A_NUMBER.fullmatch(rest)
    if only is not None and _figure(only["what"], roman=False) is not None:
        rest = f"第{rest}"
    rest = _numbered(rest)
    return Name(rest, (), tuple(before), also)


def _without_brackets(text: str) -> tuple[str, list[str], tuple[str, ...]]:
    """Return a text without its brackets, what stood in them, and other names among that."""
    notes, also = [], []
    for match in _BRACKETED.finditer(text):
        note = match["note"]
        former = _FORMERLY.sub("", note)
        if former != note and len(former) >= SHORTEST:
            also.append(former)
        elif note:
            notes.append(_SEPARATORS.sub("", note))
    bare = _BRACKETED.sub("", text)
    if not bare:  # a name that is all brackets
        return "".join(notes), [], tuple(also)
    return bare, notes, tuple(also)


def _without_areas(
    text: str, areas: Areas, *, shortest: int
) -> tuple[str, list[tuple[str, str]]]:
    found: list[tuple[str, str]] = []
    again = True
    while again:
        again = False
        for length in range(len(text), 0, -1):  # the longest area first
            area = areas.get(text[:length])
            if area is None:
                continue
            rest = text[length:]
            stem = _without_phases(rest, shortest=0)[0]
            if len(stem) >= shortest and stem not in _GENERAL:
                found.append(area)
                text, again = rest, True
                break
    return text, found


def _without_phases(text: str, *, shortest: int) -> tuple[str, list[str]]:
    """Return a text without endings and phases, whichever order they stand in, and the phases."""
    phases: list[str] = []
    while True:
        rest, phase = _last_phase(text)
        if phase is None:
            rest = next((text.removesuffix(e) for e in ENDINGS if text.endswith(e)), text)
        if rest == text or len(rest) < shortest:
            return text, phases
        text = rest
        if phase is not None:
            phases.append(phase)


def _last_phase(text: str) -> tuple[str, str | None]:
    if text[-1:] not in _PHASE_ENDS:
        return text, None
    for pattern in _PHASES:
        match = pattern.search(text)
        if match is None:
            continue
        what = _figure(match["what"], roman=match["unit"] == "期")
        if what is not None:
            unit = _SAME_UNIT.get(match["unit"], match["unit"])
            return text[: match.start()], what + unit
    return text, None


def _figure(text: str, *, roman: bool) -> str | None:
    """Return a figure in plain digits; a letter or a direction as it is; None for no figure."""
    if text.isascii() and text.isdigit():
        return str(int(text))
    if text in _ROMAN_WORDS and (roman or len(text) > 1):
        return str(_ROMAN_WORDS[text])
    if ten := _TENS.fullmatch(text):
        return str(_DIGITS.get(ten[1], 1) * 10 + _DIGITS.get(ten[2], 0))
    if all(sign in _DIGITS or sign == "十" for sign in text):
        return str(_DIGITS[text]) if text in _DIGITS else None
    return text
