"""The legend: what the map's own panel says, put into words when the page is drawn."""

from typing import Any

from geo.language import say, translate
from report.palette import (
    BAND_COLOUR,
    BUBBLE_FILL,
    BUBBLE_LINE,
    CIRCLE,
    DOTS,
    FACILITIES,
    GREEN,
    GROUND,
    MINUTES,
    REACH,
    ROUTE,
    TIER_CLASSES,
    UNIT,
    VERDICTS,
    WATER,
    AreaStyle,
)
from ui.map.known import KINDS


def small_legend(*off: str) -> dict[str, Any]:
    """Return the legend of a small map: its panel folded, some of the layers switched off.

    off
        Sections of the panel: bands, bubbles, facilities, borders, ground.
    """
    return {**legend(), "folded": True, "off": [*off]}


def legend(*, editing: bool = False) -> dict[str, Any]:
    """Return styles and words for the browser, in the language now spoken.

    editing
        Whether gestures change a scenario: then what it changes has rows of its own.
    """
    return {
        "colourings": _colourings(),
        "tiers": _areas(TIER_CLASSES.items()),
        "dots": {
            kind: {"shape": shape, "colour": colour} for kind, (shape, colour) in DOTS.items()
        },
        "kinds": {code: str(word) for code, word in KINDS.items()},
        "facilities": {
            code: {
                "shape": sign.shape,
                "colour": sign.colour,
                "sign": str(sign.sign),
                "label": str(sign.label),
            }
            for code, sign in FACILITIES.items()
        },
        "colours": {
            "band": BAND_COLOUR,
            "bubble": BUBBLE_FILL,
            "bubbleLine": BUBBLE_LINE,
            "water": WATER,
            "green": GREEN,
            "ground": GROUND,
            "route": ROUTE,
            "circle": CIRCLE,
            "unit": UNIT,
        },
        "words": {**_words(), **_more_words(), **_circle_words(), "hints": _hints()},
        "editing": editing,
        # The outlines are those of things as they stand; a scenario's are on the other pages.
        "off": ["bands"] if editing else [],
    }


def _colourings() -> dict[str, Any]:
    """Return the ways to colour estates: what each says, and its classes."""
    return {
        "minutes": {
            "title": translate("小区：到最近设施的步行分钟"),
            "classes": _areas(MINUTES.items()),
        },
        "reach": {
            "title": translate("小区：在步行时限内的部分"),
            "classes": _areas(REACH.items()),
        },
        "verdict": {
            "title": translate("小区：20㎡/百户配建结论"),
            "classes": _areas(VERDICTS.items()),
        },
    }


def _areas(styles: Any) -> list[dict[str, str]]:  # noqa: ANN401
    areas: list[tuple[str, AreaStyle]] = list(styles)
    return [
        {
            "code": code,
            "fill": style.fill,
            "line": style.line,
            "dash": style.dash,
            "label": str(style.label),
        }
        for code, style in areas
    ]


def _words() -> dict[str, str]:
    return {
        "panel": translate("图层与图例"),
        "bands": translate("步行可达范围（分钟）"),
        "bubbles": translate("未覆盖的60岁以上老年人"),
        "people": translate("人"),
        "facilities": translate("养老服务设施"),
        "notOperating": translate("虚线：未运营"),
        "notCounted": translate("浅色：不计入服务圈"),
        "ground": translate("水域、绿地与街道"),
        "borders": translate("行政界线"),
        "north": translate("北"),
        "minutes": translate("分钟"),
        "unknownMinutes": translate("步行时间无法计算"),
        "statusDate": translate("状态日期"),
        "source": translate("来源"),
        "colon": translate("："),
        "semicolon": translate("；"),
        "gone": translate("图层已过期，请刷新页面。"),
        "idle": translate("未运营"),
        "scenario": translate("情景中的改动"),
        "scenarioShown": str(say("情景：{title}", title="{title}")),
        "opened": translate("新增设施"),
        "moved": translate("迁移后的设施"),
        "closed": translate("关闭或迁出"),
        "link": translate("新通道"),
        "gate": translate("新出入口"),
        "block": translate("阻断"),
        "gained": translate("新覆盖的小区"),
        "lost": translate("不再覆盖的小区"),
    }


def _more_words() -> dict[str, str]:
    """Return the words of what is shown on demand; what stands in braces the browser fills."""
    return {
        "route": translate("到最近设施的路线"),
        "onStreets": translate("沿街道"),
        "offStreets": translate("街道以外"),
        "walk": str(say("{minutes} 分钟（{metres} 米）", minutes="{minutes}", metres="{metres}")),
        "area": translate("所选设施的服务小区"),
        "areaKey": translate("到它最近的小区"),
        "metres": translate("米"),
        "dots": translate("老年人点密度"),
        "dotEach": str(say("每点代表 {each} 名60岁以上老年人", each="{each}")),
        "dotCovered": translate("时限内"),
        "dotLeft": translate("时限外"),
        "dotUnknown": str(say("另有 {unknown} 处人数不明，没有点", unknown="{unknown}")),
        "tiers": translate("社区三级养老网络"),
        "units": translate("控规单元界线"),
        "tiles": translate("内网底图"),
        "tilesLost": translate("底图读取不到，其余图层不受影响。"),
        "base": translate("底图"),
        "find": translate("查找小区、设施、街道、社区"),
        "foundNone": translate("没有找到"),
        "full": translate("全屏"),
        "leaveFull": translate("退出全屏"),
        "measure": translate("测距"),
        "measureHint": translate("逐点点击量直线距离；Esc 结束"),
        "whole": translate("全图"),
        "before": translate("现状"),
        "after": translate("情景"),
        "wheel": translate("按住 Ctrl 滚动缩放，或先点一下地图"),
        "swipe": translate("前后对比分界线：左右方向键移动"),
    }


def _circle_words() -> dict[str, str]:
    """Return the words of plain circles held against the streets."""
    filled = {
        name: f"{{{name}}}"
        for name in ("radius", "limit", "elders", "in_circle", "walking", "more")
    }
    return {
        "circles": translate("直线圆（对照）"),
        "circleTold": str(
            say(
                "{radius} 米直线圆内有 {in_circle} 人，沿街道 {limit} 分钟内有 {walking} 人"
                "（60岁以上共 {elders} 人）；直线圆多算 {more} 人。", **filled,
            )
        ),
        "circleLess": str(
            say(
                "{radius} 米直线圆内有 {in_circle} 人，沿街道 {limit} 分钟内有 {walking} 人"
                "（60岁以上共 {elders} 人）；直线圆少算 {more} 人。", **filled,
            )
        ),
        "circleUnknown": translate("老年人数不明，无法对照。"),
    }


def _hints() -> dict[str, str]:
    return {
        "ask": translate("点击街道，看它的情况"),
        "open": translate("点击地图，在那里新增设施"),
        "move": translate("按住设施，拖到新的位置"),
        "gate": translate("点击小区边缘，在那里新开出入口"),
        "link": translate("点击新通道的起点，再点击终点；Esc 取消"),
        "block": translate("逐点画线，线跨过的道路不能再走；双击或按 Enter 结束，Esc 取消"),
    }
