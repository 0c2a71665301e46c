"""One way in for streets, whatever the file."""

import hashlib
import math
from pathlib import Path
from typing import NoReturn

import numpy as np
from pyproj import CRS

from geo.door.contents import require_content
from geo.errors import LayerError, StreetsError
from geo.files.shapefile import PARTS, sibling
from geo.findings import Finding
from geo.language import say
from geo.ledgers.numbers import figure
from geo.position.coordinates import metric_crs
from geo.position.system_names import called
from geo.streets.network import WalkNetwork

CHUNK = 1 << 20

# Goes up whenever streets come out otherwise for the same file: kept networks are then read anew.
READER = 6
# A town in two halves is told; its scraps are left out, and counted, where walks begin.
_HALVES = 0.9


def read_streets(
    path: Path,
    crs: CRS | None = None,
    *,
    layer: str | None = None,
    coordinates: str | None = None,
    connect_m: float = 0.05,
    cross: bool = False,
) -> tuple[WalkNetwork, list[Finding]]:
    """Return the walk network of a file, and what was noticed.

    path
        .osm.pbf, .osm, .graphml, a saved network (.npz), or a line layer.
    crs
        The study's metric CRS; by default that of the middle of the streets.
    layer, coordinates, connect_m, cross
        For line layers: which one, in which coordinates, and how lines join.

    Errors: StreetsError for a missing, damaged or unwalkable file, or a `connect_m` that is no
    distance; LayerError and CoordinateError for line layers.
    """
    if not path.exists():
        raise StreetsError(
            say("{file}：找不到道路文件。请检查 [streets] 中的 path。", file=path.name)
        )
    if not 0 <= connect_m < math.inf:
        raise StreetsError(
            say("connect_m 应是不小于 0 的米数，现为 {value}。请改正。", value=connect_m)
        )
    if {".osh", ".osc"} & {part.lower() for part in path.suffixes}:
        _refuse_changes(path)
    try:
        require_content(path, path.name)
    except LayerError as error:
        raise StreetsError(*error.messages) from None
    name = path.name.lower()
    if name.endswith(".npz"):
        network = WalkNetwork.load(path)
        _require_same_crs(network, crs, path)
        return network, []
    if name.endswith((".pbf", ".osm", ".osm.bz2", ".osm.gz")):
        from geo.streets.osm import read_osm  # noqa: PLC0415 - each reader loads its own library

        network, findings = read_osm(path, crs)
    elif name.endswith(".graphml"):
        from geo.streets.graphml import read_graphml  # noqa: PLC0415

        network, findings = read_graphml(path, crs)
    else:
        network, findings = _read_line_layer(
            path, crs, layer=layer, coordinates=coordinates, connect_m=connect_m, cross=cross
        )
    findings = [*findings, *_in_pieces(network, path.name)]
    return network.tagged(sha256=sha256(path), connect_m=connect_m, cross=cross), findings


def _in_pieces(network: WalkNetwork, name: str) -> list[Finding]:
    """Return a finding where streets fall into pieces that nothing joins, none the whole town."""
    pieces_m = np.sort(network.component_m)[::-1]
    share = float(pieces_m[0] / pieces_m.sum())
    if share >= _HALVES:
        return []
    message = say(
        "道路分成 {count} 片，彼此不相连：最长的一片有 {km} 公里，占 {percent}%，"
        "其次的一片有 {next_km} 公里。从一片走不到另一片。",
        count=len(pieces_m), km=figure(round(float(pieces_m[0]) / 1000, 1)),
        percent=figure(round(100 * share)), next_km=figure(round(float(pieces_m[1]) / 1000, 1)),
    )
    remedy = say("请核对是否缺了连接它们的道路或桥。")
    return [Finding("warning", "streets", message, remedy, file=name)]


def _read_line_layer(
    path: Path,
    crs: CRS | None,
    *,
    layer: str | None,
    coordinates: str | None,
    connect_m: float,
    cross: bool,
) -> tuple[WalkNetwork, list[Finding]]:
    from geo.layers import read_layer  # noqa: PLC0415
    from geo.streets.lines import read_lines  # noqa: PLC0415

    read = read_layer(path, "streets", sheet=layer, coordinates=coordinates)
    if read.frame.geometry.isna().all():
        raise StreetsError(say("{file}：文件中没有道路。", file=path.name))
    west, south, east, north = read.frame.total_bounds
    crs = crs or metric_crs((west + east) / 2, (south + north) / 2)
    network, findings = read_lines(
        read.frame, crs, name=path.name, connect_m=connect_m, cross=cross
    )
    return network, [*read.findings, *findings]


def _refuse_changes(path: Path) -> NoReturn:
    raise StreetsError(
        say(
            "{file}：是 OpenStreetMap 的历史（.osh）或变更（.osc）文件，不是某一天的道路。"
            "请改用普通的 .osm.pbf 或 .osm。",
            file=path.name,
        )
    )


def _require_same_crs(network: WalkNetwork, crs: CRS | None, path: Path) -> None:
    if crs is not None and network.crs != crs:
        raise StreetsError(
            say(
                "{file}：保存的路网坐标系是 {theirs}，与项目的 {ours} 不同。"
                "请用 carecircle streets 按项目重新生成。",
                file=path.name,
                theirs=called(network.crs),
                ours=called(crs),
            )
        )


def sha256(path: Path) -> str:
    """Return the sha256 of a file; of a folder's files or a shapefile's parts with their names."""
    digest = hashlib.sha256()
    files = _files(path)
    for file in files:
        if files != [path]:
            where = file.relative_to(path if path.is_dir() else path.parent).as_posix()
            digest.update(f"{where} {file.stat().st_size} ".encode())
        with file.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    """Return every file that a reading of `path` depends on, in name order."""
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.is_file())
    if path.suffix.lower() == ".shp":
        return sorted(part for suffix in PARTS if (part := sibling(path, suffix)))
    return [path]
