"""What nobody sees is the same in names, addresses, cells and on the page."""

import sys
import unicodedata

import pytest

from geo.databases.address import shown_url
from geo.door.names import printable
from geo.ledgers.numbers import is_missing, shown
from geo.unseen import dotted, seen_only
from ui.seen import plain

# Signs of Arabic and other old scripts that go around figures are seen, though of class Cf.
SEEN = {
    "\u0600", "\u0601", "\u0602", "\u0603", "\u0604", "\u0605", "\u06dd", "\u0890", "\u0891",
    "\u08e2", "\U000110bd", "\U000110cd",
}


def test_all_controls_and_formats_of_unicode_are_unseen() -> None:
    missed = [
        f"{code:x}" for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        and chr(code) not in SEEN and not 0x13430 <= code <= 0x1345F and seen_only(chr(code))
    ]
    assert missed == []


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\u00ad", "\u2028", "\x07", "\U000e0041"])
def test_each_place_shows_a_dot(sign: str) -> None:
    text = f"甲{sign}乙"
    assert {dotted(text), printable(text), shown(text), plain(text)} == {"甲·乙"}
    assert shown_url(f"postgresql://a{sign}b@h/d").startswith("postgresql://a·b@")
    assert is_missing(sign)


def test_what_is_seen_stays() -> None:
    assert dotted("甲 乙，é𠮷") == "甲 乙，é𠮷"
    assert plain("甲\n乙\r") == "甲\n乙·"
