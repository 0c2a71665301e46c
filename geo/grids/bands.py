"""Bands of a population grid: which holds the population, and which the old people."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rasterio.io import DatasetReader

from geo.errors import LayerError
from geo.grids.file import band_names
from geo.language import say
from geo.ledgers.headers import match_headers
from geo.ledgers.numbers import shown
from geo.schema import SCHEMAS

PEOPLE = ("population", "elderly_60plus", "elderly_65plus", "elderly_80plus")
_SUFFIXES = (".tif", ".tiff")


@dataclass(frozen=True)
class Band:
    """A band with people in it.

    header
        What the column is called: as the file or the study spells it.
    column
        One of PEOPLE.
    file
        The second file it stands in; empty for the first.
    """

    header: str
    column: str
    number: int
    file: str = ""


def second_files(path: Path, columns: Mapping[str, str]) -> dict[str, Path]:
    """Return the further files that `columns` names, which stand beside the first.

    Errors: LayerError for one that is not there, or is named by more than its name.
    """
    files = {}
    for name, column in columns.items():
        if not name.lower().endswith(_SUFFIXES) or column not in PEOPLE:
            continue
        other = path.parent / name
        if Path(name).name != name or "\\" in name or other.is_symlink() or not other.is_file():
            raise LayerError(
                say(
                    "{file}：columns 里的“{name}”应是同一文件夹里的格网文件，没有找到。",
                    file=path.name, name=shown(name),
                )
            )
        files[name] = other
    return files


def chosen_bands(
    grid: DatasetReader, file: str, *, layer: str | None, columns: Mapping[str, str]
) -> list[Band]:
    """Return the bands to read, the population first.

    A band is what `columns` says, else the population where `layer` names it, else what its
    description says as a header of a ledger would; the only band that says nothing is population.

    Errors: LayerError for several bands of which none is the population, or for one not there.
    """
    names = band_names(grid)
    chosen: dict[str, Band] = {}
    for key, column in columns.items():
        if column in PEOPLE and (number := _number(names, key)):
            chosen[column] = Band(key, column, number)
    if layer is not None:
        number = _number(names, layer)
        if number is None:
            raise LayerError(
                say(
                    "{file}：没有波段“{layer}”，现有：{names}。",
                    file=file, layer=shown(layer), names=_listed(names),
                )
            )
        chosen["population"] = Band("population", "population", number)
    matching = match_headers(names, SCHEMAS["population"])
    for column in PEOPLE:
        taken = {band.number for band in chosen.values()}
        at = matching.columns.get(column)
        if at is not None and column not in chosen and at + 1 not in taken:
            chosen[column] = Band(names[at], column, at + 1)
    if "population" not in chosen and len(names) == 1 and not chosen:
        chosen["population"] = Band("population", "population", 1)
    if "population" not in chosen:
        raise LayerError(
            say(
                '{file}：不能确定哪个波段是人口（{names}），请说明（layer = "波段说明或序号"）。',
                file=file, names=_listed(names),
            )
        )
    return [chosen[column] for column in PEOPLE if column in chosen]


def _number(names: list[str], wanted: str) -> int | None:
    """Return the number of a band by its description, else by its number."""
    if wanted in names:
        return names.index(wanted) + 1
    numbers = {str(number): number for number in range(1, len(names) + 1)}
    return numbers.get(wanted.strip())


def _listed(names: list[str]) -> str:
    return "、".join(
        f"{number} {shown(name)}".strip() for number, name in enumerate(names, start=1)
    )
