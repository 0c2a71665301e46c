"""A small study as files: four estates, five facilities, of which names and places are wanting."""

import json
import re
from pathlib import Path

import openpyxl

WEST, SOUTH = 118.950, 42.280
STEP = 0.004  # degrees between estates; about 330 m east and 440 m north
HOSTILE = (
    '<img src=x onerror="window.__xss=1">',
    "<script>window.__xss=2</script>",
    "${window.__xss=3}`;window.__xss=4//</script><script>window.__xss=5</script>",
    "![x](http://elsewhere.invalid/x.png)[y](javascript:window.__xss=6)",
    '"><svg onload=window.__xss=7>',
    "{{constructor.constructor('window.__xss=8')()}}",
    '=HYPERLINK("http://elsewhere.invalid","x")',
    "'-window.__xss=9-'",
    "名\u202e称\u0007响",
    ":red[x] $\\href{javascript:window.__xss=10}{x}$ :material/home:",
    "</textarea><iframe src=javascript:window.__xss=11>",
    "<a href='http://elsewhere.invalid'>x</a>",
)
MORE_HOSTILE = (
    "$$\\int_0^1 x$$",
    ":smile: :red-background[x] :shortcake:",
    "[y](http://elsewhere.invalid)",
    "`a` **b** ~~c~~ # d",
    "<details open ontoggle=window.__xss=12>",
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "\u2066左\u2069\u200b右\ufeff",
)
STUDY = """title = "办事员测试区 {hostile}"
on = 2025-12-31
rules = ["chifeng"]
crs = "EPSG:4549"
notice = "测试数据"
[layers]
facilities = {{ path = "facilities.csv", coordinates = "wgs84" }}
residential = {{ path = "residential.csv", coordinates = "wgs84" }}
boundaries = {{ path = "boundaries.geojson" }}
[streets]
path = "streets.geojson"
"""


def clerk_study(folder: Path, *, hostile: str = "") -> Path:
    """Write the study into a folder and return its file.

    hostile
        Stands in the title, in the name of a facility without a place and in a name to settle.
    """
    file = folder / "clerk.study.toml"
    quoted = hostile.replace("\\", "\\\\").replace('"', '\\"').replace("\u0007", "\\u0007")
    file.write_text(STUDY.format(hostile=quoted), encoding="utf-8")
    _write_residential(folder / "residential.csv")
    _write_facilities(folder / "facilities.csv", hostile)
    _write_streets(folder / "streets.geojson")
    _write_boundaries(folder / "boundaries.geojson")
    return file


def bad_ledger() -> bytes:
    """Return a ledger of estates whose third row cannot be read."""
    rows = ("小区名称,户数,经度,纬度", "甲小区,500,118.95,42.28", "乙小区,不详待查,118.95,42.28")
    return "\n".join(rows).encode()


def hostile_ledger() -> bytes:
    """Return a ledger whose headers, names and figures are hostile, one of each a row."""
    payloads = [*HOSTILE, *MORE_HOSTILE]
    extra = ",".join(map(_csv, payloads))
    rows = [f"{_csv(text)},{_csv(text)},118.95,42.28" for text in payloads]
    return "\n".join([f"小区名称,户数,经度,纬度,{extra}", *rows]).encode()


def hostile_book(path: Path) -> Path:
    """Write a workbook of sheets with hostile names, as far as Excel lets them be."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    for text in (*HOSTILE, *MORE_HOSTILE):
        name = re.sub(r"[][:*?/\\\x00-\x1f']", "", text)[:28]
        sheet = book.create_sheet(name or "x")
        sheet.append(["小区名称", "户数", "经度", "纬度"])
        sheet.append([text.replace("\u0007", ""), 100, 118.95, 42.28])
    book.save(path)
    return path


def _at(column: int, row: int) -> str:
    return f"{WEST + STEP * column:.6f},{SOUTH + STEP * row:.6f}"


def _write_residential(path: Path) -> None:
    rows = [
        f"r1,阳光花园,1250,{_at(0, 0)},桥北街道", f"r2,阳光嘉园,约800户,{_at(1, 0)},桥北街道",
        f"r3,锦绣家园,,{_at(0, 1)},桥北街道", f"r4,民主小区,600,{_at(1, 1)},桥北街道",
    ]
    _write_rows(path, ["编号,小区名称,总户数,经度,纬度,街道", *rows])


def _write_facilities(path: Path, hostile: str) -> None:
    name, asked = (_csv(hostile or text) for text in ("五号助餐点", "阳光佳园"))
    rows = [
        f"f1,一号服务站,社区养老服务站,运营,250,{_at(0, 0)},阳光花园,桥北路1号",
        f"f2,二号服务站,社区养老服务站,运营,120,{_at(1, 0)},{asked},桥北路2号",
        "f3,三号服务站,社区养老服务站,运营,90,,,锦绣家圆,桥北路3号",
        f"f4,{name},社区养老服务站,运营,80,,,,桥北路4号",
    ]
    _write_rows(path, ["编号,设施名称,类别,运营状态,建筑面积,经度,纬度,服务小区,地址", *rows])


def _csv(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _write_rows(path: Path, rows: list[str]) -> None:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def _write_streets(path: Path) -> None:
    nodes = [-1, 0, 1, 2]
    east = [[[WEST + STEP * i, SOUTH + STEP * j] for i in nodes] for j in nodes]
    north = [[[WEST + STEP * i, SOUTH + STEP * j] for j in nodes] for i in nodes]
    _write_features(path, [({"type": "LineString", "coordinates": line}, {"highway": "residential"})
                           for line in (*east, *north)])  # fmt: skip


def _write_boundaries(path: Path) -> None:
    west, south, east, north = (WEST - STEP, SOUTH - STEP, WEST + 2 * STEP, SOUTH + 2 * STEP)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    _write_features(path, [(shape, {"名称": "桥北街道", "级别": "街道"})])


def _write_features(path: Path, features: list[tuple[dict[str, object], dict[str, str]]]) -> None:
    whole = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": shape, "properties": said} for shape, said in features
        ],
    }
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
