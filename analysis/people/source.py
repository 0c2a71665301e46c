"""People's figures: the one source they are taken from."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import geopandas as gpd
import numpy as np

from analysis.coverage.areas import FINEST_FIRST, by_level
from analysis.people.official import FIGURES, figure_word, figures_of, level_word, persons_of
from geo.findings import Finding, Severity
from geo.language import Message, say

BASES = ("resident", "registered")


class Source(NamedTuple):
    """The rows people come from, in one layer; `level` where they are boundaries."""

    layer: str
    rows: gpd.GeoDataFrame
    level: str = ""


def choose_source(
    layers: Mapping[str, gpd.GeoDataFrame],
) -> tuple[Source | None, list[Finding]]:
    """Return the first source with a known figure, and what to say about the choice."""
    findings, sources = [], []
    for layer in ("population", "residential"):
        rows = layers.get(layer)
        if rows is None or not any(name in rows for name in FIGURES):
            continue
        if any(rows[name].notna().any() for name in FIGURES if name in rows):
            sources.append(Source(layer, rows))
        elif layer == "population":
            findings.append(finding_about(layer, "warning", say("人口列全为空，未采用。")))
    for level, areas in by_level(layers.get("boundaries"), FINEST_FIRST):
        if not np.isnan(figures_of(areas)).all():
            sources.append(Source("boundaries", areas, level))
    if not sources:
        message = say("没有人口数据，不能计算人口覆盖。")
        remedy = say("在人口、小区或边界图层中提供人口列。")
        return None, [*findings, Finding("warning", "population", message, remedy)]
    if sources[0].level:
        message = say("人口取自边界图层的{level}一级。", level=level_word(sources[0].level))
        findings.append(finding_about("boundaries", "info", message))
    unused = [other.layer for other in sources[1:] if not other.level]
    if unused:
        message = say("人口取自人口图层；小区图层的人口列未采用，两者不相加。")
        findings.append(finding_about("residential", "info", message))
    return sources[0], findings


def one_basis(source: Source) -> tuple[Source, list[Finding]]:
    """Return the source without rows of another basis: 户籍 and 常住 never meet in one ratio.

    The basis of more rows is kept, 常住 if they are equal; rows that state none go with it.
    """
    if source.layer != "population" or "basis" not in source.rows:
        return source, []
    basis = source.rows["basis"]
    rows = [int(basis.eq(word).sum()) for word in BASES]
    if not all(rows):
        return source, []
    kept, dropped = BASES if rows[0] >= rows[1] else BASES[::-1]
    other = basis.eq(dropped).to_numpy(dtype=bool, na_value=False)
    people = np.nansum(persons_of(figures_of(source.rows[other])))
    words = {"resident": say("常住"), "registered": say("户籍")}
    message = say(
        "常住与户籍人口混在一起；采用{kept}，{dropped}的 {count} 行（{people} 人）未计入。",
        kept=words[kept],
        dropped=words[dropped],
        count=int(other.sum()),
        people=f"{people:.0f}",
    )
    remedy = say("全部改为同一口径。")
    finding = Finding("warning", source.layer, message, remedy, column="basis")
    return source._replace(rows=source.rows[~other]), [finding]


def figure_findings(source: Source) -> Iterator[Finding]:
    """Yield what is odd about the figures of the source themselves."""
    figures = figures_of(source.rows)
    known = ~np.isnan(figures)
    for k, name in enumerate(FIGURES):
        if known[:, k].any() and not np.nansum(figures[:, k]):
            message = say("{figure}全部为 0。", figure=figure_word(name))
            yield finding_about(source.layer, "warning", message, column=name)
    above = known[:, 0] & known[:, 1] & (figures[:, 1] > figures[:, 0])
    if above.any():
        more = float((figures[above, 1] - figures[above, 0]).sum())
        message = say(
            "{count} 行 60 岁以上人口多于总人口，多出 {people} 人："
            "照所写的计入，60 岁以上的结果偏高。",
            count=int(above.sum()), people=f"{more:.0f}",
        )  # fmt: skip
        remedy = say("请先改正台账，或在待补数据表里改正。")
        yield replace(
            finding_about(source.layer, "warning", message, column="elderly_60plus"), remedy=remedy
        )
    if not known[:, 1].any():
        message = (
            say("没有 60 岁以上人口，只有 65 岁以上人口；不以后者代替，60 岁以上覆盖率为空。")
            if known[:, 2].any()
            else say("没有 60 岁以上人口，60 岁以上覆盖率为空。")
        )
        yield finding_about(source.layer, "warning", message, column="elderly_60plus")
    silent = int((~known.any(axis=1)).sum())
    if silent:
        message = say("{count} 行没有任何人口数，按未知处理。", count=silent)
        yield finding_about(source.layer, "warning", message)


def finding_about(layer: str, severity: Severity, message: Message, *, column: str = "") -> Finding:
    """Return a finding about a layer as a whole."""
    return Finding(severity, layer, message, column=column)
