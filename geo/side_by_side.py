"""Work side by side: long rows in as many parts as there are cores, or one task beside others.

Kernels, numpy and shapely let go of the interpreter, so threads suffice and nothing is copied.
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


def beside(work: Callable[[], Part]) -> Callable[[], Part]:
    """Begin work in a thread of its own; return what waits for its outcome and gives it.

    What goes wrong in the work is raised where its outcome is asked for.
    """
    pool = ThreadPoolExecutor(1)
    outcome = pool.submit(work)
    pool.shutdown(wait=False)  # the thread ends with its work
    return outcome.result
