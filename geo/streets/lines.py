"""Streets from line layers, as surveyors draw them: joined at ends, not at crossings."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.errors import StreetsError
from geo.findings import Finding
from geo.language import say
from geo.streets.assembly import NOT_A_NODE, Ways, assemble
from geo.streets.hilbert import ordered
from geo.streets.lengths import (
    check_lengths,
    refuse_without_length,
    require_positions,
    without_length,
)
from geo.streets.network import Floats, Ints, WalkNetwork
from geo.streets.walkable import TAGS, foot_direction, private, walkable

JOIN_M = 0.01  # two ends this near are one point drawn twice
TIP_M = 1e-4
NEAR_MISS_M = 6.0  # an end this near to a line was probably meant to touch it

Lines = NDArray[np.object_]


@dataclass(frozen=True)
class _Meeting:
    """Points along lines where they meet others: line, metres along it, node number."""

    line: Ints
    along_m: Floats
    node: Ints


def read_lines(
    frame: gpd.GeoDataFrame,
    crs: CRS,
    *,
    name: str,
    connect_m: float = 0.05,
    cross: bool = False,
) -> tuple[WalkNetwork, list[Finding]]:
    """Return the network of a line layer, and what was noticed.

    frame
        Lines in any CRS; a `highway` column brings the OSM street filter with it.
    connect_m
        An end this near to another line is on it.
    cross
        Whether lines that cross without a common end are connected there.

    Errors: StreetsError where there is nothing to walk on or a given length is nonsense.
    """
    findings: list[Finding] = []
    require_positions(shapely.get_coordinates(frame.geometry.array), name)
    frame = _walkable_rows(frame, name, findings)
    metric = frame.to_crs(crs)
    require_positions(shapely.get_coordinates(metric.geometry.array), name)
    findings += check_lengths(metric, name=name)
    metric, twice = _once(_in_drawn_order(metric), name)
    findings += twice
    parts, row = shapely.get_parts(metric.geometry.array, return_index=True)
    lines: Lines = shapely.remove_repeated_points(shapely.force_2d(parts))
    ends, node_xy = _join_ends(lines)
    touching = _ends_on_lines(lines, ends, node_xy, connect_m)
    crossings, node_xy = _crossings(lines, ends, node_xy, connect_m)
    meetings = [touching, crossings] if cross else [touching]
    findings += _crossing_findings(len(crossings.line) // 2, name, cross=cross)
    findings += _near_misses(lines, ends, node_xy, touching, connect_m, name)
    ways = _cut_lines(lines, ends, meetings, metric.iloc[row])
    return assemble(ways, crs, name=name), findings


def _walkable_rows(frame: gpd.GeoDataFrame, name: str, findings: list[Finding]) -> gpd.GeoDataFrame:
    kinds = frame.geometry.geom_type
    is_line = kinds.isin(["LineString", "MultiLineString"]) & ~frame.geometry.is_empty
    if not is_line.all():
        findings.append(
            Finding(
                "warning",
                "streets",
                say("{count} 个要素不是线，未作为道路使用。", count=int((~is_line).sum())),
                file=name,
            )
        )
    frame = frame[is_line]
    has_length = shapely.length(frame.geometry.array) > 0
    findings += without_length(int((~has_length).sum()), name)
    if len(frame) and not has_length.any():
        refuse_without_length(name)
    frame = frame[has_length]
    if "highway" in frame.columns and len(frame):
        sets, number = _tag_sets(frame)
        frame = frame[np.array([walkable(tags) for tags in sets])[number]]
    if frame.empty:
        raise StreetsError(say("{file}：没有可步行的道路。请检查文件和 highway 字段。", file=name))
    return frame


def _in_drawn_order(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the rows ordered by what they draw, then by their tags, whatever order they came in.

    Which of several rows is kept, where ends join and which crossing has which number then follow
    from the lines alone.
    """
    lines = frame.geometry.to_numpy()
    reach = shapely.bounds(lines).sum(axis=1)  # seldom the same for two lines, unless drawn twice
    sets, tags = _tag_sets(frame)
    rank = np.argsort(sorted(range(len(sets)), key=lambda n: sorted(sets[n].items())))[tags]

    def among_equals(rows: Ints) -> Ints:
        drawn = shapely.to_wkb(lines[rows])
        key = list(zip(reach[rows].tolist(), drawn, rank[rows].tolist(), strict=True))
        return np.array(sorted(range(len(rows)), key=key.__getitem__), dtype=np.int64)

    return frame.iloc[ordered(reach, among_equals)]


