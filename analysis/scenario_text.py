"""A scenario as the TOML text that `read_scenario` reads back."""

from collections.abc import Mapping
from typing import Any

from analysis.scenario import Scenario
from analysis.toml_text import toml_string


def scenario_text(scenario: Scenario) -> str:
    """Return a scenario as TOML; what is not changed is not written."""
    told = scenario.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    plain = {key: value for key, value in told.items() if not _is_table(value)}
    lines = [f"{key} = {_value(value)}" for key, value in plain.items()]
    for key, value in told.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{key}]", *_pairs(value)]
        elif _is_table(value):
            for row in value:
                lines += ["", f"[[{key}]]", *_pairs(row)]
    return "\n".join(lines).strip() + "\n"


def _is_table(value: object) -> bool:
    """Return whether a value is a table, or a row of them."""
    rows = value if isinstance(value, list) and value else [value]
    return all(isinstance(row, Mapping) for row in rows)


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in table.items()]


def _value(value: object) -> str:
    """Return a text, number, flag or list as TOML writes it."""
    if isinstance(value, str):
        return toml_string(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    return repr(value)
