"""Facilities as dots, alike, on maps that are of something else."""

from typing import Final

import numpy as np

from geo.language import say
from report.maps.legend import Row, SignRow
from report.maps.page import Page, Pen
from report.maps.scene import Scene
from report.maps.signs import SIGN_MM, Signs

_DOT_MM: Final = 1.7
_DOT: Final = Pen("#ffffff", 0.15, "#33404d")


def draw_dots(scene: Scene, signs: Signs) -> list[Row]:
    """Draw facilities alike, as dots where the map is of something else; return their row."""
    if not len(signs.placed):
        return []
    size = _DOT_MM * signs.size_mm / SIGN_MM
    scene.page.signs(signs.placed, shape="o", size_mm=size, pen=_DOT, z=5)
    scene.taken.append(np.hstack([signs.placed - size / 2, signs.placed + size / 2]))

    def painter(page: Page, x: float, y: float) -> None:
        page.signs(np.array([[x, y]]), shape="o", size_mm=_DOT_MM, pen=_DOT, z=6)

    return [SignRow(say("现有设施（计入服务圈）"), painter, _DOT_MM)]
