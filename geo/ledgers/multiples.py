"""Figures written in hundreds or more (0.5万) that go far beyond the others of their column."""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MULTIPLE = re.compile(r"[0-9０-９][百千万萬亿]")
_FAR = 10


def far_beyond(
    values: NDArray[Any], numbers: NDArray[np.float64], changed: Iterable[int]
) -> list[int]:
    """Return which changed cells are written in a multiple, and all others below a tenth of it.

    Nobody counts the homes of an estate in 万 where its neighbours have so few.
    """
    written = [at for at in changed if _MULTIPLE.search(str(values[at]))]
    plain = np.delete(numbers, written) if written else numbers[:0]
    greatest = np.nanmax(plain) if not np.isnan(plain).all() else np.inf
    return [at for at in written if numbers[at] > _FAR * greatest]
