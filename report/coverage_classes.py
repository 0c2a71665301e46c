"""Estates by the one rule of the figure 小区覆盖率: covered where half of it or more is reached."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pandas as pd

from analysis.coverage.areas import place_points, whereabouts
from analysis.coverage.tally import ESTATE_COVERED_FROM
from analysis.evaluation import Evaluation
from geo.language import Message, say
from report.figures import number
from report.palette import REACH, UNKNOWN, AreaStyle

GAINED, LOST, RURAL = "gained", "lost", "rural"
# From pale to strong: what a proposal adds is the only thing that is dark.
COVERED: Final[Mapping[str, AreaStyle]] = MappingProxyType(
    {
        "covered": AreaStyle("#e9f0f5", "#c3d0d9", say("现状已覆盖")),
        GAINED: AreaStyle(REACH["gained"].fill, REACH["gained"].line, say("建设后新增覆盖")),
        "left": AreaStyle("#efd8c8", "#c79b80", say("仍未覆盖")),
        LOST: AreaStyle("#f2b701", "#3a2c00", say("建设后不再覆盖")),
        RURAL: AreaStyle("#e4e4e0", "#a9a9a3", say("农村，不计入小区覆盖率"), "1 4"),
        UNKNOWN: AreaStyle("#ffffff", "#9aa1a8", say("无法计算"), "4 3"),
    }
)


def coverage_classes(now: Evaluation, after: Evaluation) -> pd.Series:
    """Return what becomes of each estate, in the order of the layer: a key of `COVERED`.

    after
        The evaluation itself where nothing is built: then none is gained or lost.
    """
    layer = now.study.layer("residential")
    if layer is None:
        return pd.Series(dtype=object)
    was, then = (_shares(each, layer["id"]) for each in (now, after))
    covered, will = was.ge(ESTATE_COVERED_FROM), then.ge(ESTATE_COVERED_FROM)
    classes = pd.Series("left", index=layer.index, dtype=object)
    classes = classes.mask(covered & will, "covered").mask(~covered & will, GAINED)
    classes = classes.mask(covered & ~will, LOST).mask(was.isna() | then.isna(), UNKNOWN)
    if now.walked is None:
        return classes
    # Walking is no measure there: the headline leaves them out.
    places = whereabouts(place_points(layer.geometry), now.study.layer("boundaries"))
    return classes.mask(pd.Series(places.rural, index=layer.index), RURAL)


def _shares(evaluation: Evaluation, ids: pd.Series) -> pd.Series:
    places = evaluation.places.loc[evaluation.places["layer"].eq("residential")]
    shares: pd.Series = ids.map(places.set_index("place_id")["share"]).astype("float64")
    return shares


def coverage_rule(evaluation: Evaluation, *, brief: bool = False) -> Message:
    """Return by what rule an estate is covered, as the title of a legend.

    brief
        Where the legend is small: without the minutes.
    """
    if brief:
        return say("小区（过半走得到算覆盖）")
    limit = f"{evaluation.study.description.walking.limit_min:g}"
    return say("小区（{limit}分钟内过半走得到算覆盖）", limit=limit)


def counted_classes(
    classes: pd.Series, now: Evaluation, *, brief: bool = False
) -> dict[str, Message]:
    """Return what a legend says of each class that there is, with how many estates are of it.

    Those covered before are all of them, the lost ones too: as the summary before counts them.

    brief
        Where the legend is small: without how many were not covered before.
    """
    count = {code: int(classes.eq(code).sum()) for code in COVERED}
    told = {
        code: say("{word} {count} 个", word=style.label, count=number(count[code]))
        for code, style in COVERED.items() if count[code]
    }  # fmt: skip
    at_first = number(count["covered"] + count[LOST])
    if "covered" in told:
        words = {"count": at_first}
        told["covered"] = say("现状已覆盖 {count} 个", **words)
        if now.study.scenarios:
            told["covered"] = say("情景下已覆盖 {count} 个", **words)
    if LOST in told:
        told[LOST] = say("其中建设后不再覆盖 {count} 个", count=number(count[LOST]))
    if not brief and "left" in told and (count[GAINED] or count[LOST]):
        told["left"] = say("仍未覆盖 {count} 个（建设前未覆盖 {before} 个）",
                           count=number(count["left"]),
                           before=number(count["left"] + count[GAINED]))  # fmt: skip
    return told
