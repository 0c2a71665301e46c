"""Compiled work on long rows, cut in as many parts as there are cores.

The kernels let go of the interpreter, so threads suffice and nothing is copied.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TypeVar

Part = TypeVar("Part")


def side_by_side(work: Callable[[int, int], Part], count: int, *, worth: int) -> list[Part]:
    """Return what `work(first, stop)` gives for the parts of `count` rows, in order.

    worth
        Rows below which a part of its own does not pay.
    """
    parts = max(1, min(os.cpu_count() or 1, count // worth))
    bounds = list(pairwise(count * part // parts for part in range(parts + 1)))
    if parts == 1:
        return [work(*bounds[0])]
    with ThreadPoolExecutor(parts) as pool:
        return list(pool.map(lambda part: work(*part), bounds))
