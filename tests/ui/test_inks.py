"""Letters of the page are dark enough to be read: WCAG 2 AA asks for 4.5 to 1."""

import tomllib
from pathlib import Path

import pytest

CONFIG = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"
FADED = 0.6  # how much of the ink is left in captions and in the names of rows, on their ground


@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
def test_faded_letters_can_be_read_on_either_ground(ground: str) -> None:
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
    ink, paper = _parts(theme["textColor"]), _parts(theme[ground])
    faded = [FADED * dark + (1 - FADED) * pale for dark, pale in zip(ink, paper, strict=True)]
    assert (_light(paper) + 0.05) / (_light(faded) + 0.05) >= 4.5


def _parts(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def _light(parts: list[float]) -> float:
    """Return the relative luminance of a colour, as WCAG defines it."""
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(w * one for w, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
