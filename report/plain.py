"""Values as plain JSON: no NumPy, no NaN; what is unknown is null."""

import math
from typing import Any

import pandas as pd


def plain_json(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the value as plain JSON: no NumPy, no NaN."""
    if isinstance(value, dict):
        return {str(key): plain_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_json(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return None if value is pd.NA else value
