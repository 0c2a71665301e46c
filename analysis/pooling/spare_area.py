"""Area to spare: facilities whose floor area exceeds what the estates they serve need."""

from collections.abc import Iterable

import pandas as pd

from analysis.pooling.confirmed import Pool, pooled_estates
from analysis.provision.check import Provision


def spare_area(check: Provision, *, bound: Iterable[int], kept: pd.Series) -> pd.DataFrame:
    """Return the facilities that have area to spare, by index: spare_m2, linked, owners.

    bound
        Projects that a confirmed pool binds already: nothing of theirs is spare.
    kept
        Of each facility, whether a confirmed pool names it.

    A facility that is nobody's spares all of its area. One that is certainly its owners' spares,
    of those that pass alone, the surplus over their own need, and no more than its own part.
    """
    area = check.area
    if area is None:
        return pd.DataFrame({"spare_m2": [], "linked": [], "owners": []})
    rooms = area.rooms[area.rooms["takes_part"] & area.rooms["fit_low"].gt(0) & ~kept]
    shares = area.shared[area.shared["facility"].isin(rooms.index)]
    free = rooms.loc[~rooms.index.isin(shares["facility"]), "fit_low"]
    doubtful = shares.loc[~shares["clear"] | shares["project"].isin([*bound]), "facility"]
    shares = shares[~shares["facility"].isin(doubtful)]
    owner = check.projects.loc[shares["project"]].set_axis(shares.index)
    surplus = (owner["low"] - owner["required_high"]).where(owner["verdict"].eq("met"), 0.0)
    part = shares["fit_low"].clip(upper=surplus.clip(lower=0.0))
    lending = shares[part.gt(0)].assign(part=part)
    by_facility = lending.groupby("facility")
    linked = pd.DataFrame(
        {"spare_m2": by_facility["part"].sum(), "owners": by_facility["project"].agg(tuple)}
    )
    alone = pd.DataFrame({"spare_m2": free, "owners": [()] * len(free)})
    both = pd.concat([linked.assign(linked=True), alone.assign(linked=False)])
    return both.sort_index()


def already_pooled(
    check: Provision, residential: pd.DataFrame, pools: Iterable[Pool]
) -> tuple[int, ...]:
    """Return the projects that confirmed pools name."""
    return tuple(sorted({*pooled_estates(residential, check.project, pools).values()}))
