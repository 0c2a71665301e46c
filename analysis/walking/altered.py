"""A study's streets as its scenario would alter them: links, gates and blocks, for walking only.

- A **link** is built between two spots. Each end joins the nearest street by a straight leg that no
  barrier bars and that counts as walking; any street will do, also one that leads nowhere so far.
  Links that begin or end at one spot meet there. A link is walked by everybody, both ways.
- A **gate** is one more entrance of an estate.
- A **block** cuts every street that its line meets: nobody passes, and what lies on either side is
  walked to from there. It bars streets of the study only: neither links of the scenario, which
  may lead across, nor the straight legs from places to streets; those heed the barriers layer.

Links and gates add ways out and take none away; a block leaves every place its street.
"""

from dataclasses import dataclass
from itertools import count

import numpy as np

from analysis.study import Study
from analysis.walking.alterations import JOIN_M, Alterations, Gate, Link
from geo.errors import ScenarioError
from geo.findings import Finding
from geo.ground.altered_land import altered_land
from geo.ground.cells import estate_cells
from geo.ground.land import Bounds, Land
from geo.language import Message, say
from geo.streets.network import Flags, Floats, Ints
from geo.walks.altered_streets import AlteredStreets, Spots
from geo.walks.attachments import Attachments, Lines, gates_of
from geo.walks.nearest_street import NO_STREET, Nearest, StreetIndex
from geo.walks.places import OPENING_M, Exits, Grounds, Points, put_on_streets
from geo.walks.street_parts import boxes_of, met_by_lines, near_boxes, only


@dataclass(frozen=True, eq=False)
class Altered:
    """The streets of a study as a scenario would alter them.

    streets
        What is walked on.
    attachments
        The ways out that are new.
    """

    streets: AlteredStreets
    attachments: Attachments
    findings: tuple[Finding, ...]

    def exits(self, exits: Exits, points: Points) -> Exits:
        """Return the ways out of points, given those onto the streets of the study."""
        return self.streets.exits(self.attachments.with_more(exits, points))

    def land(self, land: Land, *, within: Bounds | None) -> Land:
        """Return the land as it leaves now, with that which had no way out before."""
        return altered_land(land, self.attachments, self.streets, within=within)


@dataclass(frozen=True, eq=False)
class _Joined:
    """Links put on streets.

    first, last
        The nearest street of both ends of every link, numbered as in the network.
    """

    links: tuple[Link, ...]
    first: Nearest
    last: Nearest

    @property
    def spots(self) -> Spots:
        """Return where links join streets: all their beginnings, then all their ends."""
        return Spots(
            np.concatenate([self.first.street, self.last.street]),
            np.concatenate([self.first.offset_mm, self.last.offset_mm]),
        )


def alter(study: Study, index: StreetIndex, grounds: Grounds, private: Flags) -> Altered | None:
    """Return the study's streets as its scenario would alter them; None where it does not.

    Errors: ScenarioError with one line for everything that reaches no street.
    """
    plan = study.alterations
    if not plan:
        return None
    snap_max_m = study.description.walking.snap_max_m
    refused: list[Message] = []
    joined = _put_links(plan.links, index, snap_max_m, refused)
    if refused:
        raise ScenarioError(*refused)
    blocked, findings = _blocked(plan, index)
    streets = AlteredStreets.of(
        index.network, private=private, joins=joined.spots, blocks=blocked
    )
    streets, lines = _with_links(streets, joined)
    least_m = study.description.walking.component_min_m
    opened, useful = _newly_usable(index, joined, lines.length_mm, least_m)
    lines = Lines(lines.number, lines.ends, lines.length_mm, np.repeat(useful, 3))
    attachments = Attachments.of(
        index, lines, (opened >= 0, boxes_of(index.network, opened)), grounds,
        _gates(plan.gates, study, grounds), snap_max_m=snap_max_m,
    )  # fmt: skip
    refused += _gates_in_vain(plan.gates, attachments)
    if refused:
        raise ScenarioError(*refused)
    return Altered(streets, attachments, (*findings, _told(plan, lines, blocked)))


