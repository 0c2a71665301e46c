"""The simulated care facilities: where they stand, how large they are, whom they serve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import shapely
from making.areas import Areas, lie_in
from making.city import City
from making.terrain import ground, reach, stream
from numpy.typing import NDArray
from shapely import Point

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Sort:
    """One category: its word, its statuses in order, its size and how its names end."""

    word: str
    statuses: Mapping[str, int]
    area_m2: tuple[int, int]
    ending: str
    beds: tuple[int, int] = (0, 0)


SORTS = {
    "street_centre": Sort(
        "区域养老服务中心", {"运营": 8, "在建": 1, "规划": 1}, (1200, 3200), "区域养老服务中心",
        (20, 60),
    ),
    "community_station": Sort(
        "社区养老服务站", {"运营": 29, "在建": 2, "规划": 1, "停业": 1, "挪用": 1}, (120, 620),
        "社区养老服务站",
    ),
    "day_care": Sort(
        "日间照料中心", {"运营": 11, "在建": 1, "停业": 1, "挪用": 1}, (300, 900), "日间照料中心",
        (6, 20),
    ),
    "embedded": Sort(
        "嵌入式养老机构", {"运营": 6, "在建": 1, "规划": 1}, (700, 2400), "嵌入式养老机构",
        (18, 49),
    ),
    "canteen": Sort("助餐点", {"运营": 3, "停业": 1}, (60, 220), "老年助餐点"),
    "care_home": Sort("养老机构", {"运营": 5, "在建": 1}, (2600, 14000), "养老院", (80, 360)),
    "welfare_home": Sort("敬老院", {"运营": 2}, (2200, 5200), "敬老院", (90, 180)),
    "mutual_aid": Sort("幸福院", {"运营": 1}, (260, 420), "互助幸福院", (10, 18)),
    "county_platform": Sort("县级综合平台", {"运营": 1}, (2400, 3600), "综合养老服务平台"),
    "elder_university": Sort("老年大学", {"运营": 1}, (900, 2600), "老年大学"),
    "health": Sort("医疗卫生", {"运营": 4}, (900, 3600), "社区卫生服务中心"),
    "rehab": Sort("护理院", {"运营": 2}, (3800, 9000), "护理院", (60, 160)),
    "childcare": Sort("托育", {"运营": 2, "在建": 1}, (260, 760), "托育园"),
}  # fmt: skip
CIRCLE = ("street_centre", "community_station", "day_care", "embedded")
LINKED = ("community_station", "day_care", "embedded")
SPACING_M = 660.0
SERVED_M = 330.0
OUTER = 0.87
OUTER_WEIGHT = 0.3
LINKED_SHARE = 0.65
# In frame coordinates: villages around the city.
OUTLYING = (
    (-6200, -2300), (5950, -2500), (6350, 1650), (-6300, 2900), (-900, 4300), (2700, -4250),
)  # fmt: skip


@dataclass(frozen=True)
class Facility:
    """One simulated facility."""

    id: str
    name: str
    sort: str
    status: str
    point: Point
    floor_area_m2: float
    host: int | None = None
    serves: tuple[int, ...] = ()
    beds: int = 0
    opened: date | None = None


def _statuses() -> list[tuple[str, str]]:
    return [
        (sort, status)
        for sort, of in SORTS.items()
        for status, count in of.statuses.items()
        for _ in range(count)
    ]


def _demand(city: City, homes: Whole, years: Whole) -> tuple[list[Point], NDArray[np.float64]]:
    """Return where a facility may stand (one spot per estate or old plot) with its weight."""
    spots = [e.polygon.representative_point() for e in city.estates]
    weight = homes * np.interp(years, [1980, 2000, 2014, 2025], [1.3, 1.3, 1.2, 1.0])
    spots += [p.representative_point() for p in city.old_land]
    weight = np.concatenate([weight, [p.area * 0.012 for p in city.old_land]])
    outside = np.array([reach(spot) for spot in spots]) > OUTER
    return spots, np.where(outside, weight * OUTER_WEIGHT, weight)


def _sites(
    spots: list[Point], weight: NDArray[np.float64], count: int, rng: np.random.Generator
) -> list[int]:
    """Return spots chosen one by one where most people are still far from a facility."""
    xy = shapely.get_coordinates(spots)
    near = np.hypot(*(xy[:, None, :] - xy[None, :, :]).transpose(2, 0, 1)) < SPACING_M
    left = weight.astype(float)
    chosen: list[int] = []
    for _ in range(count):
        gain = (near @ left) * rng.uniform(0.8, 1.0, len(spots))
        gain[chosen] = -1
        best = int(np.argmax(gain))
        chosen.append(best)
        left = np.where(near[best], left * 0.05, left)
    return chosen


def _doorstep(city: City, spot: int, rng: np.random.Generator) -> tuple[Point, int | None]:
    """Return a point at an estate's gate, inside or across the pavement, or on an old plot."""
    if spot >= len(city.estates):
        return city.old_land[spot - len(city.estates)].representative_point(), None
    estate = city.estates[spot]
    heart = estate.polygon.representative_point()
    if not estate.gates:
        return heart, spot
    gate = Point(estate.gates[int(rng.integers(len(estate.gates)))])
    inside = rng.random() < 1 / 2
    step = (20 if inside else -5) / max(gate.distance(heart), 1)
    slip = rng.uniform(8, 16)
    dx, dy = heart.x - gate.x, heart.y - gate.y
    far = max(gate.distance(heart), 1)
    point = Point(gate.x + dx * step - dy / far * slip, gate.y + dy * step + dx / far * slip)
    return point, spot if point.within(estate.polygon) else None


