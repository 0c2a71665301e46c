"""Which area a place is told under: one answer for the page's cards and for the papers."""

from typing import Final
from weakref import WeakKeyDictionary

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.coverage.areas import by_level, place_points, whereabouts
from analysis.coverage.table import OUTSIDE
from analysis.evaluation import Evaluation
from analysis.study import Study

# Papers ask it of every street; an evaluation does not change, and goes when nobody looks at it.
_STREETS: Final[WeakKeyDictionary[Evaluation, pd.Series]] = WeakKeyDictionary()


def area_of(
    evaluation: Evaluation, geometry: gpd.GeoSeries, level: str, *, column: str = "name"
) -> list[str]:
    """Return what a column of the boundaries says of the area that holds each place.

    Empty where none of that level does, and where the column says nothing.
    """
    return area_in(evaluation.study, geometry, level, column=column)


def area_in(
    study: Study, geometry: gpd.GeoSeries, level: str, *, column: str = "name"
) -> list[str]:
    """Return what `area_of` does of a study that nobody has evaluated yet."""
    boundaries = study.layer("boundaries")
    areas = dict(by_level(boundaries)).get(level)
    if areas is None:
        return [""] * len(geometry)
    at = whereabouts(place_points(geometry), boundaries).area[level]
    told = np.append(words(areas, column).fillna("").to_numpy(dtype=object), "")
    return [str(each) for each in told[at]]


def street_names(evaluation: Evaluation) -> dict[str, str]:
    """Return what each street is called, by its id in file order: no two are called the same.

    Where a name repeats its county stands before it, and its id behind it where that is not enough.
    """
    streets = dict(by_level(evaluation.study.layer("boundaries"))).get("street")
    if streets is None:
        return {}
    ids, names = streets["id"].astype(str), words(streets, "name").fillna("")
    repeated = names.duplicated(keep=False)
    if repeated.any():
        counties = pd.Series(area_of(evaluation, streets.geometry, "county"), index=names.index)
        names = names.where(~repeated, counties + names)
        names = names.where(~names.duplicated(keep=False), names + "（" + ids + "）")
    return dict(zip(ids, names, strict=True))


def street_of_estates(evaluation: Evaluation) -> pd.Series:
    """Return the id of the street of every estate, by the estate's id; `OUTSIDE` for none.

    The street that its own row names, as the lists of estates have it; where the row names none, or
    a name that several streets bear, the one in which it lies.
    """
    found = _STREETS.get(evaluation)
    if found is None:
        found = _STREETS[evaluation] = _streets_of_estates(evaluation)
    return found.copy()


def _streets_of_estates(evaluation: Evaluation) -> pd.Series:
    estates = evaluation.study.layer("residential")
    if estates is None:
        return pd.Series(dtype=object)
    lies = pd.Series(area_of(evaluation, estates.geometry, "street", column="id"))
    streets = dict(by_level(evaluation.study.layer("boundaries"))).get("street")
    if streets is not None:
        own = streets.loc[~streets["name"].duplicated(keep=False)].set_index("name")["id"]
        named = words(estates, "street").reset_index(drop=True).map(own)
        lies = named.where(named.notna(), lies)
    ids = lies.where(lies.ne(""), OUTSIDE).to_numpy(dtype=object)
    return pd.Series(ids, index=estates["id"].to_numpy(dtype=object))
