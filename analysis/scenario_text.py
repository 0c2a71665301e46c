"""A scenario written as the TOML file that describes it."""

from collections.abc import Mapping
from typing import Any

from analysis.scenario import Scenario
from analysis.toml_text import toml_string


def scenario_text(scenario: Scenario) -> str:
    """Return the TOML that `read_scenario` reads as the same scenario."""
    told = scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    flat = {key: value for key, value in told.items() if not _is_table(value)}
    parts = [_lines(flat)]
    for key, value in told.items():
        if isinstance(value, dict):
            parts.append(f"[{key}]\n{_lines(value)}")
        elif _is_table(value):
            parts += [f"[[{key}]]\n{_lines(each)}" for each in value]
    return "\n".join(part for part in parts if part)


def _is_table(value: object) -> bool:
    """Return whether a value is written under a heading of its own."""
    listed = isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    return isinstance(value, dict) or listed


def _lines(values: Mapping[str, Any]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in values.items())


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return toml_string(value)
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    return repr(value)