def _once(frame: gpd.GeoDataFrame, name: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return each line once, and a finding: exports of graphs draw a street in both directions."""
    lines = frame.geometry.to_numpy()
    suspect = pd.DataFrame(shapely.bounds(lines)).duplicated(keep=False).to_numpy()
    lines = lines[suspect]
    direction = _directions(frame)[suspect]
    # A one-way path keeps its own drawing: turned round it would be another path.
    shape = np.where(direction == 0, shapely.normalize(lines), lines)
    drawn = pd.DataFrame({"drawn": shapely.to_wkb(shape), "direction": direction})
    again = np.zeros(len(frame), dtype=bool)
    again[suspect] = drawn.duplicated().to_numpy()
    if not again.any():
        return frame, []
    message = say("{count} 条道路与另一条完全重合，只计一次。", count=int(again.sum()))
    return frame[~again], [Finding("info", "streets", message, file=name)]


def _tag_sets(rows: gpd.GeoDataFrame) -> tuple[list[dict[str, str]], Ints]:
    """Return the different sets of OSM tags among the rows, and which of them each row has.

    Absent tags are left out; names play no part in walking.
    """
    known = [tag for tag in TAGS if tag in rows.columns and tag != "name"]
    number = np.zeros(len(rows), dtype=np.int64)
    for tag in known:
        code, values = pd.factorize(rows[tag].to_numpy(dtype=object))
        number = np.unique(number * (len(values) + 1) + code, return_inverse=True)[1]
    _, example = np.unique(number, return_index=True)
    table = pd.DataFrame(rows[known].iloc[example]).astype(object).to_dict("records")
    sets = [{str(k): v for k, v in row.items() if isinstance(v, str) and v} for row in table]
    return sets, number


def _directions(rows: gpd.GeoDataFrame) -> NDArray[np.int8]:
    sets, number = _tag_sets(rows)
    return np.array([foot_direction(tags) for tags in sets], dtype=np.int8)[number]


def _join_ends(lines: Lines) -> tuple[Ints, Floats]:
    """Return node numbers of both ends of every line, shape (lines, 2), and node positions."""
    xy = np.vstack(
        [
            shapely.get_coordinates(shapely.get_point(lines, 0)),
            shapely.get_coordinates(shapely.get_point(lines, -1)),
        ]
    )
    pairs = cKDTree(xy).query_pairs(JOIN_M, output_type="ndarray")
    near = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(xy), len(xy)))
    count, node = connected_components(near, directed=False)
    node_xy = np.empty((count, 2))
    node_xy[node[::-1]] = xy[::-1]  # the first end in file order gives the position
    return node.reshape(2, -1).T.astype(np.int64), node_xy


def _ends_on_lines(lines: Lines, ends: Ints, node_xy: Floats, connect_m: float) -> _Meeting:
    """Return where line ends lie on other lines (or further along their own)."""
    points = shapely.points(node_xy)
    node, line = shapely.STRtree(lines).query(points, predicate="dwithin", distance=connect_m)
    along = shapely.line_locate_point(lines[line], points[node])
    length = shapely.length(lines[line])
    at_own_tail = (ends[line, 0] == node) & (along <= JOIN_M)
    at_own_head = (ends[line, 1] == node) & (along >= length - JOIN_M)
    meets = ~(at_own_tail | at_own_head)
    return _Meeting(line[meets].astype(np.int64), along[meets], node[meets].astype(np.int64))


def _crossings(
    lines: Lines, ends: Ints, node_xy: Floats, connect_m: float
) -> tuple[_Meeting, Floats]:
    """Return where lines cross away from any end, each crossing once on both lines.

    A line that crosses itself is there twice, at two distances along it.
    """
    crossed, own = _crossings_of_two(lines, connect_m), _crossings_of_one(lines)
    points, line, along = (np.concatenate(both) for both in zip(crossed, own, strict=True))
    at_end = np.zeros(len(points), dtype=bool)
    for which in (0, 1):
        for side in (0, 1):
            gap = points - node_xy[ends[line[:, which], side]]
            at_end |= np.hypot(gap[:, 0], gap[:, 1]) <= connect_m
    points, line, along = points[~at_end], line[~at_end], along[~at_end]
    node = len(node_xy) + np.arange(len(points))
    meeting = _Meeting(line.T.ravel(), along.T.ravel(), np.concatenate([node, node]))
    return meeting, np.vstack([node_xy, points])


def _crossings_of_two(lines: Lines, connect_m: float) -> tuple[Floats, Ints, Floats]:
    """Return points where two lines cross, both lines, and the metres along both.

    Those within `connect_m` of an end need not be among them.
    """
    # Most neighbours only share an end: without their tips they do not meet at all.
    tipless = _without_tips(lines, min(connect_m / 2, TIP_M))
    pairs = shapely.STRtree(tipless).query(tipless, predicate="intersects")
    pairs = pairs[:, pairs[0] < pairs[1]]
    pairs = pairs[:, shapely.crosses(*lines[pairs])]
    pairs = pairs[:, np.lexsort(pairs[::-1])]  # whatever the order of the tree
    points, pair = shapely.get_coordinates(shapely.intersection(*lines[pairs]), return_index=True)
    line = pairs[:, pair].T.astype(np.int64)
    along = shapely.line_locate_point(lines[line], shapely.points(points)[:, None])
    return points, line, along


def _without_tips(lines: Lines, tip_m: float) -> Lines:
    """Return lines shortened at both ends by `tip_m`, at most by a tenth of the last side."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    start = np.searchsorted(line, np.arange(len(lines) + 1))
    moved = xy.copy()
    for end, inner in ((start[:-1], start[:-1] + 1), (start[1:] - 1, start[1:] - 2)):
        side = xy[inner] - xy[end]
        metres = np.hypot(side[:, 0], side[:, 1])[:, None]
        moved[end] += side * np.minimum(tip_m / np.maximum(metres, TIP_M), 0.1)
    shorter: Lines = shapely.linestrings(moved, indices=line)
    return shorter


def _crossings_of_one(lines: Lines) -> tuple[Floats, Ints, Floats]:
    """Return points where a line crosses itself, the line twice, and both metres along it."""
    looped = np.flatnonzero(~shapely.is_simple(lines))
    xy, owner = shapely.get_coordinates(lines[looped], return_index=True)
    inner = owner[:-1] == owner[1:]
    sides = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)[inner])
    owner = owner[:-1][inner]
    length = shapely.length(sides)
    first_side = np.searchsorted(owner, np.arange(len(looped)))
    before = np.cumsum(length) - length
    before -= before[first_side][owner]
    pairs = shapely.STRtree(sides).query(sides, predicate="intersects")
    # Neighbouring sides meet at their common vertex.
    pairs = pairs[:, (owner[pairs[0]] == owner[pairs[1]]) & (pairs[1] > pairs[0] + 1)]
    points = shapely.intersection(*sides[pairs])
    is_point = shapely.get_type_id(points) == shapely.GeometryType.POINT
    pairs, points = pairs[:, is_point].T, points[is_point]  # a stretch walked twice is no crossing
    line = looped[owner[pairs]].astype(np.int64)
    along = before[pairs] + shapely.line_locate_point(sides[pairs], points[:, None])
    # At a vertex up to four pairs of sides meet.
    keys = np.column_stack([line, np.rint(along / JOIN_M)])
    _, once = np.unique(keys, axis=0, return_index=True)
    return shapely.get_coordinates(points[once]), line[once], along[once]


