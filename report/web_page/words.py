"""What the page says of itself, in the language spoken when it is written."""

from typing import Any

from analysis.evaluation import Evaluation
from geo.language import headed, say, translate
from report.coverage_classes import COVERED, GAINED, LOST, RURAL, coverage_rule
from report.palette import (
    BAND_COLOUR,
    FACILITIES,
    GREEN,
    GROUND,
    MINUTES,
    VERDICTS,
    WATER,
    AreaStyle,
)


def page_words() -> dict[str, str]:
    """Return the words of headings, switches and hints; what stands in braces the page fills."""
    words = {
        "map": translate("地图"),
        "stage": translate("显示"),
        "colouring": translate("小区着色"),
        "layers": translate("图层与图例"),
        "changed": translate("建议方案改变了类别"),
        "bands": translate("步行可达范围（分钟）"),
        "facilities": translate("养老服务设施"),
        "notOperating": translate("虚线：未运营"),
        "notCounted": translate("浅色：不计入服务圈"),
        "ground": translate("水域、绿地与街道"),
        "borders": translate("行政界线"),
        "sites": translate("建议选址（按序号）"),
        "north": translate("北"),
        "statusDate": translate("状态日期"),
        "find": translate("查找小区、设施、街道、社区"),
        "foundNone": translate("没有找到"),
        "whole": translate("全图"),
        "close": translate("关闭"),
        "print": translate("打印"),
        "hint": translate("点击小区、设施、街道或选址，看它的情况；也可按名称查找。"),
        "unplaced": str(say("另有 {count} 个没有位置，未画在图上", count="{count}")),
        "estateCount": str(say("{count} 个", count="{count}")),
        "showAll": str(say("显示全部 {count} 行", count="{count}")),
        "onPaper": str(say("共 {count} 行，这里列前 {most} 行；合计为全部行之和。",
                           count="{count}", most="{most}")),
        "showFewer": translate("只显示前几行"),
        "noRows": translate("没有可列的行。"),
        "onMap": translate("在地图上看"),
        "estate": translate("住宅小区"),
        "facility": translate("养老设施"),
        "street": translate("街道"),
        "community": translate("社区"),
        "site": translate("建议选址"),
        "other": translate("区域"),
    }  # fmt: skip
    return {key: headed(text) for key, text in words.items()}


def colourings(evaluation: Evaluation) -> dict[str, Any]:
    """Return how estates are coloured: by minutes, by whether they are covered, by verdict."""
    return {
        "minutes": {
            "name": translate("步行分钟"),
            "title": translate("小区：到最近设施的步行分钟"),
            "classes": [_area(code, style) for code, style in MINUTES.items()],
        },
        "coverage": {
            "name": translate("是否覆盖"),
            "title": str(coverage_rule(evaluation)),
            "classes": [
                {**_area(code, style), "seldom": code in (GAINED, LOST, RURAL)}
                for code, style in COVERED.items()
            ],
        },
        "verdict": {
            "name": translate("配建结论"),
            "title": translate("小区：20㎡/百户配建结论"),
            "classes": [_area(code, style) for code, style in VERDICTS.items()],
        },
    }


def signs() -> dict[str, dict[str, str]]:
    """Return how facilities are drawn, by category."""
    return {
        code: {"shape": sign.shape, "colour": sign.colour, "sign": str(sign.sign),
               "label": headed(sign.label)}
        for code, sign in FACILITIES.items()
    }  # fmt: skip


def colours() -> dict[str, str]:
    """Return the colours of what lies under the estates."""
    return {"band": BAND_COLOUR, "water": WATER, "green": GREEN, "ground": GROUND}


def _area(code: str, style: AreaStyle) -> dict[str, Any]:
    return {"code": code, "fill": style.fill, "line": style.line, "dash": style.dash,
            "label": headed(style.label)}  # fmt: skip
