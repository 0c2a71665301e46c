"""A snapshot: the output folder of an evaluation, from which two periods can be compared.

Besides the tables of the terminal contract the folder holds `stock.gpkg`: facilities and estates
as they were evaluated, in the study's metric CRS. `parameters.json` says where the study is.
"""

import datetime as dt
import json
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from analysis.study import Study, StudyDescription, checked
from geo.errors import PlanningError
from geo.language import Message, say
from geo.schema import SCHEMAS

STOCK: Final = "stock.gpkg"
STOCK_LAYERS: Final = ("facilities", "residential")
FORMAT: Final = 1
TABLES: Final = ("coverage", "provision", "indicators")
_FIGURES: Final = {
    "summary": ("title", "on", "coverage", "provision", "band"),
    "parameters": ("description", "inputs_sha256", "rules", "scenarios", "snapshot"),
}
_NEEDED: Final = {
    "coverage": ("area_id", "level", "name", "elderly_60plus", "covered_60plus", "share_60plus"),
    "provision": (
        "residential_id", "name", "street", "in_scope", "verdict", "provided_m2", "deficit_m2",
    ),
    "indicators": ("key", "name", "value", "target", "unit", "met"),
}  # fmt: skip
# Columns that hold numbers, or nothing where unknown.
_NUMBERS: Final = (
    "elderly_60plus", "covered_60plus", "share_60plus", "provided_m2", "deficit_m2", "value",
    "target",
)  # fmt: skip
_UNREADABLE: Final = (RuntimeError, OSError, ValueError, TypeError, shapely.errors.ShapelyError)
_KINDS: Final = {
    "count": "float64", "number": "float64", "date": "datetime64[ns]", "flag": "boolean",
}  # fmt: skip
# What `report` puts before a text that a spreadsheet would run.
_GUARD: Final = r"^'(?=[\t\r]|\s*[=+\-@＝＋－＠])"


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What an output folder of `evaluate` holds.

    summary, parameters
        The JSON files as they stand.
    coverage, provision, indicators
        The tables as printed: three decimals, empty where unknown.
    stock
        Facilities and estates by layer, in one metric CRS; a layer the study lacks is no key.
    """

    folder: Path
    summary: Mapping[str, Any]
    parameters: Mapping[str, Any]
    description: StudyDescription
    coverage: pd.DataFrame
    provision: pd.DataFrame
    indicators: pd.DataFrame
    stock: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Return the title of the study."""
        return str(self.summary["title"])

    @property
    def on(self) -> dt.date:
        """Return the date for which it was evaluated."""
        return dt.date.fromisoformat(str(self.summary["on"]))

    @property
    def study_file(self) -> Path:
        """Return where the study file should be, seen from the folder."""
        return (self.folder / str(self.parameters["snapshot"]["study"])).resolve()


def snapshot_parameters(study: Study, folder: Path) -> dict[str, Any]:
    """Return what parameters.json must hold for the study to be found and checked again.

    study
        Its path from the folder, with slashes; absolute only where no path leads there.
    """
    try:
        path = os.path.relpath(study.path, folder.resolve())
    except ValueError:  # another drive of Windows
        path = str(study.path)
    return {
        "format": FORMAT,
        "study": Path(path).as_posix(),
        "rows": {
            name: len(frame)
            for name in STOCK_LAYERS
            if (frame := study.layer(name)) is not None
        },
    }


def write_stock(study: Study, path: Path) -> None:
    """Write facilities and estates as layers of one GeoPackage; an absent one has no rows."""
    for name in STOCK_LAYERS:
        frame = study.layer(name)
        if frame is None:
            frame = gpd.GeoDataFrame({"id": pd.Series(dtype="str")}, geometry=[], crs=study.crs)
        # Rows that a scenario adds may have left a column without its type.
        _typed(frame, name).to_file(path, layer=name, driver="GPKG", geometry_type="Unknown")


def read_snapshot(folder: Path) -> Snapshot:
    """Return the snapshot of a folder. Errors: PlanningError naming the file and the remedy."""
    if not folder.is_dir():
        raise PlanningError(
            say("{folder}：找不到结果文件夹。请给出 evaluate 的输出文件夹。", folder=str(folder))
        )
    summary, parameters = (_read_json(folder / f"{name}.json", keys) for name, keys in
                           _FIGURES.items())
    if not _is_snapshot(summary, parameters):
        raise PlanningError(_damaged(folder / "parameters.json", "snapshot"))
    with checked(folder / "parameters.json", "description", error=PlanningError):
        description = StudyDescription.model_validate(parameters["description"])
    tables = {name: _read_table(folder / f"{name}.csv", _NEEDED[name]) for name in TABLES}
    stock = _read_stock(folder / STOCK, parameters["snapshot"]["rows"])
    return Snapshot(folder, summary, parameters, description, **tables, stock=stock)


