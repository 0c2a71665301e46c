"""KML attributes read as written: GDAL turns Chinese names of columns into underscores."""

import mmap
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
from numpy.typing import NDArray

from geo.errors import LayerError
from geo.language import say
from geo.ledgers.ledger import Table

_MOST_COLUMNS = 2_000
# A value may hold `>`, but never `<`: where the next element begins, no search goes on.
_NAME = re.compile(
    rb"""<(?:\w+:)?(?:Simple)?(?:Data|Field)\b[^<]*?\bname\s*+=\s*+["']([^"'<]+)"""
)


def require_few_names(path: Path, shown_as: str) -> None:
    """Refuse a KML with more names of data than any layer has: each becomes a column of all rows.

    Errors: LayerError.
    """
    names: set[bytes] = set()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for match in _NAME.finditer(data):
            names.add(match[1])
            if len(names) > _MOST_COLUMNS:
                raise LayerError(
                    say(
                        "{file}：属性名超过 {limit} 个，不是图层。请只保留需要的属性后重新导出。",
                        file=shown_as, limit=_MOST_COLUMNS,
                    )
                )


def placemark_table(path: Path, *, count: int) -> Table | None:
    """Return name, description and data of each placemark; None where they are not `count`.

    The file was searched for a DTD before, so that no entity can be expanded here.
    """
    root = ET.fromstring(path.read_bytes())  # noqa: S314 - no DTD, see above
    placemarks = [_attributes(node) for node in root.iter() if _tag(node) == "Placemark"]
    if len(placemarks) != count:
        return None
    headers = tuple(dict.fromkeys(name for attributes in placemarks for name in attributes))
    columns = tuple(_column(placemarks, header) for header in headers)
    return Table(headers, columns, np.arange(1, count + 1, dtype=np.int64), 0)


def _attributes(placemark: ET.Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in placemark.iter():
        if _tag(node) in {"name", "description"}:
            found.setdefault(_tag(node), node.text or "")
        elif _tag(node) == "Data":
            value = next((child.text for child in node if _tag(child) == "value"), "")
            found[node.get("name", "")] = value or ""
        elif _tag(node) == "SimpleData":
            found[node.get("name", "")] = node.text or ""
    return found


def _tag(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


def _column(placemarks: list[dict[str, str]], header: str) -> NDArray[Any]:
    return np.array([attributes.get(header) for attributes in placemarks], dtype=object)
