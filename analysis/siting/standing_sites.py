"""Facilities that stand and may change: given up for a better site, or rebuilt to count."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import figures, words
from analysis.evaluation import Evaluation
from analysis.walking.placing import facility_points
from geo.errors import SitingError
from geo.language import say

ALL = "all"
KEPT, UPGRADED = "kept", "upgraded"


def standing_sites(
    evaluation: Evaluation, may_close: Sequence[str], may_upgrade: Sequence[str]
) -> gpd.GeoDataFrame:
    """Return the facilities that a search may give up or rebuild, as candidates; may be empty.

    `stands` tells which of the two each is. Keeping costs nothing; what rebuilding takes is the
    facility's own `cost_wan`, NaN where nobody has said.

    Errors: SitingError for ids that are no such facilities.
    """
    facilities = evaluation.study.layer("facilities")
    empty = gpd.GeoDataFrame({"id": [], "stands": []}, geometry=[], crs=evaluation.study.crs)
    if facilities is None:
        if may_close or may_upgrade:
            raise SitingError(say("研究中没有设施，没有可以关闭或改建的。"))
        return empty
    counted = facilities["id"].isin(evaluation.counted)
    somewhere = ~(facilities.geometry.isna() | facilities.geometry.is_empty)
    closable = _named(facilities[counted], may_close, "--may-close")
    upgradable = _named(facilities[~counted & somewhere], may_upgrade, "--may-upgrade")
    chosen = pd.concat([closable, upgradable])
    if chosen.empty:
        return empty
    kept = np.arange(len(chosen)) < len(closable)
    counts = evaluation.study.description.walking.categories
    category = words(chosen, "category")
    return gpd.GeoDataFrame(
        {
            "id": words(chosen, "id").array,
            "name": words(chosen, "name").array,
            "kind": "",
            "category": category.where(category.isin(counts), counts[0]).array,
            "area_m2": figures(chosen, "floor_area_m2").to_numpy(),
            "beds": figures(chosen, "beds").to_numpy(),
            "cost_wan": np.where(kept, 0.0, figures(chosen, "cost_wan")),
            "floor": words(chosen, "floor").array,
            "lift": chosen["lift"].array if "lift" in chosen else None,
            "stands": np.where(kept, KEPT, UPGRADED),
        },
        geometry=facility_points(chosen),
        crs=evaluation.study.crs,
    )


def _named(
    facilities: gpd.GeoDataFrame, wanted: Sequence[str], option: str
) -> gpd.GeoDataFrame:
    if list(wanted) == [ALL]:
        return facilities
    unknown = [name for name in wanted if name not in {*facilities["id"]}]
    if unknown:
        raise SitingError(
            *(
                say(
                    "{option} 的“{name}”不是{kind}的设施。请核对编号。",
                    option=option,
                    name=name,
                    kind=say("计入服务圈") if option == "--may-close" else say("尚未计入服务圈"),
                )
                for name in unknown
            )
        )
    return facilities[facilities["id"].isin([*wanted])]
