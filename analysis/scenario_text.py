"""A scenario as a TOML file: read, and written as the text that is read back."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.description import checked
from analysis.scenario import Scenario
from analysis.scenario_keys import unknown_key
from analysis.toml_text import has_full_width, toml_string, where_of
from geo.errors import ScenarioError
from geo.language import Message, say
from geo.reasons import why

POLE = 90.0


def read_scenario(path: Path) -> Scenario:
    """Return the scenario of a TOML file. Errors: ScenarioError naming file, key and value."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ScenarioError(say("{file}：找不到情景文件。请检查路径。", file=str(path))) from None
    except OSError as error:
        raise ScenarioError(_unreadable(path.name, why(error))) from None
    return told_scenario(content, path)


def told_scenario(content: bytes, file: Path) -> Scenario:
    """Return the scenario that the content of a file tells. Errors: as of `read_scenario`."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise ScenarioError(
            say("{file}：情景文件不是 UTF-8 编码。请另存为 UTF-8。", file=file.name)
        ) from None
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ScenarioError(_no_toml(file.name, text, where_of(error))) from None
    with checked(file, error=ScenarioError, rather=lambda problem: _rather(file, raw, problem)):
        return Scenario.model_validate(raw, context=file.name)


def _rather(path: Path, raw: Mapping[str, Any], problem: Mapping[str, Any]) -> Message | None:
    """Return a clearer line for a complaint, where there is one."""
    return unknown_key(path, Scenario, problem) or _swapped(path, raw, problem)


def _no_toml(file: str, text: str, reason: Message) -> Message:
    """Return why a text is no TOML; Chinese punctuation outside quotes is the usual cause."""
    if has_full_width(text):
        return say(
            "{file}：情景文件无法读取（{reason}）。请把全角标点改为半角（TOML 格式）。",
            file=file,
            reason=reason,
        )
    return _unreadable(file, reason)


def _unreadable(file: str, reason: Message) -> Message:
    return say(
        "{file}：情景文件无法读取（{reason}）。请按 TOML 格式改正，编码用 UTF-8。",
        file=file,
        reason=reason,
    )


def _swapped(path: Path, raw: Mapping[str, Any], problem: Mapping[str, Any]) -> Message | None:
    """Return a line for a latitude beyond the pole whose longitude would do as one, else None."""
    *within, last = problem["loc"]
    if problem["type"] not in ("less_than_equal", "greater_than_equal") or last not in ("lat", 1):
        return None
    position: Any = raw
    for key in within:
        position = position[key]
    other = position["lon" if last == "lat" else 0] if len(position) > 1 else None
    if not isinstance(other, (int, float)) or abs(other) > POLE:
        return None
    return say(
        "{file}：“{key}”的值“{value}”不是纬度。经度与纬度可能颠倒，请交换。",
        file=path.name,
        key=".".join(str(part) for part in problem["loc"]),
        value=problem["input"],
    )


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
