"""A proposal of sites as files: the sites with their reasons, the proof, why not the others."""

from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.coverage.areas import by_level
from analysis.scenario import Scenario
from analysis.scenario_text import scenario_text
from analysis.siting.asked import Objective
from analysis.siting.choosing import Proposal
from analysis.siting.closing_costs import ClosingCosts
from analysis.siting.reasons import NO_CANDIDATE, Reasoning, Reasons, WhyNot
from analysis.siting.rule_texts import texts_of
from analysis.siting.searches import why_none
from analysis.siting.told import site_reasons, why_not_sentences
from analysis.siting.years.phased import Phased
from analysis.what_if.reliance import Reliance
from geo.findings import as_table
from geo.language import Message, say
from report.provision_figures import printed_deficit
from report.tables import all_or_none, write_csv, write_json

SCENARIO: Final = "scenario.toml"
SPOTS: Final = "sites.gpkg"
PHASED: Final = ("projects.csv", "projects_left.csv", "phases.csv")
CLOSING: Final = "site_closing.csv"
PHASED_SCENARIO: Final = "scenario_phased.toml"
# What a gain or a loss of these objectives is counted in.
WEIGHTED: Final = {
    "80plus": say("新增覆盖的 80 岁以上老年人（人）"),
    "behind": say("新增覆盖的 60 岁以上老年人（按所在街道未覆盖的比例折算）"),
}
UNITS: Final = {
    Objective.MAX_COVER: say("新增覆盖的 60 岁以上老年人（人）"),
    Objective.SET_COVER: say("新建处数（处）"),
    Objective.P_MEDIAN: say("60 岁以上老年人平均步行距离（米）"),
    Objective.P_CENTER: say("60 岁以上老年人最远步行距离（米）"),
}


def write_sites(  # noqa: PLR0913 - what is known of a proposal
    proposal: Proposal,
    folder: Path,
    *,
    scenario: Scenario,
    relying: Reliance,
    areas: pd.DataFrame,
    phased: Phased | None = None,
    phased_scenario: Scenario | None = None,
    closing: ClosingCosts | None = None,
) -> list[Path]:
    """Write the files of a proposal into `folder`, all or none, and return them.

    sites.csv and solution.json are the terminal contract; beside them stand the details of each
    site (with their places as a layer in the study's own system), its people by street, who is
    covered in each street before and after, why each other candidate was not chosen, who relies on
    a single facility, the findings, the sites as a scenario for `evaluate --scenario`, and where
    years are asked for, the sites by year. Tables of years of an earlier run do not stay.

    scenario, areas
        The proposal as a scenario; the study and its streets as `Live` tells them of it.
    phased_scenario
        The sites that are built in some year as a scenario.
    closing
        What goes with the facilities that are given up.
    """
    reasoning = Reasoning(proposal)
    reasons, why_not = reasoning.reasons(), reasoning.why_not()
    without = (*PHASED, PHASED_SCENARIO, CLOSING)
    with all_or_none(folder, without=without, mark="solution.json") as draft:
        write_csv(areas_table(areas), draft / "site_areas.csv")
        write_csv(relying.facilities, draft / "reliance.csv")
        write_csv(relying.streets, draft / "reliance_streets.csv")
        if phased is not None:
            for name, table in zip(
                PHASED, (phased.projects, phased.left_over, phased.years), strict=True
            ):
                write_csv(table, draft / name)
        if phased_scenario is not None:
            _write_text(scenario_text(phased_scenario), draft / PHASED_SCENARIO)
        write_csv(sites_table(proposal, reasons), draft / "sites.csv")
        details = details_table(proposal, reasons)
        write_csv(details, draft / "site_details.csv")
        _write_spots(proposal, details, why_not_table(proposal, why_not), draft / SPOTS)
        write_csv(streets_table(proposal, reasons), draft / "site_streets.csv")
        write_csv(why_not_table(proposal, why_not), draft / "why_not.csv")
        write_csv(as_table(proposal.findings), draft / "site_findings.csv")
        write_json(solution_content(proposal, closing), draft / "solution.json")
        if closing is not None:
            changed = pd.concat([closing.worse, closing.other], ignore_index=True)
            write_csv(changed, draft / CLOSING)
        _write_text(scenario_text(scenario), draft / SCENARIO)
        written = sorted(file.name for file in draft.iterdir())
    return [folder / name for name in written]


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def write_no_answer(proposal: Proposal, folder: Path) -> list[Path]:
    """Write what there is where no choice does what is asked, and return the files.

    Why not, and what each candidate could do: nothing that looks like a plan. Where the folder
    holds the sites of an earlier run, nothing is written.
    """
    if (folder / "sites.csv").exists():
        return []
    why_not = Reasoning(proposal).why_not()
    with all_or_none(folder, mark="solution.json") as draft:
        write_json(solution_content(proposal), draft / "solution.json")
        write_csv(why_not_table(proposal, why_not), draft / "why_not.csv")
        write_csv(as_table(proposal.findings), draft / "site_findings.csv")
        written = sorted(file.name for file in draft.iterdir())
    return [folder / name for name in written]