def _is_snapshot(summary: Mapping[str, Any], parameters: Mapping[str, Any]) -> bool:
    """Tell whether the parts that are worked with have the shape they are written in."""
    kept = parameters["snapshot"]
    if not isinstance(kept, dict) or not isinstance(kept.get("study"), str):
        return False
    parts = (kept.get("rows"), parameters["inputs_sha256"], summary["coverage"],
             summary["provision"], summary["band"])
    if not all(isinstance(part, dict) for part in parts):
        return False
    try:
        dt.date.fromisoformat(str(summary["on"]))
    except ValueError:
        return False
    return kept.get("format") == FORMAT


def _read_json(path: Path, keys: tuple[str, ...]) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PlanningError(_missing(path)) from None
    except (OSError, ValueError) as error:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise PlanningError(_damaged(path, str(error).splitlines()[0])) from None
    absent = [key for key in keys if not isinstance(content, dict) or key not in content]
    if absent:
        raise PlanningError(_damaged(path, "、".join(absent)))
    return dict(content)


def _read_table(path: Path, needed: tuple[str, ...]) -> pd.DataFrame:
    """Return a table: ids, names and words as text, `'` before formulas taken away."""
    try:
        table = pd.read_csv(
            path, encoding="utf-8-sig", dtype=dict.fromkeys(_TEXTS, "str"), keep_default_na=False,
            na_values=[""],
        )  # fmt: skip
    except FileNotFoundError:
        raise PlanningError(_missing(path)) from None
    except (OSError, ValueError) as error:
        raise PlanningError(_damaged(path, str(error).splitlines()[0])) from None
    wrong = [name for name in needed if name not in table.columns]
    wrong = wrong or [
        name
        for name in needed
        if (name in _NUMBERS and not (table[name].dtype.kind in "iuf" or table[name].isna().all()))
        or (name == "in_scope" and not table[name].isin([True, False]).all())
    ]
    if wrong:
        raise PlanningError(_damaged(path, "、".join(wrong)))
    texts = [name for name in _TEXTS if name in table.columns]
    numbers = [name for name in _NUMBERS if name in table.columns]
    return table.assign(
        **{name: table[name].str.replace(_GUARD, "", regex=True) for name in texts},
        **{name: table[name].astype("float64") for name in numbers},
    )


_TEXTS: Final = (
    "area_id", "level", "name", "residential_id", "street", "kind", "verdict", "scope_reason",
    "reasons", "rule", "key", "unit", "document", "clause",
)  # fmt: skip


def _read_stock(path: Path, rows: Mapping[str, int]) -> dict[str, gpd.GeoDataFrame]:
    if not path.is_file():
        raise PlanningError(_missing(path))
    stock = {}
    for name in STOCK_LAYERS:
        try:
            with warnings.catch_warnings():  # what GDAL murmurs about a file is told below
                warnings.simplefilter("ignore", RuntimeWarning)
                frame = pyogrio.read_dataframe(path, layer=name)
            typed = _typed(frame, name)
        except _UNREADABLE as error:
            raise PlanningError(_damaged(path, (str(error).splitlines() or [name])[0])) from None
        if len(frame) != rows.get(name, 0) or "id" not in frame.columns or frame.crs is None:
            raise PlanningError(_damaged(path, name))
        if len(frame):
            stock[name] = typed
    return stock


def _typed(frame: gpd.GeoDataFrame, layer: str) -> gpd.GeoDataFrame:
    """Return a layer with the types a reader of files gives it."""
    columns = {column.name: column for column in SCHEMAS[layer].columns}
    typed = {
        name: frame[name].astype(_KINDS.get(columns[name].kind, "str"))
        for name in frame.columns
        if name in columns
    }
    dates = {name: values.dt.tz_localize(None) for name, values in typed.items()
             if values.dtype.kind == "M"}
    return frame.assign(**typed | dates)


def _missing(path: Path) -> Message:
    return say(
        "{path}：找不到这个文件，不能用来比较。请用本版本的 evaluate 重新生成这个文件夹。",
        path=str(path),
    )


def _damaged(path: Path, reason: str) -> Message:
    return say(
        "{path}：文件损坏或不完整（{reason}），不能用来比较。"
        "请用本版本的 evaluate 重新生成这个文件夹。",
        path=str(path),
        reason=reason,
    )
