"""Personal data in ledgers: identity numbers, mobile numbers and names of persons, masked."""

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from typing import Any
from unicodedata import category

import numpy as np
from numpy.typing import NDArray

# Full-width figures become half-width one by one, so that positions in a text stay.
_HALF_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ－　", "0123456789Xx- ")
_NO_DIGIT_BEFORE, _NO_DIGIT_BEHIND = r"(?<![\d.])", r"(?!\d)"
# Six figures of the place, the day of birth, three of the order, a check character; people put
# blanks or hyphens between these parts.
_IDENTITY = re.compile(
    rf"{_NO_DIGIT_BEFORE}(?P<place>[1-8]\d{{5}})[ -]?"
    rf"(?:(?P<long>(?:18|19|20)\d{{2}})[ -]?(?P<day>\d{{4}})[ -]?(?P<order>\d{{3}}[\dXx])"
    rf"|(?P<short>\d{{2}})(?P<old_day>\d{{4}})\d{{3}}){_NO_DIGIT_BEHIND}"
)
_MOBILE = re.compile(
    rf"{_NO_DIGIT_BEFORE}(?:(?:\+|00)?86[ -]?)?(?P<number>1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}})"
    rf"{_NO_DIGIT_BEHIND}"
)
# What every such number has, whatever its width; asked first, for most cells have nothing alike.
_MANY_FIGURES = re.compile(r"(?:\d[ 　－-]?){11}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_DECEMBER = 12

_NAMED_PERSON = re.compile(
    r"(老人|老年人|长者|户主|家属|亲属|子女|监护人|联系人|紧急联系人|配偶|申请人|居民|人员|本人|"
    r"入住老人|服务对象)?(的)?(姓名|名单)|(户主|家属|亲属|监护人|联系人|紧急联系人|老人|配偶)(\d|[一二三])?"
    r"|家属(联系人|名字)|老人名字"
)
_IDENTITY_HEADER = re.compile(r".*(身份证|公民身份号|证件号).*")
_CODE_HEADER = re.compile(r"(id|.*(编号|编码|代码|序号|区划|code|_?id|统一社会信用.*))")
# An identity number kept as a figure has lost its last places: 1.50404194001011e+17.
_LEAST_MOBILE, _LONG_ID = 13 * 10**9, 10**18
_SHORTEST = len("13800001234")


def masked(text: str, *, code: bool = False) -> str:
    """Return a text in which identity and mobile numbers show their ends only.

    code
        The text is a code of a thing (an estate, a district), which may look like a mobile number:
        all codes of Chifeng begin with 1504.
    """
    if len(text) < _SHORTEST or not _has_many_figures(text):
        return text
    # Hidden characters, and the point they are shown as, may part the figures of a number.
    kept = [at for at, c in enumerate(text) if c != "·" and category(c) not in {"Cc", "Cf"}]
    plain = "".join(text[at] for at in kept).translate(_HALF_WIDTH)
    spans = [m.span() for m in _IDENTITY.finditer(plain) if _is_identity(m, strict=code)]
    if not code:
        spans += [m.span("number") for m in _MOBILE.finditer(plain)]
    for start, end in sorted(spans, reverse=True):
        text = text[:kept[start]] + _ends(plain[start:end]) + text[kept[end - 1] + 1:]
    return text


def _has_many_figures(text: str) -> bool:
    """Tell whether a text may hold a number of a person; most texts have nothing alike."""
    if text.isalpha():
        return False
    if _MANY_FIGURES.search(text) is not None:
        return True
    parted = "·" in text or not text.isprintable()
    return parted and sum(map(str.isdigit, text)) >= _SHORTEST


def masked_figure(value: float) -> str | None:
    """Return how a figure that is an identity or mobile number is shown; None where it is none."""
    if not _LEAST_MOBILE <= value < _LONG_ID or value != int(value):
        return None
    text = str(int(value))
    shown = masked(text)
    return shown if shown != text else None


def masked_name(text: str) -> str:
    """Return the name of a person with the family name only: 张**."""
    return text[:1] + "*" * max(len(text) - 1, 1)


def names_persons(header: str) -> bool:
    """Tell whether a header says that its column holds names or identity numbers of persons."""
    plain = "".join(header.split())
    return bool(_NAMED_PERSON.fullmatch(plain) or _IDENTITY_HEADER.fullmatch(plain))


def holds_codes(header: str) -> bool:
    """Tell whether a header says that its column holds codes of things."""
    plain = "".join(header.split()).casefold()
    return bool(_CODE_HEADER.fullmatch(plain)) and not _IDENTITY_HEADER.fullmatch(plain)


def personal_cells(cells: NDArray[Any] | Sequence[object], header: str) -> NDArray[np.bool_]:
    """Tell which cells hold an identity or mobile number, or a name under a header for names."""
    code, person = holds_codes(header), names_persons(header)
    found = np.zeros(len(cells), dtype=bool)
    at: Iterable[int] = range(len(cells))
    if isinstance(cells, np.ndarray) and cells.dtype.kind in "iuf":
        at = np.flatnonzero((cells >= _LEAST_MOBILE) & (cells < _LONG_ID))
    elif isinstance(cells, np.ndarray) and cells.dtype.kind not in "OU":
        return found
    for position in at:
        cell = cells[position]
        if isinstance(cell, str):
            if person and cell.strip() and not any(c.isdigit() for c in cell):
                found[position] = True
            elif len(cell) >= _SHORTEST:
                found[position] = masked(cell, code=code) != cell
        elif isinstance(cell, int | float | np.number) and not code and cell >= _LEAST_MOBILE:
            found[position] = masked_figure(float(cell)) is not None
    return found


def _is_identity(match: re.Match[str], *, strict: bool) -> bool:
    """Tell whether a match holds a day of birth; strictly: also the right check character."""
    year = match["long"] or f"19{match['short']}"
    day = match["day"] or match["old_day"]
    month, date = int(day[:2]), int(day[2:])
    if not 1 <= month <= _DECEMBER or not 1 <= date <= monthrange(int(year), month)[1]:
        return False
    return not strict or _checks(match)


def _checks(match: re.Match[str]) -> bool:
    if match["long"] is None:
        return False
    digits = match["place"] + match["long"] + match["day"] + match["order"].upper()
    total = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=False))
    return digits[-1] == _CHECKS[total % len(_CHECKS)]


def _ends(number: str) -> str:
    digits = number.replace(" ", "").replace("-", "")
    return f"{digits[:3]}****{digits[-2:]}"
