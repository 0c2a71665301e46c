"""People by county, sex and five-year age band: what a forecast starts from."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.coverage.tally import Floats
from analysis.future.life_table import BAND, BANDS, OPEN_FROM, SEXES
from geo.errors import PlanningError, StudyError
from geo.findings import Finding, errors_in
from geo.ingest import read_table
from geo.language import Message, say
from geo.ledgers.headers import match_headers
from geo.ledgers.ledger import Table
from geo.ledgers.numbers import Cells, each_cell, is_missing, read_numbers
from geo.ledgers.words import read_texts, read_words
from geo.schema import AGES

_BAND = re.compile(r"(\d{1,3})(?:[-~至到—–](\d{1,3})|\+|及以上|以上)")
UNREAD: Final = -1
_TOLD = 20  # faults told one by one


@dataclass(frozen=True, eq=False)
class Ages:
    """People by county, sex and band.

    counties
        Names; the id where the file has none.
    people
        Shape (counties, sexes, bands), bands 0-4 … 80-84, then 85 and over; NaN = unknown.
    year
        Of all figures: those of its 1 November where they are a census's.
    basis
        `resident` or `registered`; empty where the file does not say.
    """

    county_ids: tuple[str, ...]
    counties: tuple[str, ...]
    people: Floats
    year: int
    basis: str
    findings: tuple[Finding, ...]

    def position(self, *keys: object) -> int:
        """Return the county that one of these ids or names means, the first that does; else -1."""
        for key in keys:
            for names in (self.county_ids, self.counties):
                if key in names:
                    return names.index(str(key))
        return -1


def read_ages(path: Path) -> Ages:
    """Return the people of a CSV or workbook.

    Errors: StudyError for a file or column that is missing, a cell that cannot be read, a row that
    says the same as another, figures of several years; each names file, row, column and value.
    """
    table = _opened(path)
    columns = _columns(table, path.name)
    rows, findings = _rows(table, columns)
    _refuse([*_repeated(rows, path.name), *_several(columns["year"], rows["year"].to_numpy())])
    names = _names(columns.get("county"), rows["id"])
    basis, about = _basis(columns.get("basis"))
    county, county_ids = pd.factorize(rows["id"])
    people = np.full((len(county_ids), len(SEXES), BANDS), np.nan)
    people[county, rows["sex"], rows["band"]] = rows["persons"]
    _refuse(_totals(people, county_ids, path.name))
    return Ages(
        county_ids=tuple(county_ids),
        counties=tuple(names[county_id] for county_id in county_ids),
        people=people,
        year=int(rows["year"].iloc[0]),
        basis=basis,
        findings=(*table.findings, *findings, *about),
    )


def _opened(path: Path) -> Table:
    if not path.is_file():
        message = say("{file}：找不到分年龄人口文件。请检查 [forecast] 的 ages。", file=path.name)
        raise StudyError(message)
    try:
        return read_table(path, AGES)
    except PlanningError as error:
        raise StudyError(*error.messages) from None


def _rows(table: Table, columns: Mapping[str, Cells]) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the rows as codes and figures; StudyError for cells that cannot be read."""
    persons, findings = read_numbers(columns["persons"], unit="people")
    years, about_years = read_numbers(columns["year"], whole=True, unit="year")
    ids, about_ids = read_texts(columns["county_id"])
    findings += [*about_years, *about_ids]
    sexes, _ = read_words(columns["sex"], AGES.column("sex"))
    sex = np.array([SEXES.index(word) if word else UNREAD for word in sexes], dtype=np.int64)
    band = np.array(each_cell(columns["band"], _band), dtype=np.int64)
    _refuse(
        [
            *(finding.line() for finding in errors_in(findings)),
            *_unread(columns["sex"], sex != UNREAD, say("应为“男”或“女”。")),
            *_unread(
                columns["band"], band != UNREAD,
                say("应为五岁一组（如“60至64岁”），最后一组为“85岁及以上”。"),
            ),
            *_unread(columns["county_id"], pd.notna(ids), say("旗县区代码是空的，请补上。")),
        ]
    )  # fmt: skip
    _refuse(_unread(columns["year"], ~np.isnan(years), say("年份是空的，请补上。")))
    rows = {"id": ids, "sex": sex, "band": band, "persons": persons, "year": years}
    return pd.DataFrame({**rows, "row": table.rows}), findings