def _served(
    point: Point, host: int | None, city: City, units: list[str | None], rng: np.random.Generator
) -> tuple[int, ...]:
    """Return the estates of the same community nearest to a facility."""
    own = lie_in_one(point, city, units)
    away = [
        (e.polygon.distance(point), n)
        for n, e in enumerate(city.estates)
        if units[n] == own and e.polygon.distance(point) < SERVED_M
    ]
    few = [n for _, n in sorted(away)[: int(rng.integers(1, 5))]]
    return tuple(sorted({*few, *([host] if host is not None else [])}))


def lie_in_one(point: Point, city: City, units: list[str | None]) -> str | None:
    """Return the community of the estate nearest to a point."""
    away = shapely.distance(np.array([e.polygon for e in city.estates], dtype=object), point)
    return units[int(np.argmin(away))]


def _outlying() -> list[Point]:
    """Return spots beyond the study, in the villages around."""
    return [ground(*at) for at in OUTLYING]


def place_facilities(city: City, homes: Whole, years: Whole, areas: Areas) -> list[Facility]:
    """Return the ninety facilities; six of them stand beyond the study's edge."""
    rng = stream("facilities")
    plan = _statuses()
    spots, weight = _demand(city, homes, years)
    units = lie_in([e.polygon.representative_point() for e in city.estates], areas)
    circle = [n for n, (sort, _) in enumerate(plan) if sort in CIRCLE]
    order = [int(n) for n in rng.permutation(circle)]
    # Working facilities were sited first; what is only planned goes to the gaps they left.
    order.sort(key=lambda n: plan[n][1] != "运营")
    chosen = _sites(spots, weight, len(order), rng)
    where = dict(zip(order, chosen, strict=True))
    free = [int(n) for n in rng.permutation(len(city.estates))]
    beyond = [n for n, (sort, _) in enumerate(plan) if sort in {"welfare_home", "mutual_aid"}]
    beyond += [n for n, (sort, _) in enumerate(plan) if sort == "care_home"][:2]
    beyond.append(next(n for n in reversed(circle) if plan[n] == ("community_station", "运营")))
    outside = dict(zip(beyond, _outlying(), strict=False))
    facilities = []
    for n, (sort, status) in enumerate(plan):
        if n in outside:
            point, host = outside[n], None
        else:
            point, host = _doorstep(city, where.get(n, free[n]), rng)
        serves: tuple[int, ...] = ()
        if sort in LINKED and n not in outside and rng.random() < LINKED_SHARE:
            serves = _served(point, host, city, units, rng)
        facilities.append(_facility(n, (sort, status), (point, host, serves), homes, areas, rng))
    return _told_apart(facilities)


