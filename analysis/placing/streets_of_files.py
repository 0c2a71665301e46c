"""Of which street a ledger is, as its file or its folder is called: 桥北街道小区.xlsx."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

import geopandas as gpd
import pandas as pd

from analysis.columns import words
from geo.files.several_files import FILE
from geo.findings import Finding
from geo.language import say
from geo.layers import FileRead, Layer

_HAN: Final = "\u4e00-\u9fff"
_KINDS: Final = "街道|镇|乡|苏木"
_NAMED: Final = re.compile(f"[{_HAN}]{{2,}}?(?:{_KINDS})")
# What stands before the name of a street: its city, its county, the year of the ledger.
_BEFORE: Final = re.compile(
    f"^(?:[{_HAN}]{{2,}}(?:省|自治区|市|区|县|旗)|年度?|月份?)(?=[{_HAN}]{{2,}}(?:{_KINDS}))"
)
# Not one street but all of them: 各乡镇, 所有街道, 十八个街道.
_SEVERAL: Final = re.compile(
    "各|所有|全部|全[市区县旗]|[个些]|街乡|街镇|乡镇|城乡|城镇|有关|相关|其他"
)
_OFFICE: Final = re.compile("(?:人民政府|办事处|办)$")
_ASKED: Final = "residential"  # of the others each row says it, or lies in one
_BY_FILE: Final = say("{count} 行没有写街道，按文件名认作“{street}”。")


def with_streets_of_files(read: Mapping[str, Layer]) -> dict[str, Layer]:
    """Return layers in which estates that say no street have that of the file they stand in.

    Only where a file is called by one street: one of the boundaries, where these have any.
    """
    layer = read.get(_ASKED)
    if layer is None or not layer.files:
        return {**read}
    areas = read.get("boundaries")
    known = [] if areas is None else _streets_among(areas.frame)
    of_files = streets_of_files(layer.files, known)
    sure = {file: name for file, name in of_files.items() if not known or name in known}
    said = words(layer.frame, "street")
    by_file = layer.frame[FILE].map(sure).where(said.isna())
    if by_file.isna().all():
        return {**read}
    counts = by_file.groupby(layer.frame[FILE], sort=False).count()
    told = tuple(
        Finding("info", _ASKED, replace(_BY_FILE, values={"count": int(count),
                                                          "street": sure[str(file)]}), None,
                str(file))
        for file, count in counts.items() if count
    )  # fmt: skip
    street = said.astype("str").fillna(by_file)
    frame = layer.frame.assign(street=pd.Series(street, index=layer.frame.index, dtype="str"))
    return {**read, _ASKED: replace(layer, frame=frame, findings=(*layer.findings, *told))}


def _streets_among(areas: gpd.GeoDataFrame) -> list[str]:
    streets = areas[words(areas, "level").eq("street").fillna(value=False).to_numpy(dtype=bool)]
    return [str(name) for name in words(streets, "name").dropna()]


def streets_of_files(files: Iterable[FileRead], known: Sequence[str]) -> Mapping[str, str]:
    """Return the street of each file that is of one: it is called so, and no row says another.

    known
        Streets of the boundaries; none where there are no boundaries.
    """
    named = ((file, street_in(file.name, known)) for file in files)
    return {
        file.name: street for file, street in named
        if street and all(_bare(said) == _bare(street) for said in file.streets)
    }


def street_in(file: str, known: Sequence[str]) -> str:
    """Return the street that a file, else the nearest of its folders, is called by; else empty."""
    path = PurePosixPath(file)
    for part in (path.stem, *reversed(path.parent.parts)):
        street = _known_in(part, known) or _spelled_in(part)
        if street:
            return street
    return ""


def _known_in(text: str, known: Sequence[str]) -> str:
    """Return the one known street that a text holds, or is without the word for what it is."""
    found = {name for name in known if name in text or _bare(name) == text}
    # 街街道 stands in 三中街街道 too, which is the one that is meant.
    parts = {one for one in found for other in found if one != other and one in other}
    return next(iter(found - parts)) if len(found - parts) == 1 else ""


def _spelled_in(text: str) -> str:
    found = [_BEFORE.sub("", name) for name in _NAMED.findall(text)]
    return found[0] if len(found) == 1 and not _SEVERAL.search(found[0]) else ""


def _bare(name: str) -> str:
    return re.sub(f"(?:{_KINDS})$", "", _OFFICE.sub("", name.strip()))
