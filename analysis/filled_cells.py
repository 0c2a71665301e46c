"""Cells that streets have filled in, kept beside the study, and the rows that they belong to.

An id that a row was given by its number moves to another row when one is put in above it. So a cell
remembers what its row was called, and is never put into a row that is called otherwise.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from analysis.columns import words
from analysis.description import Described, checked
from analysis.kept_beside import beside, read_beside, toml_block, write_beside, writing
from geo.files.several_files import FILE, where_rows_stand
from geo.language import Message, say
from geo.schema import SCHEMAS

PLACE: Final = ("longitude", "latitude")
_DECIMALS: Final = 6  # a tenth of a metre

_GONE = say("补填的编号“{id}”不在图层里，没有采用（{form}）。")
_OTHER_NAME = say(
    "补填时编号“{id}”是“{name}”，台账里现在是“{now}”，没有采用（{form}）。"
)
_OTHER_ROW = say(
    "编号“{id}”的行没有名称，或与别的行同名，台账有改动后认不出是哪一行，没有采用（{form}）。"
)


class FilledCell(Described):
    """One cell that was filled in.

    name, street
        What its row was called then; empty where it had none.
    row, file
        Its row in the ledger then, as the file shows it, 0: not told; of a layer out of several
        files, which of them.
    like
        Mark of what else stood in the row, where its name does not tell it from others.
    column
        Canonical name, or longitude and latitude, which go together.
    value
        As it was typed.
    was
        What the ledger said that could not be read.
    form, form_row, form_mark
        The workbook it came in, and its row there, 0: not told; the mark of what the workbook held,
        since two streets may send back forms of one name, empty: not told.
    coordinates
        Of a longitude or latitude; empty: WGS84.
    """

    layer: str
    id: str
    name: str = ""
    street: str = ""
    row: int = Field(default=0, ge=0)
    file: str = ""
    like: str = ""
    column: str
    value: str
    was: str = ""
    form: str = ""
    form_row: int = Field(default=0, ge=0)
    form_mark: str = ""
    coordinates: str = ""

    @model_validator(mode="after")
    def _known(self) -> "FilledCell":
        schema = SCHEMAS.get(self.layer)
        if schema is None or not (schema.has(self.column) or self.column in PLACE):
            raise PydanticCustomError("column", "{name}", {"name": f"{self.layer}.{self.column}"})  # noqa: EM101
        return self

    @property
    def key(self) -> tuple[str, ...]:
        """Return which cell it is: of a row by its name, of one without by its id and mark.

        Files of two streets have estates of one name, and need not tell the street.
        """
        row = (self.id, self.like) if self.like or not self.name else ("", "")
        return self.layer, *row, self.name, self.file, self.street, self.column


class _Filled(Described):
    cell: tuple[FilledCell, ...] = ()


class Rows:
    """The rows of a layer as it is now, among which those of filled cells are found."""

    def __init__(self, frame: gpd.GeoDataFrame) -> None:
        """Look at the names once."""
        self.frame = frame
        self.ids = words(frame, "id").to_numpy(dtype=object)
        self.names = words(frame, "name").fillna("").to_numpy(dtype=object)
        self.streets = words(frame, "street").fillna("").to_numpy(dtype=object)
        self.where = [(file, row or 0) for file, row in where_rows_stand(frame)]
        self.files = np.array([file for file, _ in self.where], dtype=object)
        self._of_files = bool((self.files != "").any())
        pairs = pd.DataFrame({"name": self.names, "street": self.streets, "file": self.files})
        namesake = pairs.duplicated(["name", "file"], keep=False).to_numpy(dtype=bool)
        no_street = pairs["street"].eq("").to_numpy(dtype=bool)
        self._alike = pairs.duplicated(keep=False).to_numpy(dtype=bool) | (namesake & no_street)
        self._by_id = {str(id_): at for at, id_ in enumerate(self.ids)}
        groups = pairs.groupby("name").indices
        self._by_name = {str(name): np.asarray(at, dtype=np.int64) for name, at in groups.items()}
        self._files = set(self.files)
        self._marks: dict[int, str] = {}

    def of(self, cell: FilledCell) -> int | Message:
        """Return the position of a cell's row, or why no row can be told to be it."""
        own = self._by_id.get(cell.id)
        if cell.like or not cell.name:
            return self._unnamed(cell, own)
        called = self._called(cell)
        if len(called) == 1:
            return int(called[0])
        if own is not None and own in called:
            return self._unnamed(cell, own)
        values = {"id": cell.id, "form": cell.form}
        if own is None or self.names[own] == cell.name:  # that one is of another file
            return _with(_GONE, values)
        return _with(_OTHER_NAME, {**values, "name": cell.name, "now": self.names[own]})

    def told(self, cell: FilledCell, at: int) -> FilledCell:
        """Return a cell with its row as it is called now."""
        file, row = self.where[at]
        return cell.model_copy(
            update={
                "id": str(self.ids[at]), "name": str(self.names[at]),
                "street": str(self.streets[at]), "file": file, "row": row,
                "like": self._like(at) if self.is_doubtful(at) else "",
            }
        )  # fmt: skip

    def is_doubtful(self, at: int) -> bool:
        """Tell whether a row's name and street do not tell it from the others."""
        return not self.names[at] or bool(self._alike[at])

    def named(self, name: str) -> NDArray[np.int64]:
        """Return the rows that are called so, in any file."""
        return self._by_name.get(name, np.zeros(0, dtype=np.int64))

    def at(self, id_: str) -> int | None:
        """Return the position of an id; None where it is gone."""
        return self._by_id.get(id_)

    def _called(self, cell: FilledCell) -> NDArray[np.int64]:
        """Return the rows of a cell's name, of its street, in its file.

        Another street has estates of the same names: in other files none is meant, unless the
        file is gone and the street itself is the one that the cell tells.
        """
        named = self.named(cell.name)
        streets, files = self.streets[named], self.files[named]
        if cell.file and self._of_files and cell.file not in self._files:
            street = (streets == cell.street) & bool(cell.street)
            return named[np.flatnonzero(street)]
        street = (streets == cell.street) | (streets == "") | (not cell.street)
        here = (files == cell.file) | (cell.file not in self._files)
        return named[np.flatnonzero(street & here)]

    def _unnamed(self, cell: FilledCell, own: int | None) -> int | Message:
        values = {"id": cell.id, "form": cell.form}
        if own is None:
            return _with(_GONE, values)
        if self.names[own] != cell.name:
            return _with(_OTHER_NAME, {**values, "name": cell.name, "now": self.names[own]})
        # A made id is the number of the row: it fits whatever moved. What else stood there tells.
        same = (cell.file, cell.row) == self.where[own] and cell.like == self._like(own)
        return own if same else _with(_OTHER_ROW, values)

    def _like(self, at: int) -> str:
        """Return a mark of all that stands in a row besides its number."""
        if at not in self._marks:
            self._marks[at] = self._mark(at)
        return self._marks[at]

    def _mark(self, at: int) -> str:
        beside = [name for name in self.frame if name not in {"id", "row", "geometry", FILE}]
        row = self.frame[beside].iloc[at]
        known = {name: str(value) for name, value in row.items() if not pd.isna(value)}
        place = self.frame.geometry.iloc[at]
        if place is not None and not place.is_empty:
            known["place"] = shapely.to_wkt(place, rounding_precision=_DECIMALS)
        text = repr(sorted(known.items()))
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def marked(cells: Iterable[FilledCell], form: Path) -> list[FilledCell]:
    """Return cells that came in a form, with the mark of what it holds."""
    mark = hashlib.blake2b(form.read_bytes(), digest_size=8).hexdigest()
    return [cell.model_copy(update={"form_mark": mark}) for cell in cells]


