"""A proposal of sites in the terminal: a short table, the proof, where the reasons stand."""
# ruff: noqa: T201 - printing is what this is for

from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.rule_keys import ROOM
from analysis.siting.asked import Objective
from analysis.siting.choosing import Proposal
from analysis.siting.closing_costs import ClosingCosts
from analysis.siting.goals import percent_below
from analysis.siting.searches import why_none
from analysis.siting.solving.solution import Status
from analysis.siting.years.phased import ACTIONS, Phased
from analysis.what_if.reliance import Reliance
from geo.language import Message, joined, say
from report.provision_figures import printed_deficit
from report.siting_files import CLOSING, lower_bound
from report.terminal import print_findings

NAMED = 5  # estates
FIGURE = 7  # columns of a terminal that a figure such as 123,456 needs
WEIGHTED = {
    "80plus": say("名 80 岁以上老年人"),
    "behind": say("人次（每人按所在街道未覆盖的比例折算）"),
}
WALKS = {
    Objective.P_MEDIAN: say("60 岁以上老年人平均步行"),
    Objective.P_CENTER: say("走得到的人中最远的步行"),
}
STATUSES = {
    Status.OPTIMAL: say("已证明最优"),
    Status.FEASIBLE: say("可行解，尚未证明最优（搜索在时限前已停止，余下的差距未能排除）"),
    Status.TIME_LIMIT: say("到时限为止的最好解（用 --seconds 延长时限可继续证明）"),
    Status.INFEASIBLE: say("无解"),
}


def print_sites(
    proposal: Proposal, relying: Reliance, out: Path, closing: ClosingCosts | None = None
) -> None:
    """Print the sites with what each adds, how good they are at most, and where the files stand."""
    console = Console()
    console.print(_table(proposal))
    least = lower_bound(proposal, closing)
    told = [_whole(proposal, least=least), proof(proposal), *_further(proposal)]
    told += [] if closing is None else closing_sentences(closing)
    told.append(_relying(relying))
    for sentence in told:
        console.print(str(sentence), markup=False, soft_wrap=True)
    print_findings(proposal.findings)
    print(say("逐处理由见 {file}，未选原因见 {other}。", file=str(out / "sites.csv"),
              other=str(out / "why_not.csv")))  # fmt: skip
    if proposal.evaluation.study.notice:
        console.print(proposal.evaluation.study.notice, markup=False)


def _table(proposal: Proposal) -> Table:
    table = Table(title=Text(proposal.evaluation.study.title))
    served = proposal.found.served is not None
    # What is built is left out where figures need the width of a terminal; the files have it.
    headings = [
        say("序"), say("编号"), say("名称"), *([] if served else [say("类型")]), say("新增覆盖"),
        say("累计覆盖"), say("覆盖率"), *([say("新增服务"), say("累计服务")] if served else []),
        say("费用（万元）"),
    ]  # fmt: skip
    texts = 3 if served else 4
    for number, heading in enumerate(headings):
        width = FIGURE if number >= texts else None
        table.add_column(str(heading), overflow="fold", min_width=width)
    rows = proposal.eligible.table.iloc[proposal.chosen]
    figures = zip(proposal.whole_gain, proposal.covered, proposal.shares, strict=True)
    for rank, ((_, row), (gain, covered, share)) in enumerate(
        zip(rows.iterrows(), figures, strict=True)
    ):
        cost = row["cost_wan"]
        room = [f"{proposal.served_gain[rank]:,}", f"{proposal.served[rank]:,}"] if served else []
        table.add_row(
            str(rank + 1), Text(row["candidate_id"]), Text(row["name"]),
            *([] if served else [str(ACTIONS[row["action"]])]), f"{gain:,}", f"{covered:,}",
            share_text(proposal, share), *room, f"{cost:g}" if cost == cost else "—",  # noqa: PLR0124 - NaN
        )  # fmt: skip
    return table


def share_text(proposal: Proposal, share: float) -> str:
    """Return a share in per cent, never rounded up to a goal that it misses."""
    asked = proposal.asked
    goal = asked.cover if asked.cover is not None else (asked.cover_each or ("", np.nan))[1]
    return percent_below(share, goal)


