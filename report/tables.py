"""The evaluation as files for machines and clerks: CSV, JSON and one GeoPackage layer."""

import json
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
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
from geo.language import Message, say
from geo.reasons import why
from report.drafts import NEW, OLD, drafting, take_away_left_behind
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
        kept = snapshot_parameters(evaluation.study, folder)
        write_json({**evaluation.parameters, "snapshot": kept}, draft / "parameters.json")
        write_json(evaluation.summary, draft / "summary.json")
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
        The file by which a folder is known to be of an earlier run; it moves last. In any other
        folder nothing is written over.
    ours
        The files that alone may be written over; None where the mark says enough.

    Errors: PlanningError where the folder or one of its files cannot be written; then everything
    is as it was.
    """
    new = not folder.exists()
    try:
        with ExitStack() as closing:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                aside = closing.enter_context(drafting(folder))
            except OSError as error:
                raise PlanningError(_cannot_write(folder, error)) from None
            yield aside / NEW
            names = sorted({*without, *files_below(aside / NEW)} - {mark})
            names += [mark] if (aside / NEW / mark).is_file() else []
            if ours is not None:
                _refuse_strangers(folder, [name for name in names if name not in ours])
            elif mark and not (folder / mark).exists():
                _refuse_strangers(folder, names)
            _move_in(aside, folder, names)
            if names:  # what is only tried takes nothing away
                take_away_left_behind(folder)
    finally:
        if new and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def files_below(folder: Path) -> list[str]:
    """Return the files in a folder and in its folders, by their path from there."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return sorted(file.relative_to(folder).as_posix() for file in files)


def _refuse_strangers(folder: Path, names: Collection[str]) -> None:
    """Refuse a folder that holds somebody's file of one of our names."""
    there = next((name for name in names if (folder / name).exists()), None)
    if there is not None:
        raise PlanningError(
            say(
                "{folder} 里已有 {file}，认不出是同一个命令写的，没有覆盖。请换一个文件夹。",
                folder=str(folder),
                file=there,
            )
        )


def _move_in(aside: Path, folder: Path, names: Sequence[str]) -> None:
    """Move new files into place; put back what was there where one cannot move, or is not to."""
    begun: dict[str, bool] = {}  # whether there was one of the name
    try:
        for name in names:
            begun[name] = (folder / name).exists()
            _move_one(aside, folder, name)
    except BaseException as error:  # who interrupts it wants nothing of it either
        _move_back(aside, folder, begun)
        if isinstance(error, OSError):
            raise PlanningError(_cannot_write(folder / name, error)) from None
        raise
    _remove_empty(folder, [name for name in names if not (folder / name).exists()])


def _move_one(aside: Path, folder: Path, name: str) -> None:
    """Move a file in, or take the old one away where there is no new; a copy of it stays aside."""
    file, target, before = aside / NEW / name, folder / name, aside / OLD / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        before.parent.mkdir(parents=True, exist_ok=True)
        half = aside / "half"
        shutil.copy2(target, half)
        half.replace(before)
    if file.exists():
        file.replace(target)
    else:
        target.unlink(missing_ok=True)


def _move_back(aside: Path, folder: Path, begun: Mapping[str, bool]) -> None:
    """Put back what was there before files moved in."""
    for name, was_there in begun.items():
        target, before = folder / name, aside / OLD / name
        if (aside / NEW / name).exists():
            continue  # it has not moved
        with suppress(OSError):  # the others go back all the same
            if before.exists():
                before.replace(target)
            elif not was_there:
                target.unlink(missing_ok=True)
    _remove_empty(folder, begun)


def _remove_empty(folder: Path, names: Iterable[str]) -> None:
    """Take away the folders of files that are gone, where they hold nothing else."""
    inner = {above for name in names for above in Path(name).parents if above.name}
    for above in sorted(inner, key=lambda path: -len(path.parts)):
        with suppress(OSError):  # it holds something, or is gone
            (folder / above).rmdir()


def _cannot_write(path: Path, error: OSError) -> Message:
    return say(
        "{path}：无法写入（{reason}）。请关闭正在使用它的程序，或换一个文件夹。",
        path=str(path),
        reason=why(error),
    )


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