def _put_links(
    links: tuple[Link, ...], index: StreetIndex, snap_max_m: float, refused: list[Message]
) -> _Joined:
    """Return where links join the streets; adds to `refused` those that cannot."""
    x, y = np.array([link.start for link in links] + [link.end for link in links]).reshape(-1, 2).T
    near = near_boxes(index.network, np.column_stack([x, y, x, y]), within_m=snap_max_m)
    part = only(index.network, near)
    every = StreetIndex(part, np.ones(len(part), dtype=bool), index.barriers)
    found = every.nearest(x, y, within_m=snap_max_m)
    street = np.append(np.flatnonzero(near), NO_STREET)[found.street]
    found = Nearest(**{**vars(found), "street": street})
    for end, link in enumerate((*links, *links)):
        if found.street[end] == NO_STREET:
            word = "from" if end < len(links) else "to"
            at, barred = f"{link.key}.{word}", bool(found.blocked[end])
            refused.append(_off_street(link.file, at, snap_max_m, barred=barred))
    middle = len(links)
    every_end = np.arange(2 * middle)
    return _Joined(links, found.take(every_end[:middle]), found.take(every_end[middle:]))


def _blocked(plan: Alterations, index: StreetIndex) -> tuple[Spots, list[Finding]]:
    """Return where blocks meet streets, and a finding for each that meets none."""
    met = met_by_lines(index.network, [block.line for block in plan.blocks])
    findings = [
        Finding(
            "warning",
            "streets",
            say(
                "{file}：“{key}”没有穿过任何可步行的道路，不起作用。",
                file=block.file,
                key=block.key,
            ),
            say("请核对坐标（WGS84，先经度后纬度）。"),
        )
        for block, spots in zip(plan.blocks, met, strict=True)
        if not len(spots.street)
    ]
    columns = zip(Spots.nowhere(), *met, strict=True)
    return Spots(*(np.concatenate(column) for column in columns)), findings


def _with_links(streets: AlteredStreets, joined: _Joined) -> tuple[AlteredStreets, Lines]:
    """Return the streets with three for every link: the leg to its beginning, itself, the leg."""
    start = np.array([link.start for link in joined.links]).reshape(-1, 2)
    end = np.array([link.end for link in joined.links]).reshape(-1, 2)
    at_start = np.column_stack([joined.first.x, joined.first.y])
    at_end = np.column_stack([joined.last.x, joined.last.y])
    legs = np.stack(
        [np.hstack([at_start, start]), np.hstack([start, end]), np.hstack([end, at_end])], axis=1
    ).reshape(-1, 4)
    length_m = np.hypot(legs[:, 2] - legs[:, 0], legs[:, 3] - legs[:, 1])
    length_mm = np.rint(length_m * 1000).astype(np.int64)
    corner, corners = _corners(np.vstack([start, end]))
    corner += streets.nodes
    joins = streets.node_at(joined.spots)
    first, last = np.split(joins, 2)
    begin, stop = np.split(corner, 2)
    tail = np.column_stack([first, begin, stop]).reshape(-1)
    head = np.column_stack([begin, stop, last]).reshape(-1)
    number = len(streets) + np.arange(len(legs))
    nodes = streets.nodes + corners
    return (
        streets.with_streets(tail, head, length_mm, nodes=nodes),
        Lines(number, legs, length_mm, np.ones(len(legs), dtype=bool)),
    )


def _corners(xy: Floats) -> tuple[Ints, int]:
    """Return a number for every end of a link, the same where ends meet, and how many there are."""
    numbers: Ints = np.arange(len(xy))
    for here in range(len(xy)):
        meets = np.hypot(*(xy[:here] - xy[here]).T) <= JOIN_M
        if meets.any():
            numbers[here] = numbers[meets.argmax()]
    known, number = np.unique(numbers, return_inverse=True)
    return number.astype(np.int64), len(known)