def print_phases(phased: Phased, out: Path) -> None:
    """Print what is built in each year, what it costs and who is covered after it."""
    table = Table()
    for heading in (
        say("年份"), say("处数"), say("费用（万元）"), say("资金（万元）"), say("新增覆盖"),
        say("年末覆盖"), say("覆盖率"),
    ):  # fmt: skip
        table.add_column(str(heading))
    for year in phased.years.itertuples(index=False):
        table.add_row(
            str(year.year), str(year.sites), f"{year.cost_wan:g}", f"{year.budget_wan:g}",
            f"{year.gain_60plus:,.0f}", f"{year.covered_60plus:,.0f}", f"{year.share_60plus:.1%}",
        )  # fmt: skip
    Console().print(table)
    if len(phased.left_over):
        print(say("{count} 处未排入，所以少于上面的合计；原因见 {file}。",
                  count=len(phased.left_over), file=str(out / "projects_left.csv")))  # fmt: skip
        if phased.costless:
            print(say("其中 {count} 处费用未知，排不进任何一年：请在备选点图层补填 cost_wan"
                      "（费用，万元）一列；--generate 生成的位置没有费用，须先列入备选点图层。",
                      count=phased.costless))  # fmt: skip
        if not phased.carries_over and phased.costless < len(phased.left_over):
            print(say("加 --carry-over 可把当年结余结转下年。"))
    print(say("{file} 是排入各年的 {count} 处的情景，{other} 是全部 {all} 处的。",
              file=str(out / "scenario_phased.toml"), count=len(phased.built),
              other=str(out / "scenario.toml"), all=len(phased.phases.year)))  # fmt: skip
    print(say("近期建设项目表见 {file}。", file=str(out / "projects.csv")))


def _whole(proposal: Proposal, *, least: bool) -> Message:
    """Return what the sites do together, with the denominator, and what they cost."""
    before, everybody = proposal.baseline, proposal.everybody
    after = proposal.starting + float(proposal.gain.sum())
    return say(
        "60 岁以上 {everybody:,.0f} 人中，可达由 {before:,.0f} 人（{share}）"
        "变为 {after:,.0f} 人（{then}）；{cost}。",
        everybody=everybody,
        before=before,
        share=("≥" if lower_bound(proposal, None) else "")
        + share_text(proposal, before / everybody),
        after=after,
        then=("≥" if least else "") + share_text(proposal, after / everybody),
        cost=_cost(proposal),
    )


def closing_sentences(closing: ClosingCosts) -> list[Message]:
    """Return what closing costs besides the walk."""
    facilities = "、".join(closing.facilities)
    told = [
        say(
            "关闭 {facilities} 另外失去：建筑面积 {area:,.0f} ㎡{no_area}，床位 {beds:,.0f} 张"
            "{no_beds}；配建缺口由 {before} ㎡变为 {after} ㎡。",
            facilities=facilities,
            area=closing.floor_area_m2,
            no_area=_unknown(closing.unknown_area),
            beds=closing.beds,
            no_beds=_unknown(closing.unknown_beds),
            before=printed_deficit(closing.before) or "—",
            after=printed_deficit(closing.after) or "—",
        )
    ]
    if len(closing.worse):
        names = closing.worse["name"].fillna(closing.worse["residential_id"])
        told.append(
            say(
                "{count} 个小区由达标变为不达标或无法判定：{names}{more}（见 {file}）。",
                count=len(closing.worse),
                names="、".join(names[:NAMED]),
                more=say("等") if len(names) > NAMED else "",
                file=CLOSING,
            )
        )
    else:
        told.append(say("没有小区因此由达标变为不达标或无法判定。"))
    if closing.pools:
        told.append(say("已确认的统筹被打破：{pools}。", pools="、".join(closing.pools)))
    return told


def _unknown(count: int) -> Message | str:
    return say("（{count} 处未知）", count=count) if count else ""


def _served(proposal: Proposal) -> Message:
    """Return whom the room of all facilities serves before and after."""
    before, everybody = proposal.served_before, proposal.everybody
    assert proposal.found.served is not None  # noqa: S101 - asked by those who know
    after = before + float(proposal.found.served.gain.sum())
    return say(
        "其中有容量服务的由 {before:,.0f} 人（{share}）变为 {after:,.0f} 人（{then}）："
        "服务人数受容量限制，与可达人数不是同一口径，另列。",
        before=before,
        share=share_text(proposal, before / everybody),
        after=after,
        then=share_text(proposal, after / everybody),
    )


def _cost(proposal: Proposal) -> Message:
    cost = proposal.eligible.figure("cost_wan")[proposal.chosen]
    if np.isnan(cost).any():
        return say("部分费用未知")
    return say("费用合计 {cost:,.1f} 万元", cost=float(cost.sum()))