def _crossing_findings(count: int, name: str, *, cross: bool) -> list[Finding]:
    if not count:
        return []
    if cross:
        message = say("道路有 {count} 处无端点的交叉，已按 cross = true 连通。", count=count)
        return [Finding("info", "streets", message, file=name)]
    message = say("道路有 {count} 处无端点的交叉，按立体交叉处理，未连通。", count=count)
    remedy = say("如实际为平面路口，请在 [streets] 中写 cross = true。")
    return [Finding("warning", "streets", message, remedy, file=name)]


def _near_misses(
    lines: Lines,
    ends: Ints,
    node_xy: Floats,
    touching: _Meeting,
    connect_m: float,
    name: str,
) -> list[Finding]:
    """Return a finding on dead ends that stop just short of another line."""
    uses = np.bincount(ends.ravel(), minlength=len(node_xy))
    uses += np.bincount(touching.node, minlength=len(node_xy))
    dead = np.flatnonzero(uses[: ends.max() + 1] == 1)
    points = shapely.points(node_xy[dead])
    which, line = shapely.STRtree(lines).query(points, predicate="dwithin", distance=NEAR_MISS_M)
    other = ~(ends[line] == dead[which][:, None]).any(axis=1)
    gap = shapely.distance(points[which[other]], lines[line[other]])
    gap = gap[gap > connect_m]
    if not len(gap):
        return []
    message = say(
        "道路有 {count} 处端点距另一条道路不到 {near:.0f} 米而未连接（最大间距 {gap:.1f} 米）。",
        count=len(gap),
        near=NEAR_MISS_M,
        gap=float(gap.max()),
    )
    remedy = say("如应相连，请修正数据，或在 [streets] 中加大 connect_m。")
    return [Finding("warning", "streets", message, remedy, file=name)]


