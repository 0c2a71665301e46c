"""What speaks against a proposed site or is not known of it: to be checked before it is decided."""

from collections.abc import Iterator

import geopandas as gpd
import pandas as pd

from analysis.districts.street_centres import CENTRE
from analysis.siting.choosing import Proposal
from analysis.siting.eligible import doubt_word
from geo.language import Message, say
from geo.position.coordinates import WGS84
from report.areas import area_of
from report.estate_reasons import one_after_another
from report.figures import measure

_HIGH = "高"  # as ledgers write the risk that neighbours object


def site_checks(proposal: Proposal) -> list[str]:
    """Return what is to be checked of each site, in order of rank; empty where nothing is known.

    Doubts of the room itself, a high risk of objection, a care centre that its street has already,
    a cost that nobody told.
    """
    streets = area_of(proposal.evaluation, site_spots(proposal), "street", column="id")
    rows = proposal.eligible.table.iloc[proposal.chosen].to_dict("records")
    stock = proposal.evaluation.detail.candidates
    risk = dict(zip(stock["candidate_id"], stock["objection_risk"], strict=True))
    return [
        one_after_another([
            *(doubt_word(code) for code in str(row["doubts"]).split(";") if code),
            *_objection(risk.get(row["candidate_id"])),
            *_centre(proposal, row["category"], street),
            *_cost(row["cost_wan"]),
        ])
        for row, street in zip(rows, streets, strict=True)
    ]  # fmt: skip


def site_spots(proposal: Proposal) -> gpd.GeoSeries:
    """Return where the sites lie, in the metres of the study."""
    spots = gpd.GeoSeries(proposal.positions(), crs=WGS84)
    return spots.to_crs(proposal.evaluation.study.crs)


def _objection(risk: object) -> Iterator[Message]:
    if isinstance(risk, str) and _HIGH in risk:
        yield say("邻避风险高")


def _centre(proposal: Proposal, category: object, street: str) -> Iterator[Message]:
    """Yield that the street of a centre has an operating one: one a street is what is asked for."""
    if category not in CENTRE:
        return
    streets = proposal.evaluation.detail.streets
    own = streets.loc[streets["area_id"].eq(street) & streets["centres"].gt(0).fillna(value=False)]
    for id_, area in zip(own["centre_id"], own["floor_area_m2"], strict=True):
        which = id_ if pd.isna(area) else say("{id}，{area}㎡", id=id_, area=measure(area))
        yield say("本街道（镇）已有运营的同类中心（{which}）", which=which)


def _cost(cost_wan: float) -> Iterator[Message]:
    if pd.isna(cost_wan):
        yield say("费用不明")