def proof(proposal: Proposal) -> Message:
    """Return how good the answer is at most, in one sentence."""
    solution, aim = proposal.solution, proposal.asked.aim
    if why := why_none(proposal.found):
        return joined("", *why)
    figures = {"value": solution.value, "bound": solution.bound, "gap": solution.gap}
    status = STATUSES[solution.status]
    if aim is Objective.SET_COVER:
        return say(
            "{status}：用 {value:.0f} 处；已证明不可能少于 {bound:.0f} 处。",
            status=status, **figures,
        )  # fmt: skip
    if aim in (Objective.P_MEDIAN, Objective.P_CENTER):
        return say(
            "{status}：{what}由 {before:,.0f} 米变为 {value:,.0f} 米；"
            "已证明不可能短于 {bound:,.0f} 米（相差 {gap:.2%}）。",
            status=status, what=WALKS[aim], before=proposal.found.figures["before_m"], **figures,
        )  # fmt: skip
    if proposal.found.served is not None:
        return say(
            "{status}：新增服务 {value:,.0f} 人；"
            "已证明任何选法不超过 {bound:,.0f} 人（相差 {gap:.2%}）。",
            status=status, **figures,
        )  # fmt: skip
    if proposal.asked.weighting is not None:
        return say(
            "{status}：新增 {value:,.0f} {unit}；"
            "已证明任何选法不超过 {bound:,.0f}（相差 {gap:.2%}）。",
            status=status, unit=WEIGHTED[proposal.asked.weighting], **figures,
        )  # fmt: skip
    return say(
        "{status}：新增 {value:,.0f} 人；已证明任何选法不超过 {bound:,.0f} 人（相差 {gap:.2%}）。",
        status=status, **figures,
    )  # fmt: skip


def _relying(relying: Reliance) -> Message:
    """Return how many people rely on one single facility today, and which closing costs most."""
    if not relying.covered_60plus > 0:
        return say("现状没有人可达。")
    first = relying.facilities.iloc[0]
    return say(
        "现状可达的 {covered:,.0f} 人中，{people:,.0f} 人（{share:.1%}）只有一处设施可达；"
        "关闭影响最大的是 {id}“{name}”：{lost:,.0f} 人不再可达。",
        covered=relying.covered_60plus,
        people=relying.relying_60plus,
        share=relying.relying_60plus / relying.covered_60plus,
        id=first["facility_id"],
        name=first["name"],
        lost=first["lost_60plus"],
    )


def _further(proposal: Proposal) -> list[Message]:
    """Return what is told besides: people outside, and candidates that are out."""
    told = []
    if proposal.found.served is not None:
        told.append(_served(proposal))
    if proposal.eligible.kept.any():
        ids = proposal.eligible.table["candidate_id"]
        told.append(
            say(
                "净增 {net} 处：新建 {built} 处，关闭 {closed} 处（{ids}），"
                "保留 {kept} 处可关闭的；关闭后先降至 {starting:,.0f} 人，各处的累计由此算起。",
                net=len(proposal.chosen) - len(proposal.closed),
                built=len(proposal.chosen),
                kept=len(proposal.kept),
                closed=len(proposal.closed),
                starting=proposal.starting,
                ids="、".join(ids.iloc[proposal.closed]) or "—",
            )
        )
    if proposal.outside_gain >= 1:
        told.append(say("区外受益 {people:,.0f} 人，不计入新增。", people=proposal.outside_gain))
    told += _small(proposal)
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


def _small(proposal: Proposal) -> list[Message]:
    """Return how many candidates are smaller than what only another place asks for."""
    doubts = proposal.eligible.table["doubts"].str.split(";")
    small = doubts.map(lambda codes: "under_room_min" in codes).to_numpy(dtype=bool)
    study = proposal.evaluation.study
    rule = proposal.evaluation.rulebook.find(ROOM, "all", study.on)
    small = small & proposal.eligible.may
    if rule is None or not small.any():
        return []
    return [
        say(
            "{count} 个备选点（其中已选 {chosen} 个）小于单处 {least:g} ㎡：本地没有规定，"
            "该数取自{document}，只作提示，不排除。",
            count=int(small.sum()),
            chosen=int(small[proposal.chosen].sum()),
            least=rule.value,
            document=rule.document,
        )
    ]
