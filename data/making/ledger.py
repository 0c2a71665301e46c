# ruff: noqa: PLR2004 - chances and years of a simulation read best where they are drawn
"""The residential ledger: what offices know, and fail to know, about every estate."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from making.areas import Areas
from making.care import Facility, SharedRooms, inside_area
from making.city import City
from making.naming import estate_names
from making.terrain import stream
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Rooms = tuple[str | None, str | None, str | None, str | None]  # area, basis, status, planned

STUDY_YEAR = 2025
NOTE = "模拟数据"
# What is written where the number of homes should stand: by row of the file.
ODD_HOMES = {
    17: "约{about}户", 63: "{commas}户", 118: "", 171: "", 240: "待核实", 305: "{wide}", 411: "",
    498: "约{about}户",
}  # fmt: skip
ODD_AREAS = {29: "待核实", 77: "350㎡", 203: "约200", 350: "１８０.５", 422: "260平方米"}
PHASES = ("一期", "二期", "三期", "四期")
PROJECTS = 26


@dataclass(frozen=True)
class Homes:
    """Households and completion years of the estates, in their order."""

    households: Whole
    years: Whole


def _text(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _rooms_of_new(homes: int, rng: np.random.Generator) -> Rooms:
    """Return the care rooms of an estate since 2014."""
    luck = rng.random()
    need = 0.2 * homes
    if luck < 0.05:
        return None, None, None, None
    if luck < 0.24:
        planned = _text(round(need * rng.uniform(0.9, 1.2))) if rng.random() < 0.4 else None
        return "0", "建筑面积", None, planned
    ratio = rng.uniform(1.0, 1.3) if luck < 0.72 else rng.uniform(0.25, 0.97)
    chances = [0.74, 0.08, 0.07, 0.08, 0.03]
    status = str(rng.choice(["已投用", "在建", "规划", "挪用", "停用"], p=chances))
    basis = str(rng.choice(["建筑面积", "使用面积", ""], p=[0.95, 0.03, 0.02])) or None
    return _text(round(need * ratio, 1)), basis, status, None


def _rooms_of_old(homes: int, year: int, rng: np.random.Generator) -> Rooms:
    """Return the care rooms of an estate from before 2014: mostly none."""
    luck = rng.random()
    some = 0.30 if year >= 2000 else 0.14
    if luck < some:
        area = _text(round(0.2 * homes * rng.uniform(0.3, 1.3), 1))
        status = str(rng.choice(["已投用", "挪用", "停用"], p=[0.82, 0.11, 0.07]))
        return area, "使用面积" if rng.random() < 0.06 else "建筑面积", status, None
    if luck < some + 0.11:
        return None, None, None, None
    return "0", "建筑面积", None, None


def _rooms(
    homes: Homes, facilities: Sequence[Facility], pool: SharedRooms, rng: np.random.Generator
) -> list[Rooms]:
    """Return the care rooms of every estate; those of linked facilities mostly agree."""
    linked = inside_area(facilities, homes.households)
    rooms = []
    for n, (count, year) in enumerate(zip(homes.households, homes.years, strict=True)):
        own: Rooms
        if year > STUDY_YEAR:
            own = (None, None, "在建", _text(round(0.2 * int(count) * rng.uniform(0.8, 1.2))))
        elif year >= 2014:
            own = _rooms_of_new(int(count), rng)
        else:
            own = _rooms_of_old(int(count), int(year), rng)
        luck = rng.random()
        if n in linked and luck < 0.78:
            own = (_text(round(linked[n], 1)), "建筑面积", "已投用", None)
        elif n in linked and luck < 0.90:
            own = (None, None, None, None)
        elif n in linked:  # the ledger and the facility list contradict each other
            own = (
                _text(round(linked[n] * float(rng.choice([0.45, 1.9])), 1)),
                "建筑面积",
                "已投用",
                None,
            )
        if n == pool.short:
            own = ("0", "建筑面积", None, None)
        elif n in pool.estates:
            own = (_text(round(linked[n], 1)), "建筑面积", "已投用", None)
        rooms.append(own)
    return rooms


def _day(year: float) -> str:
    month = int(year % 1 * 12) + 1
    return f"{int(year)}-{month:02d}-{int(year * 997 % 27) + 1:02d}"


def _dates(year: int, rng: np.random.Generator) -> dict[str, str | None]:
    """Return the dates of an estate's making; old ones have a year only."""
    done = year + rng.uniform(0.2, 0.95)
    dates: dict[str, str | None] = dict.fromkeys(("规划条件", "出让", "许可", "建成年份", "交付"))
    if year >= 2004:
        start = done - rng.uniform(2.4, 4.2)
        dates |= {"出让": _day(start + 0.35), "许可": _day(start + 0.8)}
        if year >= 2012 or rng.random() < 0.5:
            dates["规划条件"] = _day(start)
    if year <= STUDY_YEAR:
        dates["建成年份"] = _day(done) if year >= 2012 else str(year)
        if year >= 2008 and rng.random() < 0.9:
            dates["交付"] = _day(min(done + rng.uniform(0.05, 0.4), 2025.98))
    return dates


