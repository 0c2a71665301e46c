"""What stands beside a street's lines at a meeting: its rate, and what a scenario changes there."""

from collections.abc import Sequence

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.provision.rates import provision_summary
from analysis.what_if.elders import whole_change
from geo.language import Message, say
from report.areas import street_of_estates
from report.figures import NOTHING, number, percent, unknown
from report.provision_figures import rate_basis
from report.street_card import Line


def rate_lines(evaluation: Evaluation, street: str) -> Sequence[Line]:
    """Return the share of a street's estates that have their rooms, with what it is of."""
    provision, streets = evaluation.provision, street_of_estates(evaluation)
    rows = provision.loc[provision["residential_id"].isin(streets.index[streets.eq(street)])]
    told = provision_summary(rows)
    if not told["in_scope"]:
        return []
    rate = NOTHING if told["rate"] is None else percent(told["rate"])
    basis = rate_basis(told)
    shown = say("{rate}（达标 / 可判定：{basis}）", rate=rate, basis=basis)
    return [(say("配建达标率"), str(shown))]


def change_lines(
    evaluation: Evaluation, baseline: Evaluation, street: str
) -> Sequence[Line]:
    """Return how many people of a street are covered as things stand and under the scenario."""
    after, before = (_streets(each) for each in (evaluation, baseline))
    if street not in after.index or street not in before.index:
        return []
    before = before.reindex(after.index)
    change = whole_change(before.reset_index(drop=True), after.reset_index(drop=True))
    change.index = after.index
    now, was = (each.loc[street] for each in (after, before))
    people = say(
        "{was} → {now} 人（{change}）", was=number(was["covered_60plus"]),
        now=number(now["covered_60plus"]), change=_signed(change.loc[street]),
    )  # fmt: skip
    shares = say(
        "{was} → {now}", was=percent(was["share_60plus"]), now=percent(now["share_60plus"])
    )
    return [(say("现状 → 情景"), str(people)), (say("可达率变化"), str(shares))]


def _streets(evaluation: Evaluation) -> pd.DataFrame:
    """Return the study's row, then its streets, by id: people whose walk is measured."""
    table = evaluation.headline_coverage
    rows = table.loc[table["level"].isin(["study", "street"])]
    return rows.set_index("area_id")


def _signed(people: float) -> Message | str:
    if unknown(people):
        return NOTHING
    return say("没有变化") if round(people) == 0 else f"{people:+,.0f}"
