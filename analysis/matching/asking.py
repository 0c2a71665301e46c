"""What the rows of a layer ask for, and which of them ask for the same."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.columns import names_in, words
from analysis.coverage.areas import Flags, by_level, place_points
from analysis.matching.area_streets import Streets
from analysis.matching.links import (
    NOT_LISTED,
    OWNER,
    PEOPLE,
    Layers,
    Link,
    reader,
    standing_in,
    study_areas,
)
from analysis.matching.names import named_street
from analysis.placing.lookup import without_place
from geo.files.several_files import FILE

KEY: Final = ["name", "street", "in_file"]
"""Rows that write the same and agree in these are asked about once."""


def told_rows(layers: Layers, link: Link) -> gpd.GeoDataFrame:
    """Return every name that a row of the layer of a link writes, in order.

    Columns: name; at, the position of the row; row and file, as findings name them; row_id,
    row_name; street, as the row or the boundaries have it, where a link asks by street; guessed,
    whether it is that of a row above; in_file, the file in which an answer holds; geometry. Texts
    are empty where nothing is known.
    """
    frame = layers[link.layer].reset_index(drop=True)
    told, street = _names(frame, link), _street(layers, frame, link)
    guessed = street.ne("") & words(frame, "street").isna()
    at = told.index.to_numpy()
    asking = frame.iloc[at]
    empty = pd.Series(pd.NA, index=frame.index, dtype="Int64")
    file = words(asking, FILE).fillna("")
    street = street.iloc[at]
    return gpd.GeoDataFrame(
        {
            "name": told.to_numpy(),
            "at": at,
            "row": frame.get("row", empty).astype("Int64").iloc[at].to_numpy(),
            "file": file.to_numpy(),
            "street": street.to_numpy(),
            "guessed": _says_no_street(layers, told) & guessed.iloc[at].to_numpy(dtype=bool)
            if link == PEOPLE else False,
            "in_file": file.where(street.eq("") & link.by_street, "").to_numpy(),
            "row_id": words(asking, "id").fillna("").to_numpy(),
            "row_name": words(asking, "name").fillna("").to_numpy(),
        },
        geometry=asking.geometry.to_numpy(),
        crs=frame.crs,
    )


def _says_no_street(layers: Layers, told: "pd.Series[str]") -> Flags:
    """Return which names of areas say no street themselves."""
    read = reader(PEOPLE, study_areas(layers))
    return np.array([named_street(read(name)) is None for name in told], dtype=bool)


def _names(frame: gpd.GeoDataFrame, link: Link) -> "pd.Series[str]":
    """Return the names that rows write, by the position of the row."""
    if link.by_row:
        told = names_in(frame, link.column)
    elif link == PEOPLE:  # whoever has a place asks for none
        told = _called(frame)[without_place(frame)].dropna()
    else:
        told = words(frame, link.column).dropna()
    told = told.str.strip().str.removesuffix(NOT_LISTED)
    return told[told.ne("")]


def _called(people: pd.DataFrame) -> "pd.Series[str]":
    """Return the name of each row of people; one without a name is called by its street."""
    return words(people, PEOPLE.column).fillna(words(people, "street"))


def _street(layers: Layers, frame: gpd.GeoDataFrame, link: Link) -> "pd.Series[str]":
    """Return the street of each row; empty where unknown, or where no link asks for it."""
    street = words(frame, "street").str.strip()
    if link == OWNER:  # an entrance says no street, but lies in one
        areas = dict(by_level(layers.get("boundaries"))).get("street")
        if areas is not None:
            name = words(areas, "name").reset_index(drop=True)
            at = standing_in(frame, areas).area
            street = pd.Series(at).where(at >= 0).map(name).astype("str")
    elif link == PEOPLE:
        street = _told_above(layers, frame, street).mask(words(frame, PEOPLE.column).isna())
    elif not link.by_street:
        street = street.mask(street.notna())
    return street.fillna("")


def _told_above(
    layers: Layers, frame: gpd.GeoDataFrame, street: "pd.Series[str]"
) -> "pd.Series[str]":
    """Return the streets of rows of people, guessed from the one told above where a cell is empty.

    Offices write a street once, before its communities. So it is guessed where nothing speaks
    against it: in a file whose first row tells a street, that tells each only once, and in which no
    community says by its name that it is of another.
    """
    file = words(frame, FILE).fillna("")
    above = street.groupby(file).ffill()
    once_each = ~street.where(street.notna(), None).groupby(file).transform(
        lambda told: told.dropna().duplicated().any()
    ).astype(bool)  # fmt: skip
    led = street.groupby(file).transform("first").notna() & above.notna().groupby(file).transform(
        "all"
    )
    read = reader(PEOPLE, study_areas(layers))
    said = [
        None if pd.isna(name) else named_street(read(name))
        for name in words(frame, PEOPLE.column)
    ]
    streets = Streets(layers.get("boundaries")).named(above)
    torn = pd.Series(
        [one is not None and two is not None and one != two
         for one, two in zip(said, streets, strict=True)], index=frame.index,
    )  # fmt: skip
    sound = once_each & led & ~torn.groupby(file).transform("any")
    return street.where(~sound, above)


def asked_by_rows(layers: Layers, link: Link) -> gpd.GeoDataFrame:
    """Return what the rows of a layer ask for: as `told_rows`, rows that share an answer once."""
    told = told_rows(layers, link)
    return told if link.by_row else once(told)


def once(told: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return each name once, by its first row, standing at all places where it is written."""
    if told.empty:
        return told
    code = told.groupby(KEY, sort=False).ngroup().to_numpy()
    first = told.drop_duplicates(KEY, ignore_index=True).assign(row_id="", row_name="")
    shapes = place_points(told.geometry)
    known = ~shapely.is_missing(shapes)
    order = np.flatnonzero(known)[np.argsort(code[known], kind="stable")]
    together = np.full(len(first), None, dtype=object)
    there = np.unique(code[known])
    if len(there):
        groups = np.split(shapes[order], np.flatnonzero(np.diff(code[order])) + 1)
        together[there] = [shapely.multipoints([*group]) for group in groups]
    return first.set_geometry(gpd.GeoSeries(together, crs=told.crs))