def _newly_usable(
    index: StreetIndex, joined: _Joined, length_mm: Ints, least_m: float
) -> tuple[Ints, Flags]:
    """Return the streets that links make usable, and which links may be stepped onto.

    The piece of each newly usable street, counted from 0, and -1 for all others. Pieces that links
    join are one, as long as its parts and the links together.
    """
    network = index.network
    group, metres = _united(joined, network.component, network.component_m, length_mm)
    usable = np.zeros(len(metres), dtype=bool)
    usable[group[network.component[index.usable]]] = True
    usable |= metres >= least_m
    opened = usable[group[network.component]] & ~index.usable
    piece = np.full(len(network), -1, dtype=np.int64)
    piece[opened] = np.unique(network.component[opened], return_inverse=True)[1]
    useful: Flags = usable[group[network.component[joined.first.street]]]
    return piece, useful


def _united(
    joined: _Joined, component: np.ndarray, component_m: Floats, length_mm: Ints
) -> tuple[Ints, Floats]:
    """Return the number of the joined piece that each piece belongs to, and its metres."""
    group: Ints = np.arange(len(component_m))
    pairs = (component[joined.first.street], component[joined.last.street])
    for one, other in zip(*pairs, strict=True):
        group[group == group[other]] = group[one]
    metres: Floats = np.zeros(len(component_m))
    np.add.at(metres, group, component_m)
    np.add.at(metres, group[pairs[0]], length_mm.reshape(-1, 3).sum(axis=1) / 1000)
    return group, metres


def _gates(gates: tuple[Gate, ...], study: Study, grounds: Grounds) -> Grounds:
    x, y = np.array([gate.at for gate in gates]).reshape(-1, 2).T
    residential = study.layer("residential")
    ids = [] if residential is None else [*residential["id"]]
    position = dict(zip(ids, count()))
    owner = np.array([position[gate.residential_id] for gate in gates], dtype=np.int64)
    return gates_of(grounds, x, y, owner)


def _gates_in_vain(gates: tuple[Gate, ...], attachments: Attachments) -> list[Message]:
    """Return a line for every gate without a street, or that its own estate cannot leave by."""
    grounds, snap_max_m = attachments.gates, attachments.snap_max_m
    x, y = grounds.entrance_x, grounds.entrance_y
    found = attachments.index.nearest(x, y, within_m=snap_max_m, open_m=OPENING_M)
    lines = []
    for number, gate in enumerate(gates):
        if found.street[number] == NO_STREET:
            barred = bool(found.blocked[number])
            lines.append(_off_street(gate.file, gate.key, snap_max_m, barred=barred))
            continue
        owner = grounds.entrance_owner[number : number + 1]
        _, cell_x, cell_y = estate_cells(grounds.polygons[owner])
        cells = Points(cell_x, cell_y, np.repeat(owner, len(cell_x)))
        here = gates_of(grounds, x[number : number + 1], y[number : number + 1], owner)
        exits = put_on_streets(attachments.index, cells, snap_max_m=snap_max_m, grounds=here)
        if not len(exits.point):
            lines.append(
                say(
                    "{file}：“{key}”离小区“{name}”过远，或被阻隔。"
                    "请核对坐标（WGS84，先经度后纬度）。",
                    file=gate.file,
                    key=gate.key,
                    name=gate.residential_id,
                )
            )
    return lines


def _off_street(file: str, key: str, snap_max_m: float, *, barred: bool) -> Message:
    if barred:
        return say(
            "{file}：“{key}”{cap:.0f} 米内没有可以连接的道路，或被阻隔。"
            "请核对坐标（WGS84，先经度后纬度）。",
            file=file,
            key=key,
            cap=snap_max_m,
        )
    return say(
        "{file}：“{key}”{cap:.0f} 米内没有可以连接的道路。请核对坐标（WGS84，先经度后纬度）。",
        file=file,
        key=key,
        cap=snap_max_m,
    )


def _told(plan: Alterations, lines: Lines, blocked: Spots) -> Finding:
    message = say(
        "情景改动道路：新建连接 {links} 条（共 {metres:.0f} 米），新开出入口 {gates} 个，"
        "阻断道路 {streets} 条。",
        links=len(plan.links),
        metres=float(lines.length_mm.sum()) / 1000,
        gates=len(plan.gates),
        streets=len(np.unique(blocked.street)),
    )
    return Finding("info", "streets", message)