def sites_table(proposal: Proposal, reasons: Reasons) -> pd.DataFrame:
    """Return the sites in order of rank, as the terminal contract has them.

    Gain, covered and share are of coverage, as `evaluate` of the proposal prints them; where
    facilities have room for so many only, those served stand in columns of their own.
    """
    table = pd.DataFrame(
        {
            "rank": _ranks(proposal),
            "candidate_id": _of_sites(proposal, "candidate_id"),
            "gain_60plus": proposal.whole_gain,
            "covered_60plus": proposal.covered,
            "share_60plus": proposal.shares,
            "reason": [str(reason) for reason in site_reasons(proposal, reasons)],
        }
    )
    if proposal.found.served is None:
        return table
    return table.assign(
        served_gain_60plus=proposal.served_gain,
        served_60plus=proposal.served,
        served_share=proposal.served_shares,
    )


def details_table(proposal: Proposal, reasons: Reasons) -> pd.DataFrame:
    """Return what is known of each site, and figures behind its reason."""
    cured = reasons.cured.groupby("site")["deficit_m2"].agg(["count", "sum"])
    cured = cured.reindex(proposal.chosen, fill_value=0)
    spots = proposal.positions()
    ids = proposal.eligible.table["candidate_id"]
    second = reasons.runner_up
    return pd.DataFrame(
        {
            "rank": _ranks(proposal),
            **{name: _of_sites(proposal, name) for name in (
                "candidate_id", "name", "action", "kind", "category", "area_m2", "beds", "cost_wan",
                "mandatory", "doubts",
            )},
            "x": shapely.get_x(proposal.eligible.points[proposal.chosen]),
            "y": shapely.get_y(proposal.eligible.points[proposal.chosen]),
            "lon": spots.x.to_numpy(),
            "lat": spots.y.to_numpy(),
            "nearer_60plus": reasons.nearer,
            "saved_m": reasons.saved_m,
            "cured_estates": cured["count"].to_numpy(),
            "cured_m2": cured["sum"].to_numpy(dtype=np.float64),
            "runner_up_id": np.where(
                second == NO_CANDIDATE, "", ids.to_numpy(dtype=object)[second]
            ),
            "runner_up_less_60plus": reasons.runner_up_less,
        }
    )  # fmt: skip


def areas_table(areas: pd.DataFrame) -> pd.DataFrame:
    """Return who is covered in the study and each street before and after."""
    columns = [
        "level", "area_id", "name", "elderly_60plus", "covered_before", "share_before",
        "covered_60plus", "share_60plus", "covered_change", "share_change",
    ]  # fmt: skip
    return areas[columns]


def _write_spots(
    proposal: Proposal, details: pd.DataFrame, why_not: pd.DataFrame, path: Path
) -> None:
    """Write the sites, and all candidates, as layers of points in the study's own metres."""
    points = proposal.eligible.points
    told = {
        "sites": (details.assign(gain_60plus=proposal.whole_gain), points[proposal.chosen]),
        "candidates": (why_not, points),
    }
    for name, (table, at) in told.items():
        layer = gpd.GeoDataFrame(table, geometry=at, crs=proposal.evaluation.study.crs)
        layer.to_file(path, driver="GPKG", layer=name, geometry_type="Point")


def streets_table(proposal: Proposal, reasons: Reasons) -> pd.DataFrame:
    """Return whom each site newly covers, by street; people in no street have an empty area."""
    streets = dict(by_level(proposal.evaluation.study.layer("boundaries"))).get("street")
    told = reasons.by_street
    at = told["street"].to_numpy(dtype=np.int64)
    ids, names = (
        [""] if streets is None else [*streets[column].astype(str), ""] for column in ("id", "name")
    )
    return pd.DataFrame(
        {
            "rank": told["rank"].to_numpy(dtype=np.int64) + 1,
            "area_id": np.array(ids, dtype=object)[at],
            "name": np.array(names, dtype=object)[at],
            "gain_60plus": told["gain_60plus"].to_numpy(dtype=np.int64),
        }
    )


