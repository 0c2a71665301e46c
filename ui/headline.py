"""The headline sentence: every number with what it is a part of, and how it was walked."""

from collections.abc import Mapping

from analysis.evaluation import Evaluation
from analysis.walking.reach import FAST, SLOW
from geo.language import Message, say
from ui.words import at_least, number, percent


def headline(evaluation: Evaluation) -> Message:
    """Return the coverage of people aged 60 and over as one sentence that can be quoted."""
    study = evaluation.study
    walking = study.description.walking
    coverage, band = evaluation.summary["coverage"], evaluation.summary["band"]
    return say(
        "在{area}，按步行路网{speed}米/秒、{limit}分钟（约{metres}米）测算，"
        "{people}{all}人中{covered}人可达至少1处运营中的社区级设施，占{share}"
        "{band}；系空间测算，不等同于政策“服务覆盖率”。",
        area=study.title,
        speed=f"{walking.speed_m_per_s:g}",
        limit=f"{walking.limit_min:g}",
        metres=f"{walking.speed_m_per_s * walking.limit_min * 60:,.0f}",
        people=_people(evaluation),
        all=number(coverage["elderly_60plus"]),
        covered=number(coverage["covered_60plus"]),
        share=at_least(percent(coverage["share_60plus"]), coverage["lower_bound"]),
        band=_band(walking.speed_m_per_s, band),
    )


def _band(speed_m_per_s: float, band: Mapping[str, float | None]) -> Message | str:
    """Return the band of ordinary speeds; nothing where the walk asked for lies outside it."""
    if not SLOW <= speed_m_per_s <= FAST:
        return ""
    low, high = percent(band.get(str(SLOW))), percent(band.get(str(FAST)))
    return say("（0.8–1.0米/秒为{low}–{high}）", low=low, high=high)


def _people(evaluation: Evaluation) -> Message:
    """Return whom the figures count, with the basis where the study has one throughout."""
    population = evaluation.study.layer("population")
    if population is None or "basis" not in population:
        return say("60岁以上老年人")
    known = set(population["basis"].dropna())
    if known == {"resident"}:
        return say("60岁以上常住老年人")
    return say("60岁以上户籍老年人") if known == {"registered"} else say("60岁以上老年人")