def filled_file(study: Path) -> Path:
    """Return where the filled cells stand: NAME.filled.toml beside NAME.study.toml."""
    return beside(study, "filled")


def read_filled(study: Path) -> tuple[FilledCell, ...]:
    """Return the cells filled in for a study; none where nobody has. Errors: StudyError."""
    path = filled_file(study)
    raw = read_beside(path, say("补填的数据"))
    with checked(path):
        return _Filled.model_validate(raw).cell


def keep_filled(study: Path, cells: Sequence[FilledCell]) -> None:
    """Keep cells beside a study, above those kept before; without any, change nothing.

    Errors: StudyError where the file cannot be read or written; it is then as it was.
    """
    if not cells:
        return
    path = filled_file(study)
    with writing(path):
        write_beside(path, filled_text([*read_filled(study), *cells]))


def put_back_filled(study: Path, cells: Sequence[FilledCell]) -> None:
    """Keep exactly these cells beside a study; without any, take the file away.

    Errors: StudyError where the file cannot be written; it is then as it was.
    """
    path = filled_file(study)
    with writing(path):
        write_beside(path, filled_text(cells) if cells else "")


def filled_text(cells: Iterable[FilledCell]) -> str:
    """Return cells as the text of the file, the last told last; of one told twice, the last."""
    last: dict[tuple[str, ...], FilledCell] = {}
    for cell in cells:
        last.pop(cell.key, None)
        last[cell.key] = cell
    return "\n".join(
        toml_block("cell", cell.model_dump(exclude_defaults=True)) for cell in last.values()
    )


def _with(message: Message, values: Mapping[str, object]) -> Message:
    return Message(message.template, values)