def why_not_table(proposal: Proposal, told: WhyNot) -> pd.DataFrame:
    """Return every candidate with where it is, what it would do, and why it was not chosen.

    `document` and `clause` are those of the rules that keep it out.
    """
    table = proposal.eligible.table
    everywhere = np.arange(len(table))
    spots = proposal.positions(everywhere)
    rules = texts_of(proposal.evaluation, table["reasons"])
    none = told.instead_of == NO_CANDIDATE
    ids = table["candidate_id"].to_numpy(dtype=object)
    sites = np.append(ids[proposal.chosen], "")
    return pd.DataFrame(
        {
            "candidate_id": ids,
            "name": table["name"],
            "chosen": np.isin(everywhere, [*proposal.chosen, *proposal.kept]),
            "reasons": table["reasons"],
            "document": [document for document, _ in rules],
            "clause": [clause for _, clause in rules],
            "doubts": table["doubts"],
            "x": shapely.get_x(proposal.eligible.points),
            "y": shapely.get_y(proposal.eligible.points),
            "lon": spots.x.to_numpy(),
            "lat": spots.y.to_numpy(),
            "alone_60plus": told.alone,
            "added_60plus": told.added,
            "instead_of": np.where(none, "", sites[told.instead_of]),
            "loss_60plus": told.loss,
            "text": [str(sentence) for sentence in why_not_sentences(proposal, told)],
        }
    )


def solution_content(proposal: Proposal, closing: ClosingCosts | None = None) -> dict[str, Any]:
    """Return the proof: what was asked, what was found, and how good it is at most."""
    solution, asked = proposal.solution, proposal.asked
    unit: Message = UNITS[asked.aim] if asked.weighting is None else WEIGHTED[asked.weighting]
    if proposal.found.served is not None and asked.aim is Objective.MAX_COVER:
        unit = say("新增服务的 60 岁以上老年人（人，受容量限制）")
    return {
        "objective": _known(solution.value),
        "bound": _known(solution.bound),
        "gap": _known(solution.gap),
        "status": solution.status.value,
        "seconds": solution.seconds,
        "why": [str(sentence) for sentence in why_none(proposal.found)],
        "aim": asked.aim.value,
        "unit": str(unit),
        "asked": {
            "count": asked.count,
            "cover": asked.cover,
            "cover_each": None if asked.cover_each is None else list(asked.cover_each),
            "budget_wan": asked.budget_wan,
            "capacity": asked.capacity,
            "weight": asked.weighting,
            "may_close": list(asked.may_close),
            "may_upgrade": list(asked.may_upgrade),
            "generate": asked.generate,
            "stock_only": asked.stock_only,
            "seconds": asked.seconds,
        },
        "sites": len(proposal.chosen),
        "candidates": len(proposal.eligible.table),
        "candidates_out": int((~proposal.eligible.may).sum()),
        "elderly_60plus": proposal.everybody,
        "covered_60plus_before": proposal.baseline,
        "covered_60plus_after": proposal.starting + float(proposal.gain.sum()),
        "closed": [*proposal.eligible.table["candidate_id"].iloc[proposal.closed]],
        "kept": [*proposal.eligible.table["candidate_id"].iloc[proposal.kept]],
        "outside_60plus": proposal.outside_gain,
        "lower_bound": lower_bound(proposal, closing),
        **_served(proposal),
        "closing": None if closing is None else _closing(closing),
        **proposal.found.figures,
        "cost_wan": _cost(proposal),
        "notice": proposal.evaluation.study.notice,
    }


def lower_bound(proposal: Proposal, closing: ClosingCosts | None) -> bool:
    """Return whether people covered are a lower bound, as `evaluate` of the proposal tells it."""
    if closing is not None:
        return closing.lower_bound
    return bool(proposal.evaluation.summary["coverage"]["lower_bound"])


def _closing(closing: ClosingCosts) -> dict[str, Any]:
    """Return what goes with the facilities that are given up."""
    return {
        "facilities": [*closing.facilities],
        "estates_no_longer_met": [*closing.worse["residential_id"]],
        "estates_otherwise_changed": [*closing.other["residential_id"]],
        "floor_area_m2": closing.floor_area_m2,
        "floor_area_unknown": closing.unknown_area,
        "beds": closing.beds,
        "beds_unknown": closing.unknown_beds,
        "pools_broken": [*closing.pools],
        "deficit_before": printed_deficit(closing.before),
        "deficit_after": printed_deficit(closing.after),
    }


def _served(proposal: Proposal) -> dict[str, float]:
    """Return who is served before and after, where facilities have room for so many only."""
    served = proposal.found.served
    if served is None:
        return {}
    return {
        "served_60plus_before": proposal.served_before,
        "served_60plus_after": proposal.served_before + float(served.gain.sum()),
        "served_share": float(proposal.served_shares[-1])
        if len(proposal.chosen)
        else proposal.served_before / proposal.everybody,
        "served_outside_60plus": float(
            (served.served - served.before)[proposal.demand.outside].sum()
        ),
    }


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _cost(proposal: Proposal) -> float | None:
    """Return what the sites cost together; None where one of them does not say."""
    cost = proposal.eligible.figure("cost_wan")[proposal.chosen]
    return None if np.isnan(cost).any() else float(cost.sum())


def _ranks(proposal: Proposal) -> np.ndarray:
    return np.arange(1, len(proposal.chosen) + 1)


def _of_sites(proposal: Proposal, column: str) -> np.ndarray:
    values: np.ndarray = proposal.eligible.table[column].to_numpy()[proposal.chosen]
    return values
