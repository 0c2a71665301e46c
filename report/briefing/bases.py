"""What the agreed figures are of, and how each is worked out: for the question from the table."""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.evaluation import Evaluation
from geo.language import Message, joined, say
from report.briefing.content import Basis, KeyFigure
from report.briefing.figures import key_figures
from report.figures import number
from report.people_date import bracketed
from report.provision_figures import deficit_note


def key_bases(evaluation: Evaluation) -> tuple[Basis, Basis, Basis, Basis, Basis]:
    """Return what each key figure is of, in their order."""
    coverage, provision = (evaluation.summary[part] for part in ("coverage", "provision"))
    share, left, rate, estates, lack = key_figures(evaluation)
    return (
        share_basis(_named(share), coverage["covered_60plus"], coverage["elderly_60plus"],
                    share.text, counted=bracketed(evaluation)),
        Basis(
            _named(left),
            say("位置明确的 60 岁以上老年人 {all} 人{counted}，本身是人数，不是比率",
                all=number(coverage["elderly_60plus"]), counted=bracketed(evaluation)),
            say("{all} 人 − 可达 {covered} 人 = {left} 人",
                all=number(coverage["elderly_60plus"]), covered=number(coverage["covered_60plus"]),
                left=left.text),
        ),
        _rate(rate, provision),
        Basis(
            _named(estates),
            say("全部小区 {all} 个，含不在核查范围的", all=number(coverage["areas"])),
            say("过半走得到的小区 {covered} 个 ÷ {all} 个 = {share}", share=estates.text,
                covered=number(coverage["covered_areas"]), all=number(coverage["areas"])),
        ),
        _lack(lack, provision),
    )  # fmt: skip


def share_basis(
    name: Message, covered: object, everyone: object, share: str, *, counted: Message | str
) -> Basis:
    """Return what a share of people within reach is of.

    counted
        When everyone was counted, as `bracketed` tells it.
    """
    return Basis(
        name,
        say("位置明确的 60 岁以上老年人 {all} 人{counted}，不是全部人口，也不含位置不明的",
            all=number(everyone), counted=counted),
        say("步行时限内可达 {covered} 人 ÷ {all} 人 = {share}",
            covered=number(covered), all=number(everyone), share=share),
    )  # fmt: skip


def _rate(figure: KeyFigure, provision: Mapping[str, Any]) -> Basis:
    met = provision["met"] + provision["met_pooled"]
    judged = number(met + provision["short"])
    return Basis(
        _named(figure),
        say("可判定小区 {judged} 个；无法判定的 {unknown} 个不在分母内", judged=judged,
            unknown=number(provision["unknown"])),
        say("达标 {met} 个（含统筹达标 {pooled} 个）÷ 可判定 {judged} 个 = {rate}",
            met=number(met), pooled=number(provision["met_pooled"]), judged=judged,
            rate=figure.text),
    )  # fmt: skip


def _lack(figure: KeyFigure, provision: Mapping[str, Any]) -> Basis:
    formula = say(
        "不达标小区 {short} 个，各自应配减已配的建筑面积逐个相加，得 {lacking}",
        short=number(provision["short"]), lacking=figure.text,
    )  # fmt: skip
    note = deficit_note(provision)
    return Basis(
        _named(figure),
        say("应核查小区 {in_scope} 个，无法判定的 {unknown} 个不在内（本身是面积，不是比率）",
            in_scope=number(provision["in_scope"]), unknown=number(provision["unknown"])),
        formula if note is None else joined("；", formula, note),
    )  # fmt: skip


def _named(figure: KeyFigure) -> Message:
    return joined(" ", figure.label, figure.text)


def said_of(basis: Basis) -> Iterator[Message]:
    """Yield a basis in the words of whoever has to answer for the number."""
    yield say("{name}：这个数的分母是{of}。", name=basis.name, of=basis.of)
    yield say("算法：{formula}。", formula=basis.formula)
