"""The English catalogue: whole, true to the Chinese templates, and nothing more than needed."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import NamedTuple

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from geo.language import CATALOGUES, say, speaking

ROOT = Path(__file__).resolve().parent.parent
SPEAKING = ("geo", "analysis", "report", "ui", "bench")
CATALOGUE = CATALOGUES / "en" / "LC_MESSAGES" / "carecircle.po"
LATER = "**"
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
ROW_IN_CHINESE = re.compile(r"第 \{(\w+)\} 行")
# Chinese that an English reader needs as it stands: headers as Chinese ledgers spell them,
# a place as OpenStreetMap knows it, and what is written into a form whose headers are Chinese.
CHINESE_IN_ENGLISH = (
    "(运营状态)", "(服务小区)", "“红山区, 赤峰市”", "“确认”", "“都不是” (none)",
)


class Call(NamedTuple):
    """One `say(...)` or `translate(...)`: where it stands, its template, the values it gives."""

    where: str
    speaker: str
    template: str | None
    values: frozenset[str]


def sources() -> list[Path]:
    """Return the files whose words users read."""
    inside = [path for folder in SPEAKING for path in sorted((ROOT / folder).rglob("*.py"))]
    # geo.language hands templates on; it holds none.
    inside.remove(ROOT / "geo" / "language.py")
    return [*inside, *sorted(ROOT.glob("cli*.py")), ROOT / "app.py"]


def extracted() -> Iterator[tuple[str, str]]:
    """Yield each template and where it stands, as babel finds it."""
    for path in sources():
        found = extract_from_file("python", path, keywords={"say": None, "translate": None})
        for line, template, _, _ in found:
            yield str(template), f"{path.relative_to(ROOT).as_posix()}:{line}"
    yield from ledger_names()


def ledger_names() -> Iterator[tuple[str, str]]:
    """Yield what the bundled rule packs call the lines of the indicator ledger."""
    for path in sorted((ROOT / "analysis" / "rules").glob("*.toml")):
        for rule in tomllib.loads(path.read_text(encoding="utf-8"))["rules"]:
            if "name" in rule:
                yield rule["name"], path.relative_to(ROOT).as_posix()


def calls() -> Iterator[Call]:
    """Yield each call as Python reads it; a template that is no literal is None."""
    for path in sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        # A constant of the module may get its values where it is used.
        constants = {
            id(each.value) for each in tree.body if isinstance(each, ast.Assign | ast.AnnAssign)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                where = f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
                if node.func.id in ("say", "translate"):
                    yield _call(node, where, later=id(node) in constants)


def _call(node: ast.Call, where: str, *, later: bool) -> Call:
    first = node.args[0] if node.args else None
    words = first.value if isinstance(first, ast.Constant) else None
    values = {keyword.arg or LATER for keyword in node.keywords} | ({LATER} if later else set())
    speaker = node.func.id if isinstance(node.func, ast.Name) else ""
    return Call(where, speaker, words if isinstance(words, str) else None, frozenset(values))


def fields(template: str) -> dict[str, str]:
    """Return the placeholders of a template with the form their values are shown in."""
    parts = Formatter().parse(template)
    return {
        name: f"{conversion or ''}:{spec or ''}"
        for _, name, spec, conversion in parts
        if name is not None and "|" not in (spec or "")  # which word the number takes, no value
    }


def _as_in_chinese(chinese: str, english: str) -> dict[str, str]:
    """Return the placeholders of the English; money told in yuan has the form it has in 万元."""
    forms = fields(chinese)
    return {
        name: forms.get(name, form) if form == ":wan" and "万元" in chinese else form
        for name, form in fields(english).items()
    }


def dummies(template: str) -> dict[str, object]:
    """Return a value for each placeholder: a number where a number's form is asked for."""
    return {name: 1234.5 if form != ":" else f"<{name}>" for name, form in fields(template).items()}


@pytest.fixture(scope="module")
def templates() -> dict[str, str]:
    """Give every template with the first place it stands in."""
    places: dict[str, str] = {}
    for template, where in extracted():
        places.setdefault(template, where)
    return places


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    """Give the catalogue: English by template."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en", abort_invalid=True)
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id}


def test_every_template_has_its_english(templates: dict[str, str], english: dict[str, str]) -> None:
    missing = {text: where for text, where in templates.items() if not english.get(text)}
    assert missing == {}


def test_no_translation_is_left_over(templates: dict[str, str], english: dict[str, str]) -> None:
    assert sorted(set(english) - set(templates)) == []


def test_no_template_is_translated_twice() -> None:
    entries = re.split(r"\n\s*\n", CATALOGUE.read_text(encoding="utf-8"))
    assert not [entry for entry in entries if entry.count("\nmsgid ") > 1 or "#, fuzzy" in entry]
    ids = [entry.partition("msgid")[2].partition("msgstr")[0] for entry in entries]
    assert sorted({each for each in ids if ids.count(each) > 1}) == []


def test_both_languages_show_the_same_values(english: dict[str, str]) -> None:
    apart = {zh: en for zh, en in english.items() if fields(zh) != _as_in_chinese(zh, en)}
    assert apart == {}


def test_both_languages_can_be_put_into_words(english: dict[str, str]) -> None:
    for chinese in english:
        message = say(chinese, **dummies(chinese))
        in_chinese = str(message)
        with speaking("en"):
            in_english = str(message)
        for value in dummies(chinese).values():
            if isinstance(value, str):
                assert value in in_chinese
                assert value in in_english


def test_a_row_is_called_row_in_english(english: dict[str, str]) -> None:
    unnamed = [
        zh
        for zh, en in english.items()
        if any(f"row {{{name}}}" not in en for name in ROW_IN_CHINESE.findall(zh))
    ]
    assert unnamed == []


def test_quotation_marks_are_kept(english: dict[str, str]) -> None:
    quoted = re.compile(r"“\{\w+\}”")
    assert [
        zh for zh, en in english.items() if set(quoted.findall(zh)) != set(quoted.findall(en))
    ] == []


def test_english_is_written_without_chinese(english: dict[str, str]) -> None:
    def left(text: str) -> str:
        for words in CHINESE_IN_ENGLISH:
            text = text.replace(words, "")
        return text

    assert [text for text in english.values() if CHINESE.search(left(text))] == []


def test_every_template_is_a_literal(templates: dict[str, str]) -> None:
    assert [call.where for call in calls() if call.template is None] == []
    # Python and babel read the same templates out of the files.
    written = set(templates) - {name for name, _ in ledger_names()}
    assert {call.template for call in calls()} == written


def test_every_value_a_template_shows_is_given() -> None:
    wrong = {
        call.where: call.template
        for call in calls()
        if call.template is not None
        and LATER not in call.values
        and frozenset(fields(call.template) if call.speaker == "say" else ()) != call.values
    }
    assert wrong == {}


def test_a_word_that_is_only_translated_shows_no_value() -> None:
    spoken = [call for call in calls() if call.speaker == "translate"]
    assert [call.where for call in spoken if fields(call.template or "")] == []
