"""Where one more facility would help most, as files and a short table."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.siting.spot_names import spot_names
from analysis.study import Study
from analysis.what_if.gain_surface import GainSurface
from geo.language import say
from geo.position.coordinates import WGS84
from report.tables import all_or_none, write_csv

BEST: Final = 20  # spots that are named
APART_M: Final = 300.0  # straight metres between any two of them
SHOWN: Final = 10
NAME: Final = "gains"


@dataclass(frozen=True, eq=False)
class Gains:
    """The gain surface of a study as tables.

    every
        `x, y, lon, lat, gain_60plus`, a spot about every 50 m of street, the best first.
    best
        `rank, name` and the same: the best spots at least 300 m apart, each by itself.
    """

    study: Study
    every: pd.DataFrame
    best: pd.DataFrame


def gains_of(study: Study, surface: GainSurface) -> Gains:
    """Return a gain surface as tables, with degrees and names."""
    order = np.argsort(-surface.gain, kind="stable")
    every = pd.DataFrame({"x": surface.x, "y": surface.y, "gain_60plus": surface.gain}).iloc[order]
    top = surface.top(BEST, apart_m=APART_M)[["x", "y", "gain_60plus"]]
    best = _with_degrees(top[top["gain_60plus"].gt(0)].reset_index(drop=True), study)
    best.insert(0, "name", spot_names(study, best[["x", "y"]].to_numpy()))
    best.insert(0, "rank", np.arange(1, len(best) + 1))
    return Gains(study, _with_degrees(every.reset_index(drop=True), study), best)


def _with_degrees(spots: pd.DataFrame, study: Study) -> pd.DataFrame:
    degrees = gpd.GeoSeries(gpd.points_from_xy(spots["x"], spots["y"]), crs=study.crs).to_crs(WGS84)
    spots.insert(2, "lat", degrees.y.to_numpy())
    spots.insert(2, "lon", degrees.x.to_numpy())
    return spots


def write_gains(gains: Gains, folder: Path) -> list[Path]:
    """Write gains.csv, gains_best.csv and gains.gpkg into `folder`, all or none."""
    with all_or_none(folder, mark=f"{NAME}.csv") as draft:
        write_csv(gains.every, draft / f"{NAME}.csv")
        write_csv(gains.best, draft / f"{NAME}_best.csv")
        for name, table in {NAME: gains.every, "best": gains.best}.items():
            points = gpd.points_from_xy(table["x"], table["y"])
            layer = gpd.GeoDataFrame(table, geometry=points, crs=gains.study.crs)
            layer.to_file(
                draft / f"{NAME}.gpkg", driver="GPKG", layer=name, geometry_type="Point"
            )
        written = sorted(file.name for file in draft.iterdir())
    return [folder / name for name in written]


def gains_content(gains: Gains) -> dict[str, Any]:
    """Return the best spots as plain values."""
    return {"spots": len(gains.every), "best": gains.best.to_dict("records")}


def print_gains(gains: Gains, out: Path) -> None:
    """Print the best spots and where the files stand."""
    table = Table(title=Text(gains.study.title))
    for heading in (say("序"), say("位置"), say("经度, 纬度"), say("再建一处可新增覆盖")):
        table.add_column(str(heading), overflow="fold")
    for spot in gains.best.head(SHOWN).itertuples(index=False):
        table.add_row(
            str(spot.rank), Text(str(spot.name)), f"{spot.lon:.6f}, {spot.lat:.6f}",
            f"{spot.gain_60plus:,.0f}",
        )  # fmt: skip
    console = Console()
    console.print(table)
    message = say(
        "在现状之外只再建一处时新增覆盖的 60 岁以上人数；各处单独计算，不能相加。"
        "沿路约每 50 米一点，共 {count} 点，见 {file}（图层 gains、best）。",
        count=len(gains.every), file=str(out / f"{NAME}.gpkg"),
    )  # fmt: skip
    console.print(str(message), markup=False, soft_wrap=True)
    if gains.study.notice:
        console.print(gains.study.notice, markup=False)
