"""A snapshot: the output folder of an evaluation, from which two periods can be compared.

Besides the tables of the terminal contract the folder holds `stock.gpkg`: facilities and estates
as they were evaluated, in the study's metric CRS. `parameters.json` says where the study is.
"""

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from analysis.description import StudyDescription, checked
from analysis.periods.snapshot_files import (
    DIGESTS,
    FORMAT,
    STOCK,
    STOCK_LAYERS,
    TABLES,
    damaged,
    digests,
    read_parameters,
    read_stock,
    read_summary,
    read_table,
    require_unchanged,
    typed,
)
from analysis.study import Study
from geo.errors import PlanningError
from geo.language import say

__all__ = ["STOCK", "STOCK_LAYERS", "Snapshot", "read_snapshot", "snapshot_parameters",
           "write_stock"]  # fmt: skip


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


def snapshot_parameters(study: Study, folder: Path, *, draft: Path) -> dict[str, Any]:
    """Return what parameters.json must hold for the study to be found and checked again.

    draft
        Where the other files have been written.

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
        DIGESTS: digests(draft),
    }


def write_stock(study: Study, path: Path) -> None:
    """Write facilities and estates as layers of one GeoPackage; an absent one has no rows."""
    for name in STOCK_LAYERS:
        frame = study.layer(name)
        if frame is None:
            frame = gpd.GeoDataFrame({"id": pd.Series(dtype="str")}, geometry=[], crs=study.crs)
        # Rows that a scenario adds may have left a column without its type.
        typed(frame, name).to_file(path, layer=name, driver="GPKG", geometry_type="Unknown")


def read_snapshot(folder: Path) -> Snapshot:
    """Return the snapshot of a folder. Errors: PlanningError naming the file and the remedy."""
    if not folder.is_dir():
        raise PlanningError(
            say("{folder}：找不到结果文件夹。请给出 evaluate 的输出文件夹。", folder=str(folder))
        )
    summary = read_summary(folder / "summary.json")
    parameters = read_parameters(folder / "parameters.json")
    require_unchanged(folder, parameters["snapshot"])
    with checked(folder / "parameters.json", "description", error=PlanningError):
        description = StudyDescription.model_validate(parameters["description"])
    tables = {name: read_table(folder / f"{name}.csv", name) for name in TABLES}
    stock = read_stock(folder / STOCK, parameters["snapshot"]["rows"])
    own = [*stock["residential"]["id"]] if "residential" in stock else []
    if [*tables["provision"]["residential_id"]] != own:
        raise PlanningError(damaged(folder / "provision.csv", "residential_id"))
    return Snapshot(folder, summary, parameters, description, **tables, stock=stock)
