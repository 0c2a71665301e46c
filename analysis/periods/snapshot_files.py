"""The files of a snapshot, read with a check of every part that is worked with.

A folder may come from another office: what is not as `evaluate` writes it is refused in one line
that names the file and the part, and never shows what else the file holds.
"""

import datetime as dt
import json
import math
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NoReturn

import geopandas as gpd
import pandas as pd
import shapely

from geo.errors import PlanningError
from geo.ingest import one_door, read_as_it_is
from geo.language import Message, say
from geo.schema import SCHEMAS
from geo.streets.reading import sha256
from geo.vocabulary import LEVELS

STOCK: Final = "stock.gpkg"
STOCK_LAYERS: Final = ("facilities", "residential")
FORMAT: Final = 1
TABLES: Final = ("coverage", "provision", "indicators")
FIGURES: Final = ("summary.json", *(f"{name}.csv" for name in TABLES))
DIGESTS: Final = "sha256"
GROUPS: Final = ("coverage", "band", "provision")
STUDY_ENDING: Final = ".toml"
LARGEST_MB: Final[Mapping[str, int]] = MappingProxyType({".json": 20, ".csv": 200, ".gpkg": 200})

_PARAMETERS: Final = ("description", "inputs_sha256", "rules", "scenarios", "snapshot")
_WORDS_IN_SUMMARY: Final = ("scope",)
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "coverage": (
            "area_id", "level", "name", "elderly_60plus", "covered_60plus", "share_60plus",
        ),
        "provision": (
            "residential_id", "name", "street", "in_scope", "verdict", "provided_m2", "deficit_m2",
        ),
        "indicators": ("key", "name", "value", "target", "unit", "met"),
    }
)  # fmt: skip
# Columns that together name a row; of indicators a key may stand several times.
_IDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "coverage": ("level", "area_id"),
        "provision": ("residential_id",),
        "indicators": _NEEDED["indicators"],
    }
)
# Columns that hold numbers, or nothing where unknown.
_NUMBERS: Final = (
    "elderly_60plus", "covered_60plus", "share_60plus", "provided_m2", "deficit_m2", "value",
    "target",
)  # fmt: skip
# Columns that hold one of a few words; with an empty one, nothing is a word too.
_ALLOWED: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "level": frozenset({"study", *LEVELS}),
        "in_scope": frozenset({"True", "False"}),
        "verdict": frozenset({"met", "met_pooled", "short", "unknown", ""}),
        "met": frozenset({"True", "False", ""}),
    }
)
_TEXTS: Final = (
    "area_id", "level", "name", "residential_id", "street", "kind", "in_scope", "verdict",
    "scope_reason", "reasons", "rule", "key", "unit", "met", "document", "clause",
)  # fmt: skip
_KINDS: Final = {
    "count": "float64", "number": "float64", "date": "datetime64[ns]", "flag": "boolean",
}  # fmt: skip
# What `report` puts before a text that a spreadsheet would run.
_GUARD: Final = r"^'(?=[\t\r]|\s*[=+\-@＝＋－＠])"
_GEOPACKAGE: Final = b"SQLite format 3\0"
_UNREADABLE: Final = (
    PlanningError, RuntimeError, OSError, ValueError, TypeError, shapely.errors.ShapelyError,
)  # fmt: skip


def read_summary(path: Path) -> dict[str, Any]:
    """Return summary.json: a title, a date, and groups of figures. Errors: PlanningError."""
    summary = _read_json(path, ("title", "on", *GROUPS))
    try:
        dt.date.fromisoformat(str(summary["on"]))
    except ValueError:
        raise PlanningError(damaged(path, "on")) from None
    for group in GROUPS:
        if not isinstance(summary[group], dict):
            raise PlanningError(damaged(path, group))
        for key, value in summary[group].items():
            if not (_is_figure(value) or (key in _WORDS_IN_SUMMARY and isinstance(value, str))):
                raise PlanningError(damaged(path, f"{group}.{key}"))
    return summary


def read_parameters(path: Path) -> dict[str, Any]:
    """Return parameters.json, whose `snapshot` says where the study is. Errors: PlanningError."""
    parameters = _read_json(path, _PARAMETERS)
    kept = parameters["snapshot"]
    if not isinstance(kept, dict) or kept.get("format") != FORMAT:
        raise PlanningError(damaged(path, "snapshot"))
    study = kept.get("study")
    # Any other file of this machine is none of a folder's business.
    if not isinstance(study, str) or "\0" in study or not study.endswith(STUDY_ENDING):
        raise PlanningError(damaged(path, "snapshot.study"))
    parts = {"snapshot.rows": kept.get("rows"), "inputs_sha256": parameters["inputs_sha256"]}
    for name, part in parts.items():
        if not isinstance(part, dict):
            raise PlanningError(damaged(path, name))
    return parameters


