"""Who relies on one single facility, and what the closing of each would cost.

Whoever has exactly one facility within the limit relies on it, and is who its closing would cost.
Only a facility that alone makes a small piece of street one to be stepped onto costs otherwise:
without it, people there step onto another street. All are people aged 60+ in the scope of the
headline (without rural places), exact: an estate counts by its share of cells.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.coverage.table import OUTSIDE
from analysis.what_if.elders import Elders
from analysis.what_if.live import Live
from geo.streets.network import Floats, Ints


@dataclass(frozen=True, eq=False)
class Reliance:
    """People aged 60+ with a single facility within the limit.

    covered_60plus, relying_60plus
        Of the whole study.
    facilities
        Those that count, the dearest to close first, equals by id: `facility_id, name`;
        `within_60plus` (within the limit of it, and perhaps of others); `relying_60plus` (of it
        alone); `share_relying` (of within_60plus, empty where nobody is); `lost_60plus` (covered
        now and not if it closed, less those covered only then); `without_any_60plus` (covered
        now, and without any facility within the horizon if it closed).
    streets
        In file order, those in none last as `OUTSIDE`: `area_id, name, covered_60plus,
        relying_60plus`, `share_relying` (of covered_60plus).
    """

    covered_60plus: float
    relying_60plus: float
    facilities: pd.DataFrame
    streets: pd.DataFrame

    @property
    def share_relying(self) -> float | None:
        """Return the part of the covered people who rely on one facility; None without any."""
        return self.relying_60plus / self.covered_60plus if self.covered_60plus > 0 else None


def reliance(live: Live) -> Reliance:
    """Return who relies on one facility alone, as things stand now."""
    reached, people = live.now.reached, live.elders.at_points()
    near, only = _times(reached.points, len(people))
    rows = reached.standing.within(reached.spots, limit_mm=reached.horizon_mm)
    far, _ = _times(rows, len(people))
    alone = near == 1
    relying, last = (np.where(which, people, 0.0) for which in (alone, alone & (far == 1)))
    covered = np.where(near > 0, people, 0.0)
    table = pd.DataFrame(
        {
            "facility_id": reached.facilities["id"].to_numpy(),
            "name": words(reached.facilities, "name").fillna("").to_numpy(),
            "within_60plus": [float(people[points].sum()) for points in reached.points],
            "relying_60plus": np.bincount(only, relying, minlength=len(rows))[: len(rows)],
        }
    )
    table["share_relying"] = _parts(table["relying_60plus"], table["within_60plus"])
    table["lost_60plus"] = table["relying_60plus"]
    table["without_any_60plus"] = np.bincount(only, last, minlength=len(rows))[: len(rows)]
    _correct(table, live, covered)
    order = np.lexsort((table["facility_id"].astype(str), -table["lost_60plus"]))
    return Reliance(
        float(covered.sum()),
        float(relying.sum()),
        table.take(order).reset_index(drop=True),
        _by_street(live.elders, covered, relying),
    )


def _correct(table: pd.DataFrame, live: Live, covered: Floats) -> None:
    """Write what closing those costs that keep streets to be stepped onto: by closing them."""
    people = live.elders.at_points()
    for facility in live.standings.keepers(live.study):
        here = table["facility_id"] == facility
        if not here.any():
            continue
        then = live.outcome(live.without(facility)).reached
        rows = then.standing.within(then.spots, limit_mm=then.horizon_mm)
        any_, _ = _times(rows, len(people))
        table.loc[here, "lost_60plus"] = covered.sum() - people[then.within].sum()
        table.loc[here, "without_any_60plus"] = covered[any_ == 0].sum()


def _times(rows: list[Ints], points: int) -> tuple[Ints, Ints]:
    """Return how many facilities reach each point, and one of them; 0 for none."""
    point = np.concatenate([np.zeros(0, dtype=np.int64), *rows])
    facility = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    one = np.zeros(points, dtype=np.int64)
    one[point] = facility
    return np.bincount(point, minlength=points), one


def _by_street(elders: Elders, covered: Floats, relying: Floats) -> pd.DataFrame:
    """Return both figures of each street, and of what lies in none."""
    streets, street = elders.streets()
    row = np.where(street < 0, len(streets), street)
    figures = {
        name: np.bincount(row, people, minlength=len(streets) + 1)
        for name, people in {"covered_60plus": covered, "relying_60plus": relying}.items()
    }
    ids, names = [*streets["id"].astype(str), OUTSIDE], [*streets["name"], ""]
    table = pd.DataFrame({"area_id": ids, "name": names, **figures})
    return table.assign(share_relying=_parts(table["relying_60plus"], table["covered_60plus"]))


def _parts(part: "pd.Series[float]", whole: "pd.Series[float]") -> Floats:
    """Return shares, NaN where there is nothing to divide by."""
    some, all_ = part.to_numpy(dtype=float), whole.to_numpy(dtype=float)
    shares: Floats = np.divide(some, all_, out=np.full(len(all_), np.nan), where=all_ > 0)
    return shares