def _columns(table: Table, file: str) -> dict[str, Cells]:
    """Return the columns the file has; StudyError where a needed one, or every row, is missing."""
    found = match_headers(table.headers, AGES).columns
    missing = [column for column in AGES.columns if column.needed and column.name not in found]
    if missing:
        raise StudyError(
            *(
                say(
                    "{file}：缺少“{column}”列（{name}）。请补上这一列。",
                    file=file, column=column.chinese, name=column.name,
                )
                for column in missing
            )
        )  # fmt: skip
    if not len(table.rows):
        raise StudyError(say("{file}：分年龄人口文件没有数据行。请补上数据。", file=file))
    return {name: table.cells(position, AGES.layer, file) for name, position in found.items()}


def _band(cell: object) -> int:
    """Return the position of a band of ages."""
    if is_missing(cell):
        return UNREAD
    text = "".join(unicodedata.normalize("NFKC", str(cell)).split()).replace("周岁", "岁")
    match = _BAND.fullmatch(text.replace("岁", ""))
    if match is None:
        return UNREAD
    first, last = int(match[1]), match[2]
    if last is None:
        return BANDS - 1 if first == OPEN_FROM else UNREAD
    closed = first % BAND == 0 and int(last) == first + BAND - 1 and first < OPEN_FROM
    return first // BAND if closed else UNREAD


def _unread(cells: Cells, fine: npt.NDArray[np.bool_], problem: Message) -> list[Message]:
    return [cells.finding("error", int(at), problem).line() for at in np.flatnonzero(~fine)]


def _repeated(who: pd.DataFrame, file: str) -> list[Message]:
    twice = who[who.duplicated(["id", "sex", "band"])]
    return [
        say(
            "{file} 第 {row} 行：这一旗县区、性别和年龄组前面已有一行。请删去一行。",
            file=file, row=row,
        )
        for row in twice["row"]
    ]  # fmt: skip


def _several(cells: Cells, years: Floats) -> list[Message]:
    other = np.flatnonzero(years != years[0])
    return [
        cells.finding(
            "error", int(at),
            say("与第一行的年份 {year} 不同。一个文件只放同一年的人口。", year=int(years[0])),
        ).line()
        for at in other
    ]  # fmt: skip


def _names(names: Cells | None, ids: "pd.Series[str]") -> dict[str, str]:
    """Return a name for each county, its id where there is none; StudyError for several."""
    name_of = {str(county_id): str(county_id) for county_id in ids}
    if names is None:
        return name_of
    told = pd.DataFrame({"id": ids, "name": read_texts(names)[0], "at": range(len(ids))})
    told = told.dropna().drop_duplicates(["id", "name"])
    odd = told[told.duplicated("id")]
    message = say("同一代码前面是另一个名称。请改为一致。")
    _refuse(names.finding("error", int(at), message).line() for at in odd["at"])
    return name_of | dict(zip(told["id"], told["name"], strict=True))


def _basis(cells: Cells | None) -> tuple[str, list[Finding]]:
    """Return the basis of all figures, empty where none is told; StudyError for several."""
    if cells is None:
        return "", []
    codes, findings = read_words(cells, AGES.column("basis"))
    known = sorted({code for code in codes if code})
    if len(known) > 1:
        raise StudyError(
            say(
                "{file}：“{column}”列户籍与常住都有，两者不能相加。请只留一种。",
                file=cells.file, column=cells.header,
            )
        )  # fmt: skip
    return "".join(known), findings


def _totals(people: Floats, county_ids: Iterable[str], file: str) -> list[Message]:
    """Return a fault for a county that is the sum of all others: a row of totals."""
    counted = np.nan_to_num(people)
    total = counted.sum(axis=0)
    others = len(counted) - 1
    return [
        say(
            "{file}：“{id}”各组人口都等于其余各地之和，是合计。请删去，以免重复计算。",
            file=file, id=county_id,
        )
        for county_id, own in zip(county_ids, counted, strict=True)
        if others > 1 and total.any() and np.array_equal(own * 2, total)
    ]  # fmt: skip


def _refuse(faults: Iterable[Message]) -> None:
    faults = list(faults)
    if len(faults) > _TOLD:
        faults = [*faults[:_TOLD], say("另有 {count} 处同类问题。", count=len(faults) - _TOLD)]
    if faults:
        raise StudyError(*faults)
