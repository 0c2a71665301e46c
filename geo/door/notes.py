"""Findings and refusals as plain JSON, so that they can cross to another process or be kept.

What comes back is text and numbers only: a template whose fields are anything but plain names is
never put into words.
"""

import re
import string
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from geo.findings import Finding
from geo.language import Message

# Nothing wider: "{x:999999999}" alone would fill the memory.
_FORM = re.compile(r",?(\.\d{1,2})?[a-z%]?")
_FIELDS = {field.name for field in fields(Finding)}


def noted(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain JSON values, every field of it."""
    return {name: plain(getattr(finding, name)) for name in _FIELDS}


def told(note: Any) -> Finding:  # noqa: ANN401 - whatever JSON can hold
    """Return the finding that was noted. Errors: ValueError where it is none."""
    if not isinstance(note, dict) or set(note) != _FIELDS:
        raise ValueError
    return Finding(**{name: said(value) for name, value in note.items()})


def plain(value: object) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Return a value of a message or a finding as JSON has it; a message as its parts."""
    if isinstance(value, Message):
        values = {name: plain(each) for name, each in value.values.items()}
        return {"template": value.template, "values": values}
    if isinstance(value, np.generic):
        return value.item()
    return value if value is None or isinstance(value, str | int | float) else str(value)


def said(note: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Return the value that was noted. Errors: ValueError for a template that is none."""
    if not isinstance(note, dict):
        return note
    template, values = note.get("template"), note.get("values")
    if not isinstance(template, str) or not isinstance(values, dict):
        raise ValueError  # noqa: TRY004 - the note is wrong, not the caller
    if not all(_plain_field(*part) for part in string.Formatter().parse(template)):
        raise ValueError
    message = Message(template, {str(name): said(each) for name, each in values.items()})
    try:
        str(message)
    except (KeyError, IndexError, TypeError):
        raise ValueError from None
    return message


def messages(notes: Sequence[Any]) -> list[Message]:
    """Return the messages that were noted. Errors: ValueError where one is none."""
    found = [said(note) for note in notes]
    if not all(isinstance(each, Message) for each in found):
        raise ValueError
    return found


def _plain_field(_text: str, name: str | None, form: str | None, conversion: str | None) -> bool:
    """Tell whether a field of a template is a plain name, shown in a plain form."""
    if name is None:
        return True
    return name.isidentifier() and not conversion and _FORM.fullmatch(form or "") is not None
