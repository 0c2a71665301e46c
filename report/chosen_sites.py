"""The sites of a proposal in one table: what each does, what it costs, and what speaks for it."""

import numpy as np
import pandas as pd

from analysis.siting.choosing import Proposal
from analysis.siting.reasons import Reasons
from geo.streets.network import Floats
from report.siting_files import details_table, sites_table

YUAN = 10_000  # of a 万元


def chosen_sites(proposal: Proposal, reasons: Reasons) -> pd.DataFrame:
    """Return a row a site in order of rank.

    `rank, candidate_id, name, action, category, gain_60plus, covered_60plus, share_60plus,
    cost_wan`; `yuan_per_person` of those newly covered, empty without cost or gain;
    `cured_estates, cured_m2`, what could be made good if confirmed; `rivals`, candidates that would
    cover the same people; `runner_up_id, runner_up_less_60plus`; `reason`, all of it in words.
    """
    sites = sites_table(proposal, reasons)
    details = details_table(proposal, reasons)
    cost, gain = details["cost_wan"].to_numpy(dtype=np.float64), proposal.gain
    each: Floats = np.divide(
        cost * YUAN, gain, out=np.full(len(gain), np.nan), where=np.asarray(gain) > 0
    )
    ids = proposal.eligible.table["candidate_id"]
    rivals = reasons.rivals
    named = [
        "、".join(str(ids.iloc[int(at)]) for at in rivals.loc[rivals["rank"].eq(rank), "candidate"])
        for rank in range(len(sites))
    ]
    return pd.DataFrame(
        {
            **{name: sites[name] for name in ("rank", "candidate_id")},
            **{name: details[name] for name in ("name", "action", "category")},
            **{name: sites[name] for name in ("gain_60plus", "covered_60plus", "share_60plus")},
            "cost_wan": cost,
            "yuan_per_person": each,
            **{name: details[name] for name in ("cured_estates", "cured_m2")},
            "rivals": named,
            **{name: details[name] for name in ("runner_up_id", "runner_up_less_60plus")},
            "reason": sites["reason"],
        }
    )
