"""Every palette as a colour-blind reader and a grey printer see it."""

from collections.abc import Mapping
from itertools import combinations, pairwise

import numpy as np
import pytest

from report.palette import DOTS, MINUTES, REACH, TIER_CLASSES, VERDICTS, AreaStyle

# Machado, Oliveira and Fernandes 2009 (IEEE TVCG 15, 6), severity 1, for linear RGB.
SIGHT: Mapping[str, np.ndarray] = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
    "grey": np.tile([0.2126, 0.7152, 0.0722], (3, 1)),
}  # fmt: skip
TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
)
WHITE = TO_XYZ.sum(axis=1)
APART = 8.0  # CIE76; 2.3 is just seen side by side
PALETTES = {"minutes": MINUTES, "reach": REACH, "verdicts": VERDICTS, "tiers": TIER_CLASSES}


def lab(colour: str, sight: str) -> np.ndarray:
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(SIGHT[sight] @ linear, 0, 1)
    ratio = TO_XYZ @ seen / WHITE
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def gap(one: str, other: str, sight: str) -> float:
    return float(np.linalg.norm(lab(one, sight) - lab(other, sight)))


def test_the_simulation_is_that_of_its_source() -> None:
    # White stays white; pure red is dark to a protanope, who sees it near an olive of its kind.
    for sight in SIGHT:
        assert lab("#ffffff", sight) == pytest.approx([100, 0, 0], abs=0.6)
    assert lab("#ff0000", "protanopia")[0] < 41 < lab("#ff0000", "usual")[0]
    assert gap("#ff0000", "#4c4c00", "protanopia") < gap("#ff0000", "#4c4c00", "usual")
    assert lab("#808080", "grey") == pytest.approx(lab("#808080", "usual"), abs=0.2)


def test_grey_print_shows_where_the_circle_ends() -> None:
    """Any two neighbours differ, the last class within reach and the first beyond it most."""
    shades = [lab(style.fill, "grey")[0] for code, style in MINUTES.items() if code != "unknown"]
    steps = [lighter - darker for lighter, darker in pairwise(shades)]
    assert min(steps) > APART
    assert steps[2] == max(steps)
    assert steps[2] > 3 * APART


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("name", PALETTES)
def test_any_two_classes_are_told_apart(name: str, sight: str) -> None:
    """By the colour of the ground, or else by the dashes of the outline."""
    too_near = {
        (one, other): round(gap(a.fill, b.fill, sight), 1)
        for (one, a), (other, b) in combinations(PALETTES[name].items(), 2)
        if gap(a.fill, b.fill, sight) < APART and a.dash == b.dash
    }
    assert not too_near


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("name", ["minutes", "reach", "tiers"])
def test_outlines_stand_out_from_their_ground(name: str, sight: str) -> None:
    styles: Mapping[str, AreaStyle] = PALETTES[name]
    assert all(gap(style.fill, style.line, sight) > APART for style in styles.values())


@pytest.mark.parametrize("sight", SIGHT)
def test_dots_differ_in_shape_and_in_darkness(sight: str) -> None:
    (one, pale), (other, dark) = DOTS["covered"], DOTS["left"]
    assert one != other
    # A disc is white inside its ring: the square is dark throughout.
    assert gap(pale, dark, sight) > 2 * APART
    assert gap("#ffffff", dark, sight) > 4 * APART
