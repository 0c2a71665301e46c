"""Households that can hardly be right: whoever reads a verdict is told that it rests on them.

The rule is that of the reading layer, as the data report tells it; a figure that was asked back
and confirmed is doubted no more.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from analysis.columns import figures
from analysis.filling import CONFIRMED
from geo.files.several_files import FILE, Where, where_rows_stand, where_told
from geo.findings import Finding
from geo.layers import FileRead
from geo.schema import SCHEMAS
from geo.shapes.doubtful_cells import too_large

HOUSEHOLDS: Final = "households"


def doubtful_households(
    residential: pd.DataFrame, *, confirmed: Collection[Where] = ()
) -> "pd.Series[bool]":
    """Return of which estates the households can hardly be right, held to those of their file.

    confirmed
        Rows whose households somebody was asked about and confirmed.
    """
    households = figures(residential, HOUSEHOLDS)
    doubted = pd.Series(data=False, index=residential.index)
    one_file = FILE not in residential.columns
    by_file = (
        [households] if one_file
        else [own for _, own in households.groupby(residential[FILE], dropna=False)]
    )  # fmt: skip
    for own in by_file:
        doubted[own.index] = too_large(own, HOUSEHOLDS)
    if confirmed:
        told = [where in confirmed for where in where_rows_stand(residential)]
        doubted &= ~np.array(told, dtype=bool)
    return doubted


def confirmed_households(
    findings: Iterable[Finding],
    residential: pd.DataFrame | None,
    headers: Mapping[str, str],
    files: Iterable[FileRead],
) -> frozenset[Where]:
    """Return where the rows stand whose households were asked back and confirmed.

    findings
        Those of the study, as its filled cells were told of.
    headers, files
        How the layer, and each of its files, spells its columns.
    """
    if residential is None:
        return frozenset()
    spelled = {each.get(HOUSEHOLDS) for each in (headers, *(file.headers for file in files))}
    spelled.add(SCHEMAS["residential"].column(HOUSEHOLDS).chinese)
    return frozenset(
        where_told(each, residential) for each in findings
        if each.layer == "residential" and each.message.template == CONFIRMED.template
        and each.column in spelled
    )  # fmt: skip
