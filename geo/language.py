"""Words in two languages: Chinese is written in the code, English stands in a catalogue.

A text that users read is a `Message`: the Chinese template and its values. It is put into words
only when it is shown, so one finding can be read in either language.
"""

import gettext
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

# How the parts of a joined message begin, and what stands between them in English.
_FIRST = "{part0}"
_SEPARATORS = str.maketrans({"；": "; ", "、": ", ", "，": ", "})
CATALOGUES = Path(__file__).resolve().parent.parent / "locales"

_language: ContextVar[str] = ContextVar("language", default="zh")


@dataclass(frozen=True)
class Message:
    """A sentence for the user: a Chinese template and the values that fill it."""

    template: str
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        """Return the sentence in the language now spoken."""
        if not self.template:  # by that the catalogue calls its own head
            return ""
        template = translate(self.template)
        if _language.get() == "zh":
            return template.format(**self.values)
        if template.startswith(_FIRST):
            template = template.translate(_SEPARATORS)
        return _ENGLISH.vformat(template, (), self.values)


class _English(Formatter):
    """Fill an English template.

    `{n} {n:estate|estates}` says which word a number takes; `{cost:wan}` tells money that Chinese
    counts in ten thousands (万元).
    """

    def format_field(self, value: object, format_spec: str) -> str:
        if format_spec == "wan":
            return _yuan(f"{value:.1f}" if isinstance(value, float) else str(value))
        one, bar, more = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return one if str(value) == "1" else more


def _yuan(wan: str) -> str:
    """Return money as English counts it: not a digit more or less than was printed."""
    try:
        yuan = Decimal(wan.replace(",", "")).scaleb(4)
    except InvalidOperation:
        return wan  # a dash, where nobody knows
    millions = yuan.scaleb(-6)
    if millions < 1:
        return f"{yuan.normalize():,f} yuan"
    return f"{millions.normalize():,f} million yuan"


_ENGLISH = _English()


def say(template: str, /, **values: object) -> Message:
    """Return a message; `template` is Chinese and is looked up in the catalogue when shown."""
    return Message(template, MappingProxyType(values))


def joined(separator: str, *parts: Message | str) -> Message:
    """Return the parts as one message; each is put into words when the whole is shown."""
    names = [f"part{number}" for number in range(len(parts))]
    template = separator.join(f"{{{name}}}" for name in names)
    return Message(template, MappingProxyType(dict(zip(names, parts, strict=True))))


def translate(text: str) -> str:
    """Return `text` in the language now spoken; Chinese is the text itself."""
    language = _language.get()
    return text if language == "zh" else _catalogue(language).gettext(text)


def headed(words: object) -> str:
    """Return words as they stand alone, as a heading or on a button: the first letter large."""
    text = str(words)
    return text[:1].upper() + text[1:]


def speak(language: str) -> None:
    """Set the language of this context (a terminal run, a browser session): `zh` or `en`."""
    _language.set("en" if language == "en" else "zh")


def spoken() -> str:
    """Return the language now spoken: `zh` or `en`."""
    return _language.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language for the length of a block."""
    token = _language.set("en" if language == "en" else "zh")
    try:
        yield
    finally:
        _language.reset(token)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    # The .po file is what people edit; compiling it on first use spares a build step on Windows.
    source = CATALOGUES / language / "LC_MESSAGES" / "carecircle.po"
    if not source.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