def _told_apart(facilities: list[Facility]) -> list[Facility]:
    """Return the facilities with a number in the names that come up again."""
    seen: dict[str, int] = {}
    named = []
    for facility in facilities:
        count = seen[facility.name] = seen.get(facility.name, 0) + 1
        again = facility.name.replace("(模拟)", f"{count}部(模拟)")
        named.append(replace(facility, name=again if count > 1 else facility.name))
    return named


def _facility(
    number: int,
    plan: tuple[str, str],
    place: tuple[Point, int | None, tuple[int, ...]],
    homes: Whole,
    areas: Areas,
    rng: np.random.Generator,
) -> Facility:
    sort, status = plan
    point, host, serves = place
    of = SORTS[sort]
    area = float(rng.integers(of.area_m2[0], of.area_m2[1]))
    if serves:  # about half are large enough for the homes they serve
        need = 0.2 * float(homes[list(serves)].sum())
        area = float(np.clip(round(need * rng.uniform(0.55, 1.5)), 90, of.area_m2[1] * 2))
    beds = int(rng.integers(of.beds[0], of.beds[1] + 1)) if of.beds[1] else 0
    opened = None
    if status in {"运营", "停业", "挪用"}:
        opened = date(int(rng.integers(2010, 2025)), int(rng.integers(1, 13)), 1)
    unit = lie_in([point], areas)[0]
    stem = areas.names[unit].replace("(模拟)", "") if unit else f"城郊{number}号"
    if of.ending.startswith("社区"):
        stem = stem.removesuffix("社区")
    if sort == "street_centre" and unit:
        stem = areas.names[unit.split("-")[0]]
    return Facility(
        id=f"f{number + 1}",
        name=f"{stem}{of.ending}(模拟)",
        sort=sort,
        status=status,
        point=point,
        floor_area_m2=area,
        host=host,
        serves=serves,
        beds=beds,
        opened=opened,
    )


def inside_area(facilities: Sequence[Facility], homes: Whole) -> dict[int, float]:
    """Return the working, linked floor area of each estate, by households where it is shared."""
    area: dict[int, float] = {}
    for facility in facilities:
        if facility.sort not in LINKED or facility.status != "运营":
            continue
        served = facility.serves or ((facility.host,) if facility.host is not None else ())
        total = float(homes[list(served)].sum()) if served else 1.0
        for n in served:
            area[n] = area.get(n, 0.0) + facility.floor_area_m2 * float(homes[n]) / total
    return area


@dataclass(frozen=True)
class SharedRooms:
    """A confirmed pool: an estate without rooms beside a facility large enough for it too."""

    facility: str
    estates: tuple[int, ...]
    short: int


def share_rooms(
    facilities: Sequence[Facility], city: City, homes: Whole
) -> tuple[list[Facility], SharedRooms]:
    """Return the facilities with one enlarged for a neighbour, and the pool that confirms it."""
    taken = {n for f in facilities for n in (*f.serves, *((f.host,) if f.host is not None else ()))}
    middles = {
        n: e.polygon.representative_point() for n, e in enumerate(city.estates) if n not in taken
    }
    pairs = [
        (middle.distance(f.point), at, n)
        for at, f in enumerate(facilities)
        if f.sort in LINKED and f.status == "运营" and f.serves
        for n, middle in middles.items()
    ]
    _, at, short = min(pairs)
    estates = tuple(sorted((*facilities[at].serves, short)))
    need = 0.2 * float(homes[list(estates)].sum())
    larger = replace(facilities[at], floor_area_m2=float(np.ceil(need * 1.08)))
    changed = [*facilities[:at], larger, *facilities[at + 1 :]]
    return changed, SharedRooms(larger.id, estates, short)
