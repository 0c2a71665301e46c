"""Facilities as dots, alike, on maps that are of something else or too small for their kinds."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.language import Message, say
from report.maps.legend import Row, SignRow
from report.maps.page import Page, Pen
from report.maps.scene import Scene
from report.maps.signs import SIGN_MM, Signs

_DOT_MM: Final = 1.7


@dataclass(frozen=True)
class Dot:
    """A kind of dot and its word."""

    word: Message
    pen: Pen


COUNTED: Final = Dot(say("现有设施（计入服务圈）"), Pen("#ffffff", 0.15, "#33404d"))
AROUND: Final = Dot(say("其他设施（不计入服务圈）"), Pen("#ffffff", 0.15, "#8a8f96"))
IDLE: Final = Dot(say("未运营的设施"), Pen("#33404d", 0.25, "#ffffff"))


def draw_dots(scene: Scene, signs: Signs, dot: Dot = COUNTED) -> list[Row]:
    """Draw facilities alike and return their row; none where there is no facility."""
    if not len(signs.placed):
        return []
    size = _DOT_MM * signs.size_mm / SIGN_MM
    scene.page.signs(signs.placed, shape="o", size_mm=size, pen=dot.pen, z=5)
    scene.taken.append(np.hstack([signs.placed - size / 2, signs.placed + size / 2]))

    def painter(page: Page, x: float, y: float) -> None:
        page.signs(np.array([[x, y]]), shape="o", size_mm=_DOT_MM, pen=dot.pen, z=6)

    return [SignRow(dot.word, painter, _DOT_MM)]
