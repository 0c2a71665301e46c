"""A proposal of sites in the terminal: a short table, the proof, where the reasons stand."""
# ruff: noqa: T201 - printing is what this is for

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.siting.asked import Objective
from analysis.siting.choosing import Proposal
from analysis.siting.searches import why_none
from analysis.siting.solution import Status
from geo.language import Message, joined, say, translate
from report.terminal import print_findings

STATUSES = {
    Status.OPTIMAL: say("已证明最优"),
    Status.FEASIBLE: say("可行解"),
    Status.TIME_LIMIT: say("到时限为止的最好解"),
    Status.INFEASIBLE: say("无解"),
}


def print_sites(proposal: Proposal, out: Path) -> None:
    """Print the sites with what each adds, how good they are at most, and where the files stand."""
    console = Console()
    console.print(_table(proposal))
    for sentence in (_whole(proposal), proof(proposal), *_further(proposal)):
        console.print(str(sentence), markup=False, soft_wrap=True)
    print_findings(proposal.findings)
    print(say("逐处理由见 {file}，未选原因见 {other}。", file=str(out / "sites.csv"),
              other=str(out / "why_not.csv")))  # fmt: skip
    if proposal.evaluation.study.notice:
        console.print(proposal.evaluation.study.notice, markup=False)


def _table(proposal: Proposal) -> Table:
    table = Table(title=Text(proposal.evaluation.study.title))
    for heading in ("序", "编号", "名称", "新增覆盖", "累计覆盖", "覆盖率", "费用（万元）"):
        table.add_column(translate(heading))
    rows = proposal.eligible.table.iloc[proposal.chosen]
    gains = zip(proposal.whole_gain, proposal.covered, proposal.shares, strict=True)
    for rank, ((_, row), (gain, covered, share)) in enumerate(
        zip(rows.iterrows(), gains, strict=True), start=1
    ):
        cost = row["cost_wan"]
        table.add_row(
            str(rank), Text(row["candidate_id"]), Text(row["name"]), f"{gain:,}", f"{covered:,}",
            f"{share:.1%}", f"{cost:g}" if cost == cost else "—",  # noqa: PLR0124 - NaN
        )  # fmt: skip
    return table


def _whole(proposal: Proposal) -> Message:
    """Return what the sites do together, with the denominator."""
    before, everybody = proposal.baseline, proposal.everybody
    after = proposal.starting + float(proposal.gain.sum())
    return say(
        "60 岁以上 {everybody:,.0f} 人中，可达由 {before:,.0f} 人（{share:.1%}）"
        "增至 {after:,.0f} 人（{then:.1%}）。",
        everybody=everybody,
        before=before,
        share=before / everybody,
        after=after,
        then=after / everybody,
    )


def proof(proposal: Proposal) -> Message:
    """Return how good the answer is at most, in one sentence."""
    solution, aim = proposal.solution, proposal.asked.aim
    if solution.status is Status.INFEASIBLE:
        return joined("", *why_none(proposal.found))
    figures = {"value": solution.value, "bound": solution.bound, "gap": solution.gap}
    status = STATUSES[solution.status]
    if aim is Objective.SET_COVER:
        return say(
            "{status}：用 {value:.0f} 处；已证明不可能少于 {bound:.0f} 处。",
            status=status, **figures,
        )  # fmt: skip
    if aim in (Objective.P_MEDIAN, Objective.P_CENTER):
        return say(
            "{status}：{value:,.0f} 米；已证明不可能短于 {bound:,.0f} 米（相差 {gap:.2%}）。",
            status=status, **figures,
        )  # fmt: skip
    if proposal.asked.weighting is not None:
        return say(
            "{status}：加权后新增 {value:,.0f}；"
            "已证明任何选法不超过 {bound:,.0f}（相差 {gap:.2%}）。",
            status=status, **figures,
        )  # fmt: skip
    return say(
        "{status}：新增 {value:,.0f} 人；已证明任何选法不超过 {bound:,.0f} 人（相差 {gap:.2%}）。",
        status=status, **figures,
    )  # fmt: skip


def _further(proposal: Proposal) -> list[Message]:
    """Return what is told besides: people outside, and candidates that are out."""
    told = []
    if proposal.eligible.kept.any():
        ids = proposal.eligible.table["candidate_id"]
        told.append(
            say(
                "允许关闭的设施中保留 {kept} 处，关闭 {closed} 处（{ids}）。",
                kept=len(proposal.kept),
                closed=len(proposal.closed),
                ids="、".join(ids.iloc[proposal.closed]) or "—",
            )
        )
    if proposal.outside_gain >= 1:
        told.append(say("区外受益 {people:,.0f} 人，不计入新增。", people=proposal.outside_gain))
    out = int((~proposal.eligible.may).sum())
    if out:
        told.append(
            say(
                "{total} 个备选点中有 {out} 个不能用（原因见 why_not.csv）。",
                total=len(proposal.eligible.table),
                out=out,
            )
        )
    return [joined("", *told)] if told else []
