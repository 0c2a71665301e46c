"""Whole figures whose parts still add up: rounding by largest remainder."""

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

# Sums of shares carry float noise; a figure this close to a whole number is that number.
NOISE_DECIMALS = 9


def nearest_whole(value: float) -> int:
    """Return `value` rounded to a whole number, halves up."""
    return math.floor(round(value, NOISE_DECIMALS) + 0.5)


def largest_remainder(parts: Floats, total: int, *, at_most: Whole | None = None) -> Whole:
    """Return whole numbers near `parts` that add up to `total` exactly.

    parts
        Known figures, zero or more. Equal remainders: the earlier part is rounded up first.
    total
        What they shall add up to; with `nearest_whole` of their sum, parts that are whole
        already stay as they are.
    at_most
        The most each part may become, for example the people of an area of whom these are the
        covered ones.

    Raises ValueError where no such numbers exist.
    """
    clean = np.round(np.asarray(parts, dtype=np.float64), NOISE_DECIMALS)
    limit = np.full(len(clean), max(total, 0)) if at_most is None else at_most
    if not 0 <= total <= limit.sum():
        msg = f"{total} cannot be the total of {len(clean)} parts of at most {limit.sum()}"
        raise ValueError(msg)
    result = np.minimum(np.floor(clean).astype(np.int64), limit)
    remainder = np.round(clean - result, NOISE_DECIMALS)
    upwards = np.argsort(-remainder, kind="stable")
    while (gap := total - int(result.sum())) > 0:
        result[[k for k in upwards if result[k] < limit[k]][:gap]] += 1
    while (gap := int(result.sum()) - total) > 0:
        result[[k for k in upwards[::-1] if result[k] > 0][:gap]] -= 1
    return result
