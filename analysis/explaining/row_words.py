"""The rows behind a figure as people read them: headings and codes in words, figures rounded.

Machines get the rows themselves; nothing here is computed with.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from analysis.explaining.explained import number
from analysis.explaining.row_headings import HEADINGS
from geo.language import spoken
from geo.vocabulary import AREA_BASES, CATEGORIES, KINDS, LEVELS, SETTINGS, STATUS

_VERDICTS: Final = {
    "met": "达标", "met_pooled": "统筹达标", "short": "不达标", "unknown": "无法判定",
}  # fmt: skip
_LEDGERS: Final = {"residential": "小区台账", "facilities": "设施台账"}
_HOMES: Final = {"residential": "小区", "population": "人口", "land": "居住用地"}
_WHOLE_STUDY: Final = {"study": "全部", "inside": "范围以内"}
_ASKED: Final = {"operating": "运营中", "category": "类别计入", "position": "有坐标"}
_SOURCES: Final = {
    "boundaries": "边界图层", "homes": "住处", "planned": "规划人口", "population": "现状人口",
}  # fmt: skip
CODES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "verdict": _VERDICTS,
        "ledger": _LEDGERS,
        "place_layer": _HOMES,
        "status": {code: words[0] for code, words in STATUS.items()},
        "basis": {code: words[0] for code, words in AREA_BASES.items()},
        "category": {code: words[0] for code, words in CATEGORIES.items()},
        "kind": {code: words[0] for code, words in KINDS.items()},
        "level": {code: words[0] for code, words in LEVELS.items()} | _WHOLE_STUDY,
        "setting": {code: words[0] for code, words in SETTINGS.items()},
        "asked": _ASKED,
        "elderly_are": _SOURCES,
        "residents_are": _SOURCES,
        "area_id": {"ALL": "全部", "INSIDE": "范围以内", "OUTSIDE": "范围以外"},
        "unit": {"m2/人": "㎡/人", "m2/百户": "㎡/百户"},
    }
)
"""What the codes of each column are called in Chinese; in English they are their own names."""
_FLAGS: Final = frozenset({"passed", "within"})
_PERCENT: Final = ("share", "_share", "part")
_WHOLE: Final = (
    "elderly_60plus", "elderly_65plus", "elderly_80plus", "population", "residents", "households",
    "60plus", "metres", "health_m", "childcare_m",
)  # fmt: skip


def worded(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of an explanation as texts under headings in words; the unknown stays empty."""
    told = {str(name): rows[name].map(_cell(str(name), rows[name])) for name in rows.columns}
    return pd.DataFrame({heading(name): column for name, column in told.items()}, index=rows.index)


def heading(name: str) -> str:
    """Return what a column is called, in the language now spoken."""
    return name.replace("_", " ") if spoken() == "en" else HEADINGS.get(name, name)


def code_word(column: str, code: str) -> str:
    """Return what a code of a column is called, in the language now spoken."""
    if spoken() == "en":
        return code.replace("_", " ") if code in CODES.get(column, {}) else code
    return CODES.get(column, {}).get(code, code)


def yes_or_no(value: object) -> str:
    """Return whether something holds, in the language now spoken."""
    return ("yes" if value else "no") if spoken() == "en" else ("是" if value else "否")


def _cell(name: str, column: "pd.Series[Any]") -> Callable[[Any], str]:
    """Return how a cell of a column is told."""
    if pd.api.types.is_bool_dtype(column) or name in _FLAGS:
        tell: Callable[[Any], str] = yes_or_no
    elif name == "rule":
        tell = _rule
    elif pd.api.types.is_numeric_dtype(column):
        tell = _figure(name)
    else:
        def tell(value: Any) -> str:  # noqa: ANN401 - a table's cell
            return yes_or_no(value) if isinstance(value, bool) else code_word(name, str(value))

    return lambda value: "" if pd.isna(value) else tell(value)


def _figure(name: str) -> Callable[[Any], str]:
    """Return how a figure of a column is told: no more digits than mean something."""
    if name.startswith("share") or name.endswith(_PERCENT):
        return lambda value: f"{value:.1%}"
    if name == "year":
        return lambda value: str(int(value))
    if name in _WHOLE or name.endswith("60plus") or name.startswith("covered_population"):
        return lambda value: number(float(value), 0)
    if name.endswith("_m2") or name == "minutes":
        return lambda value: number(float(value), 1)
    return lambda value: number(float(value))


def _rule(rule_id: str) -> str:
    """Return for what kind of estate and since when the rule of a row holds."""
    if rule_id.count("/") < 3:  # noqa: PLR2004 - pack, key, kind, day
        return rule_id
    *_, kind, since = rule_id.split("/")
    word = code_word("kind", kind)
    return f"{word}, since {since}" if spoken() == "en" else f"{word}，自 {since} 起"
