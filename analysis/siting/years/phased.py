"""The sites of a proposal put into years, as the table of projects that offices send around."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.coverage.areas import by_level, members
from analysis.rounding import largest_remainder, nearest_whole
from analysis.siting.choosing import Proposal
from analysis.siting.eligible import doubt_word
from analysis.siting.solving.candidates import Candidates
from analysis.siting.years.phasing import LeftOver, Means, Phases, phases
from analysis.siting.years.project_table import (
    COVERED,
    GAIN,
    PLACE,
    SHARE,
    built_in_order,
    left_over_table,
    project_table,
)
from geo.errors import SitingError
from geo.language import Message, say
from geo.streets.network import Floats, Ints

LON, LAT = "经度", "纬度"
CENTURY = 20  # a year is written with four figures, and not far ahead
ACTIONS: dict[str, Message] = {
    "build": say("新建"), "convert": say("改建"), "keep": say("保留"),
    "enlarge": say("扩建"),
}


@dataclass(frozen=True, eq=False)
class Phased:
    """Sites by year.

    projects, left_over
        The table of projects with Chinese headers and a last row of sums; sites built in no year.
    years
        Of each year: year, budget_wan, cost_wan, sites, gain_60plus, covered_60plus, share_60plus.
    carries_over
        Whether money not spent stays for the years after.
    built
        The sites that are built in some year, by candidate number, in order of rank.
    """

    phases: Phases
    carries_over: bool
    projects: pd.DataFrame
    left_over: pd.DataFrame
    years: pd.DataFrame
    built: Ints

    @property
    def costless(self) -> int:
        """Return how many are left over because nobody says what they cost."""
        return sum(why == LeftOver.COST_UNKNOWN for why in self.phases.left_over)


def phase(proposal: Proposal, means: Means, *, seconds: float = 10.0) -> Phased:
    """Return the sites in the years in which people wait least for them.

    Errors: SitingError where facilities have room for so many only, or mandatory sites do not fit.
    """
    if proposal.found.served is not None:
        raise SitingError(say("--years 不能与 --capacity 同用。"))
    people = np.where(proposal.stays, 0.0, proposal.table.gainful)
    found = phases(
        _sites(proposal),
        people,
        proposal.eligible.figure("cost_wan")[proposal.chosen],
        means,
        seconds=seconds,
    )
    given = _projects(proposal)
    table = project_table(
        given, found, means, elderly=proposal.everybody, covered=proposal.starting
    )
    return Phased(
        found,
        means.carry_over,
        _placed(_in_whole_people(table, proposal.starting), proposal, found),
        left_over_table(given, found),
        _years(proposal, means, found),
        proposal.chosen[found.year >= 0],
    )


def _in_whole_people(table: pd.DataFrame, starting: float) -> pd.DataFrame:
    """Return the projects with whole people, whose sums are the sums printed."""
    gains = table[GAIN].to_numpy(dtype=np.float64)[:-1]
    whole, after = _whole(gains, starting)
    table = table.copy()
    table[GAIN] = np.append(whole, whole.sum())
    table[COVERED] = np.append(after, _last(after, starting))
    table[SHARE] = table[SHARE].map("{:.1%}".format, na_action="ignore")
    return table


def _placed(table: pd.DataFrame, proposal: Proposal, found: Phases) -> pd.DataFrame:
    """Return the projects with their degrees behind their place; empty in the row of sums."""
    spots = proposal.positions(proposal.chosen[built_in_order(found)])
    table = table.copy()
    at = [*table.columns].index(PLACE) + 1
    for name, axis in ((LAT, spots.y), (LON, spots.x)):
        table.insert(at, name, [*(f"{degrees:.6f}" for degrees in axis), ""])  # a tenth of a metre
    return table


def _whole(gains: Floats, starting: float) -> tuple[Ints, Ints]:
    """Return gains in whole people, and the whole people covered after each."""
    before = nearest_whole(starting)
    whole = largest_remainder(gains, nearest_whole(starting + float(gains.sum())) - before)
    return whole, before + np.cumsum(whole)


def _last(after: Ints, starting: float) -> int:
    return int(after[-1]) if len(after) else nearest_whole(starting)


def _sites(proposal: Proposal) -> Candidates:
    """Return the chosen sites alone, in order of rank."""
    rows = [proposal.table.places_of(int(site)) for site in proposal.chosen]
    start = np.append(0, np.cumsum([len(row) for row in rows])).astype(np.int64)
    place = np.concatenate([np.zeros(0, dtype=np.int64), *rows])
    must = proposal.eligible.mandatory[proposal.chosen]
    return Candidates(start, place, mandatory=must)


def _projects(proposal: Proposal) -> pd.DataFrame:
    sites = proposal.eligible.table.iloc[proposal.chosen].reset_index(drop=True)
    told = proposal.evaluation.detail.candidates.set_index("candidate_id")
    own = sites["candidate_id"].mask(sites["stands"].ne(""), "")  # a facility may bear the same id
    texts = told[["document", "clause"]].reindex(own).fillna("")
    clause = (texts["document"].astype(str) + " " + texts["clause"].astype(str)).str.strip()
    return pd.DataFrame(
        {
            "id": sites["candidate_id"],
            "name": sites["name"],
            "place": _streets(proposal, proposal.chosen),
            "kind": sites["action"].map({code: str(word) for code, word in ACTIONS.items()}),
            "floor_area_m2": sites["area_m2"].mask(sites["new_land"]),
            "cost_wan": sites["cost_wan"],
            "responsible": "",
            "clause": clause.to_numpy(),
            "check": [_doubts(codes) for codes in sites["doubts"]],
            "note": proposal.evaluation.study.notice,
        }
    )


def _doubts(codes: str) -> str:
    return "、".join(str(doubt_word(code)) for code in codes.split(";") if code)


def _streets(proposal: Proposal, sites: Ints) -> list[str]:
    """Return the name of the street each site stands in; empty outside all."""
    named = dict(by_level(proposal.evaluation.study.layer("boundaries"))).get("street")
    if named is None:
        return [""] * len(sites)
    at = members(proposal.eligible.points[sites], named.geometry).first
    names = [*named["name"].fillna("").astype(str), ""]
    return [names[position] for position in at]


def _years(proposal: Proposal, means: Means, found: Phases) -> pd.DataFrame:
    gains, after = _whole(found.newly, proposal.starting)
    covered = proposal.starting + found.covered
    return pd.DataFrame(
        {
            "year": means.years,
            "budget_wan": means.budgets,
            "cost_wan": found.cost,
            "sites": found.count,
            "gain_60plus": gains,
            "covered_60plus": after,
            "share_60plus": covered / proposal.everybody,
        }
    )


def means_of(text: str, *, per_year: int | None, carry_over: bool) -> Means:
    """Return what `2026:300,2027:500` says: 万元 by year. Errors: SitingError."""
    parts = [part.partition(":") for part in text.replace("：", ":").replace("，", ",").split(",")]
    try:
        told = {int(year): float(budget) for year, _, budget in parts}
    except ValueError:
        told = {}
    years = np.array(sorted(told), dtype=object)
    budgets = np.array([told[int(year)] for year in years], dtype=np.float64)
    sane = np.isfinite(budgets).all() and (budgets >= 0).all()
    if not told or len(told) != len(parts) or not sane or not (years // 100 == CENTURY).all():
        raise SitingError(
            say("--years “{text}”应写成 年:万元，例如 2026:300,2027:500，每年一次。", text=text)
        )
    return Means(years.astype(np.int64), budgets, per_year, carry_over)