def _cut_lines(lines: Lines, ends: Ints, meetings: list[_Meeting], rows: gpd.GeoDataFrame) -> Ways:
    """Return the lines with the meetings put in among their vertices, in walking order.

    rows
        The rows of the layer that the lines are from, with their tags.
    """
    sets, number = _tag_sets(rows)
    xy, line = shapely.get_coordinates(lines, return_index=True)
    start = np.searchsorted(line, np.arange(len(lines) + 1))
    steps = np.concatenate([[0.0], np.hypot(*np.diff(xy, axis=0).T)])
    steps[start[:-1]] = 0.0
    total = np.cumsum(steps)
    along = total - total[start[:-1]][line]
    node = np.full(len(xy), NOT_A_NODE, dtype=np.int64)
    node[start[:-1]], node[start[1:] - 1] = ends[:, 0], ends[:, 1]
    meet_line = np.concatenate([m.line for m in meetings])
    meet_along = np.concatenate([m.along_m for m in meetings])
    meet_node = np.concatenate([m.node for m in meetings])
    meet_xy = shapely.get_coordinates(shapely.line_interpolate_point(lines[meet_line], meet_along))
    all_line = np.concatenate([line, meet_line])
    all_along = np.concatenate([along, meet_along])
    # A meeting at the very end of a line must stay inside it: first vertex first, last one last.
    rank = np.ones(len(all_line), dtype=np.int8)
    rank[start[:-1]], rank[start[1:] - 1] = 0, 2
    order = _in_walking_order(all_line, all_along, rank)
    count = np.bincount(all_line, minlength=len(lines))
    return Ways(
        start=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        xy=np.vstack([xy, meet_xy])[order],
        node=np.concatenate([node, meet_node])[order],
        oneway=np.array([foot_direction(tags) for tags in sets], dtype=np.int8)[number],
        private=np.array([private(tags) for tags in sets], dtype=bool)[number],
        kind=[sets[n].get("highway", "road") for n in number.tolist()],
    )


def _in_walking_order(line: Ints, along_m: Floats, rank: NDArray[np.int8]) -> Ints:
    """Return the order by line, then first vertex, then metres along, then last vertex."""
    middle = rank == 1
    position = np.where(middle, along_m, np.where(rank == 0, -np.inf, np.inf))
    order: Ints = np.lexsort((position, line))
    return order