def _projects(city: City, years: Whole) -> dict[int, tuple[str, str]]:
    """Return project and phase of estates built one after the other in one superblock."""
    by_block: dict[int, list[int]] = {}
    for n, estate in enumerate(city.estates):
        if years[n] >= 2008 and not estate.old:
            by_block.setdefault(estate.block, []).append(n)
    many = [
        sorted(group, key=lambda n: (years[n], n)) for group in by_block.values() if len(group) > 1
    ]
    order = stream("projects").permutation(len(many))[:PROJECTS]
    return {
        n: (f"XM{at + 1:03d}", PHASES[phase])
        for at, pick in enumerate(sorted(order))
        for phase, n in enumerate(many[int(pick)][:3])
    }


def _delivered(homes: int, year: int, rng: np.random.Generator) -> str | None:
    if year > STUDY_YEAR:
        part = float(rng.choice([0, 0, 0.3, 0.6]))
        return str(int(homes * part))
    return str(homes) if year >= 2008 else None


def residential_ledger(
    city: City, homes: Homes, care: tuple[Sequence[Facility], SharedRooms], areas: Areas
) -> pd.DataFrame:
    """Return the ledger of the estates in their order, all cells as an office types them."""
    rng = stream("ledger")
    names = estate_names(homes.years.tolist())
    projects = _projects(city, homes.years)
    rooms = _rooms(homes, *care, rng)
    rows = []
    for n, estate in enumerate(city.estates):
        count, year = int(homes.households[n]), int(homes.years[n])
        project, phase = projects.get(n, (None, None))
        name = names[n] if phase is None else f"{names[_head(n, projects)]}{phase}"
        area, basis, status, planned = rooms[n]
        rows.append(
            {
                "id": f"r{n + 1}",
                "project_id": project,
                "小区名称": name,
                "户数": _typed(n, count),
                "分期": phase,
                "kind": "新建" if year >= 2014 else None if n % 151 == 150 else "已建成",
                "封闭": "是" if estate.gated else "否",
                "已交付户数": _delivered(count, year, rng),
                **_dates(year, rng),
                "养老用房面积": ODD_AREAS.get(n, area),
                "care_area_basis": "建筑面积" if n in ODD_AREAS else basis,
                "care_status": "已投用" if n in ODD_AREAS else status,
                "care_planned_m2": planned,
                "街道": areas.names[areas.street[estate.block]],
                "社区": areas.names[areas.community[estate.block]],
                "备注": NOTE,
            }
        )
    return pd.DataFrame(rows)


def _typed(estate: int, homes: int) -> str | None:
    """Return the number of homes as the office typed it."""
    wide = str(homes).translate({ord("0") + n: ord("０") + n for n in range(10)})
    text = ODD_HOMES.get(estate, "{plain}")
    commas = f"{homes:,}".replace(",", "，")
    return text.format(about=round(homes, -1), commas=commas, wide=wide, plain=homes) or None


def _head(estate: int, projects: dict[int, tuple[str, str]]) -> int:
    """Return the first estate of the same project, which lends its name to all phases."""
    project = projects[estate][0]
    return min(n for n, (of, _) in projects.items() if of == project)