def digests(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file that a comparison takes figures from, by its name."""
    return {name: sha256(folder / name) for name in FIGURES}


def require_unchanged(folder: Path, kept: Mapping[str, Any]) -> None:
    """Refuse a folder one of whose figures is not what was evaluated.

    A table that was cut in copying, or that somebody worked on in a spreadsheet, mostly reads well:
    what changed would then be told between a finding and something else, in an official paper. So
    it is refused, and not only warned of. What a comparison does not take figures from (places,
    ledgers) may be worked on; the stock is held by its rows, since some programs write into a
    GeoPackage that they only show. A folder of an earlier version has no digests, and is read.

    Errors: PlanningError naming the file.
    """
    told = kept.get(DIGESTS)
    if told is None:
        return
    if not isinstance(told, dict):
        raise PlanningError(damaged(folder / "parameters.json", f"snapshot.{DIGESTS}"))
    for name in FIGURES:
        _require_readable(folder / name)
        if told.get(name) != sha256(folder / name):
            raise PlanningError(
                say("{path}：生成后改过，或没有复制完整，不能用来比较。"
                    "请换回原来的文件，或用 evaluate 重新生成这个文件夹。",
                    path=str(folder / name))
            )  # fmt: skip


def read_table(path: Path, name: str) -> pd.DataFrame:
    """Return a table: ids, names and words as text, `'` before formulas taken away.

    name
        `coverage`, `provision` or `indicators`.

    Errors: PlanningError naming the columns that are missing or hold what they must not.
    """
    _require_readable(path)
    try:
        table = pd.read_csv(
            path, encoding="utf-8-sig", dtype=dict.fromkeys(_TEXTS, "str"), keep_default_na=False,
            na_values=[""],
        )  # fmt: skip
    except (OSError, ValueError) as error:
        _refuse(path, name, error)
    needed = _NEEDED[name]
    absent = [column for column in needed if column not in table.columns]
    wrong = absent or [column for column in needed if not _holds(table[column])]
    if wrong:
        raise PlanningError(damaged(path, "、".join(wrong)))
    texts = [column for column in _TEXTS if column in table.columns]
    numbers = [column for column in _NUMBERS if column in table.columns]
    table = table.assign(
        **{column: table[column].str.replace(_GUARD, "", regex=True) for column in texts},
        **{column: table[column].astype("float64") for column in numbers},
    )
    ids = [*_IDS[name]]
    if table.duplicated(ids).any():
        raise PlanningError(damaged(path, "、".join(ids)))
    if "in_scope" in table.columns:
        table = table.assign(in_scope=table["in_scope"].eq("True"))
    return table


def _holds(column: pd.Series) -> bool:
    """Tell whether a column holds what it may."""
    if column.name in _NUMBERS:
        known = column.dropna()
        numeric = column.dtype.kind in "iuf" or known.empty
        return bool(numeric and known.astype("float64").abs().lt(math.inf).all())
    allowed = _ALLOWED.get(str(column.name))
    return allowed is None or bool(column.fillna("").isin(allowed).all())


def read_stock(path: Path, rows: Mapping[str, int]) -> dict[str, gpd.GeoDataFrame]:
    """Return facilities and estates by layer; one without rows is no key.

    rows
        How many rows each layer must have.
    """
    _require_readable(path)
    with path.open("rb") as file:  # before anything is copied for the reading process
        if file.read(len(_GEOPACKAGE)) != _GEOPACKAGE:
            raise PlanningError(damaged(path, "GeoPackage"))
    stock = {}
    with one_door():
        for name in STOCK_LAYERS:
            try:
                frame = read_as_it_is(path, layer=name)
                read = typed(frame, name)
            except _UNREADABLE as error:
                _refuse(path, name, error)
            if len(frame) != rows.get(name, 0) or "id" not in frame.columns or frame.crs is None:
                raise PlanningError(damaged(path, name))
            if len(frame):
                stock[name] = read
    return stock


def typed(frame: gpd.GeoDataFrame, layer: str) -> gpd.GeoDataFrame:
    """Return a layer with the types a reader of files gives it."""
    columns = {column.name: column for column in SCHEMAS[layer].columns}
    told = {
        name: frame[name].astype(_KINDS.get(columns[name].kind, "str"))
        for name in frame.columns
        if name in columns
    }
    dates = {name: values.dt.tz_localize(None) for name, values in told.items()
             if values.dtype.kind == "M"}
    return frame.assign(**told | dates)


def _read_json(path: Path, keys: tuple[str, ...]) -> dict[str, Any]:
    _require_readable(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        _refuse(path, "JSON", error)
    absent = [key for key in keys if not isinstance(content, dict) or key not in content]
    if absent:
        raise PlanningError(damaged(path, "、".join(absent)))
    return dict(content)


def _require_readable(path: Path) -> None:
    """Refuse a file that is not there or is larger than one that `evaluate` writes."""
    if not path.is_file():
        raise PlanningError(
            say(
                "{path}：找不到这个文件，不能用来比较。请用本版本的 evaluate 重新生成这个文件夹。",
                path=str(path),
            )
        )
    most = LARGEST_MB[path.suffix]
    if path.stat().st_size > most * 1_000_000:
        raise PlanningError(damaged(path, f"> {most} MB"))


def _is_figure(value: object) -> bool:
    return value is None or (isinstance(value, (int, float)) and math.isfinite(value))


def _refuse(path: Path, part: str, error: Exception) -> NoReturn:
    """Refuse a file that cannot be read, by the kind of error: its text may show the content."""
    raise PlanningError(damaged(path, f"{part}: {type(error).__name__}")) from None


def damaged(path: Path, reason: str) -> Message:
    """Return the refusal of a file, with the part of it that is wrong."""
    return say(
        "{path}：文件损坏或不完整（{reason}），不能用来比较。"
        "请用本版本的 evaluate 重新生成这个文件夹。",
        path=str(path),
        reason=reason,
    )
