"""Shares in per cent that never look like a goal which is missed."""

import math
from typing import Final

STEPS: Final = 1000  # one decimal of a per cent
NOISE: Final = 1e-9


def percent_below(share: float, goal: float) -> str:
    """Return a share in per cent with one decimal, rounded down where up would reach the goal.

    goal
        What it is held against; NaN for nothing.
    """
    if share < goal - NOISE and round(share * STEPS) >= round(goal * STEPS, 6):
        return f"{math.floor(share * STEPS) / STEPS:.1%}"
    return f"{share:.1%}"


def goal_text(goal: float) -> str:
    """Return a goal in per cent with all its figures."""
    return f"{goal * 100:.10g}%"
