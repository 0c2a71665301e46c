"""The head of the provision page: the rate with what it is of, and the rates beside it."""

from analysis.evaluation import Evaluation
from analysis.explaining.explanation import explain
from geo.language import Message, joined, say
from report.provision_figures import rate_basis
from ui.figures import Figure, show_row
from ui.words import number, percent


def show_head(evaluation: Evaluation) -> None:
    """Show the rates of the check in one row."""
    show_row(rates(evaluation))


def rates(evaluation: Evaluation) -> list[Figure]:
    """Return the rate of the check, then that of new estates, of the review, alone, at least."""
    provision = evaluation.summary["provision"]
    beside: list[tuple[str, Message, Message]] = [
        ("rate_new", say("新建小区达标率"), say("只看新建小区")),
        ("rate_2014", say("2014年以来达标率"), say("按竣工、交付日期，清查范围")),
        ("rate_own", say("不计统筹的达标率"), say("只算自己的用房")),
        ("rate_floor", say("达标率下限"), say("无法判定的都算不达标")),
    ]
    return [
        Figure(
            say("小区配建达标率"), percent(provision["rate"]),
            (
                say("达标 / 有结论：{counted}", counted=rate_basis(provision)),
                say("另有无法判定 {unknown} 个，不计入", unknown=number(provision["unknown"])),
            ),
            "rate",
        ),
        *(
            Figure(name, percent(provision[key]), (_counted(evaluation, key), what), key)
            for key, name, what in beside
        ),
    ]  # fmt: skip


def _counted(evaluation: Evaluation, key: str) -> Message:
    """Return numerator and denominator of a rate."""
    told = explain(evaluation, key, None)
    counted = say(
        "{all} 个中 {part} 个", all=number(told.denominator), part=number(told.numerator)
    )
    if told.value is not None:
        return counted
    if not told.denominator:
        return say("没有有结论的小区，没有比率")
    return joined("；", counted, told.notes[0])
