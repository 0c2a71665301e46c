"""The maps of a briefing: those of the whole study, then one a street."""

from collections.abc import Iterator, Mapping

import geopandas as gpd
import pandas as pd

from analysis.evaluation import Evaluation
from geo.language import Message, joined, say
from report.briefing.content import Drawn, KeyFigure, MapSheet
from report.briefing.figures import key_figures
from report.briefing.gained import proposal_sentence
from report.briefing.material import Material, Proposed
from report.siting_files import streets_table as gains_by_street
from report.street_card import street_lines, streets_of


def map_sheets(material: Material) -> Iterator[MapSheet]:
    """Yield the maps of the study, then one a street."""
    evaluation, proposed = material.evaluation, material.proposed
    place, told = evaluation.study.title, tuple(map(_line, key_figures(evaluation)))
    standing = say("{place}养老服务设施现状图", place=place)
    if material.scenario is not None:
        standing = say("{place}养老服务设施图（情景）", place=place)
    yield MapSheet("standing", Drawn.STANDING, standing, evaluation,
                   told=(_counted(evaluation),))  # fmt: skip
    yield MapSheet("coverage", Drawn.COVERAGE, say("{place}养老服务圈覆盖图", place=place),
                   evaluation, told=told[:2])  # fmt: skip
    yield MapSheet("gaps", Drawn.GAPS, say("{place}养老服务缺口图", place=place),
                   evaluation, told=(told[1], told[2], told[4]))  # fmt: skip
    if proposed is not None:
        yield from _proposed(place, material, proposed)
    by_street = pd.DataFrame()
    if proposed is not None:
        by_street = gains_by_street(proposed.proposal, proposed.reasons)
    for id_, name in outlined(evaluation).itertuples(index=False):
        lines = street_lines(evaluation, str(id_))
        yield MapSheet(
            f"street {id_}", Drawn.STREET, say("{street}养老服务圈分图", street=str(name)),
            evaluation, None if proposed is None else proposed.after,
            None if proposed is None else _spots(proposed, _gains_in(by_street, str(id_))),
            area=str(id_),
            told=tuple(say("{label}：{value}", label=label, value=value) for label, value in lines),
        )  # fmt: skip


def outlined(evaluation: Evaluation, *, drawn: bool = True) -> pd.DataFrame:
    """Return the streets that have an outline to be drawn, or those that have none."""
    streets = streets_of(evaluation)
    layer = evaluation.study.layer("boundaries")
    if layer is None:
        return streets
    shapes = layer.loc[~(layer.geometry.isna() | layer.geometry.is_empty), "id"]
    return streets.loc[streets["id"].isin(shapes) == drawn]


def _proposed(place: str, material: Material, proposed: Proposed) -> Iterator[MapSheet]:
    evaluation, spots = material.evaluation, _spots(proposed)
    said = proposal_sentence(evaluation, proposed, material.baseline)
    yield MapSheet("sites", Drawn.SITES, say("{place}养老服务设施布局建议图", place=place),
                   evaluation, proposed.after, spots, told=(said,))  # fmt: skip
    yield MapSheet("change", Drawn.CHANGE, say("{place}建设前后对比图", place=place),
                   evaluation, proposed.after, spots, told=(said,))  # fmt: skip


def _spots(proposed: Proposed, here: Mapping[int, int] | None = None) -> gpd.GeoDataFrame:
    """Return the sites; `gain_here` is what of a site's gain is in a street.

    here
        That gain by rank; None for sites of the whole study.
    """
    proposal = proposed.proposal
    ranks = range(1, len(proposal.chosen) + 1)
    names = proposal.eligible.table["name"].to_numpy()[proposal.chosen]
    return gpd.GeoDataFrame(
        {
            "rank": ranks,
            "name": names,
            "gain_60plus": proposal.whole_gain,
            **({} if here is None else {"gain_here": [here.get(rank, 0) for rank in ranks]}),
        },
        geometry=proposal.positions().to_numpy(), crs="EPSG:4326",
    )  # fmt: skip


def _gains_in(by_street: pd.DataFrame, street: str) -> Mapping[int, int]:
    here = by_street.loc[by_street["area_id"].eq(street)].groupby("rank")["gain_60plus"].sum()
    ranks = here.index.astype(int)
    return dict(zip(ranks, here.astype(int), strict=True))


def _line(figure: KeyFigure) -> Message:
    return say("{label} {value}（{of}）", label=figure.label, value=figure.text,
               of=joined("；", *figure.of))  # fmt: skip


def _counted(evaluation: Evaluation) -> Message:
    layer = evaluation.study.layer("facilities")
    return say("台账共有设施 {all} 处，其中计入服务圈 {counted} 处",
               all=0 if layer is None else len(layer), counted=len(evaluation.counted))  # fmt: skip
