"""The evaluation as files for machines and clerks: CSV, JSON and one GeoPackage layer."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from analysis.detail import Detail
from analysis.evaluation import Evaluation
from analysis.periods.snapshot import STOCK, snapshot_parameters, write_stock
from geo.errors import PlanningError
from geo.findings import as_table
from report.drafts import NEW, OLD, drafting, left_behind, refuse_second, take_away_left_behind
from report.moving import cannot_write, files_below, move_in, refuse_strangers
from report.plain import plain_json
from report.printed import in_words

DECIMALS: Final = 3
DEGREES: Final = 6  # decimals of lon and lat: a tenth of a metre
LAYER: Final = "isochrones"
# The tables of the terminal contract, by the attribute of the evaluation that holds them.
CONTRACT: Final = ("places", "coverage", "provision", "indicators")
# Tables that go beside them: a file name without its ending, and how to come by the table.
FURTHER: Final[Mapping[str, Callable[[Detail], pd.DataFrame | None]]] = MappingProxyType(
    {
        "ledger": lambda detail: detail.ledger,
        "estates": lambda detail: detail.estates,
        "pools": lambda detail: detail.pools,
        "candidates": lambda detail: detail.candidates,
        "facilities": lambda detail: detail.adequacy.facilities,
        "neighbours": lambda detail: detail.neighbours,
        "communities": lambda detail: detail.tiers,
        "streets": lambda detail: detail.streets,
        "stations": lambda detail: detail.stations,
        "counties": lambda detail: detail.counties,
        "rural": lambda detail: detail.rural,
        "beds": lambda detail: detail.beds,
        "land": lambda detail: detail.land,
        "adequacy": lambda detail: detail.adequacy.areas,
        "equity": lambda detail: detail.equity.table,
        "forecast": lambda detail: None if detail.forecast is None else detail.forecast.table,
        "demand": lambda detail: None if detail.demand is None else detail.demand.table,
    }
)
# All that `write_tables` may write.
NAMES: Final = (
    *(f"{name}.csv" for name in (*CONTRACT, *FURTHER, "findings")),
    "isochrones.gpkg", STOCK, "parameters.json", "summary.json",
)  # fmt: skip
FORMULA: Final = frozenset("=+-@＝＋－＠")  # what a spreadsheet runs, in both widths


def write_tables(evaluation: Evaluation, folder: Path) -> list[Path]:
    """Write the files of the terminal contract into `folder`, all or none, and return them.

    CSV is UTF-8 with BOM, so that Excel reads the Chinese; unknown is empty. The folder is a
    snapshot: `compare` works from it. A further table that this study does not have is not written,
    and one of an earlier run does not stay.
    """
    further = [f"{name}.csv" for name in FURTHER]
    with all_or_none(folder, without=further, mark="parameters.json") as draft:
        for name in CONTRACT:
            write_csv(in_words(getattr(evaluation, name)), draft / f"{name}.csv")
        for name, table_of in FURTHER.items():
            table = table_of(evaluation.detail)
            if table is not None:
                write_csv(in_words(table), draft / f"{name}.csv")
        noticed = (*evaluation.findings, *evaluation.detail.findings)
        write_csv(as_table(noticed), draft / "findings.csv")
        write_polygons(evaluation.isochrones, draft / "isochrones.gpkg")
        write_stock(evaluation.study, draft / STOCK)
        write_json(evaluation.summary, draft / "summary.json")
        kept = snapshot_parameters(evaluation.study, folder, draft=draft)
        write_json({**evaluation.parameters, "snapshot": kept}, draft / "parameters.json")
        written = sorted(file.name for file in draft.iterdir())
    return [folder / name for name in written]


def write_csv(
    table: pd.DataFrame, path: Path, *, written: Callable[[Any], str] | None = None
) -> None:
    """Write a table with three decimals, degrees with six; no text is run by a spreadsheet.

    written
        How a number that may have decimals is written, once it is rounded; None: as ever.
    """
    safe = table.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(_inert, na_action="ignore")
        elif pd.api.types.is_float_dtype(safe[column]):
            safe[column] = safe[column].round(DEGREES if column in ("lon", "lat") else DECIMALS)
    safe.to_csv(
        path, index=False, encoding="utf-8-sig", lineterminator="\r\n", float_format=written
    )


def write_json(content: dict[str, Any], path: Path) -> None:
    """Write JSON that any reader takes: what is unknown is null."""
    text = json.dumps(plain_json(content), ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def write_polygons(polygons: gpd.GeoDataFrame, path: Path) -> None:
    """Write polygons as one GeoPackage layer, or GeoJSON by the file's ending."""
    whole = polygons.assign(geometry=[_multi(polygon) for polygon in polygons.geometry])
    driver = "GeoJSON" if path.suffix.lower() in (".geojson", ".json") else "GPKG"
    options = {} if driver == "GeoJSON" else {"layer": LAYER}
    whole.to_file(path, driver=driver, geometry_type="MultiPolygon", **options)


@contextmanager
def all_or_none(
    folder: Path,
    *,
    without: Collection[str] = (),
    mark: str = "",
    ours: Collection[str] | None = None,
) -> Iterator[Path]:
    """Give a draft folder whose files move into `folder` only when the block ends well.

    Files in folders of the draft keep their folders.

    without
        Files of an earlier run that go where the draft has none of their name.
    mark
        The file by which a folder is known to be of an earlier run. An old one goes first and the
        new one comes last, so that a folder in the midst of it has none. In any other folder
        nothing is written over.
    ours
        The files that alone may be written over; None where the mark says enough. As `without`,
        it is looked at when the block ends.

    Errors: PlanningError where the folder or one of its files cannot be written, or somebody else
    is writing into a folder with a mark; then everything is as it was.
    """
    new = not folder.exists()
    try:
        with ExitStack() as closing:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                aside = closing.enter_context(drafting(folder))
            except OSError as error:
                raise PlanningError(cannot_write(folder, error)) from None
            if mark:
                refuse_second(folder, aside)
            yield aside / NEW
            names = sorted({*without, *files_below(aside / NEW)} - {mark})
            marked = [mark] if (aside / NEW / mark).is_file() else []
            if ours is not None:
                refuse_strangers(folder, [each for each in names + marked if each not in ours])
            elif mark and not _is_marked(folder, mark):
                refuse_strangers(folder, names + marked)
            move_in(aside, folder, names, marked)
            if names:  # what is only tried takes nothing away
                take_away_left_behind(folder)
    finally:
        if new and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _is_marked(folder: Path, mark: str) -> bool:
    """Tell whether a folder is of an earlier run, or of one that was killed while files moved."""
    aside = (draft / OLD / mark for draft in left_behind(folder))
    return any(file.is_file() for file in (folder / mark, *aside))


def _inert(value: object) -> object:
    """Return the value; text that begins like a formula gets an apostrophe before it."""
    if isinstance(value, str) and value and (
        value[0] in "\t\r" or value.lstrip()[:1] in FORMULA
    ):
        return "'" + value
    return value


def _multi(polygon: shapely.Geometry) -> shapely.MultiPolygon:
    parts = [p for p in shapely.get_parts(polygon) if p.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)
