"""What must be said beside the figures, and what is to be done next."""

from collections.abc import Iterator

from analysis.evaluation import Evaluation
from analysis.people.told import people_unknown
from geo.language import Message, joined, say
from report.briefing.estates_counted import undecided
from report.briefing.map_sheets import outlined
from report.briefing.material import Material
from report.figures import number


def steps(material: Material) -> Iterator[Message]:
    """Yield what is to be done next; who and until when is for the office to say."""
    provision = material.evaluation.summary["provision"]
    if provision["short"]:
        yield say("逐小区落实不达标小区{count}个的整改措施，明确责任单位和完成时限。",
                  count=provision["short"])  # fmt: skip
    if provision["unknown"]:
        yield say("向街道补收无法判定小区{count}个的资料后再下结论。", count=provision["unknown"])
    pools = material.evaluation.detail.pools
    if len(pools):
        yield say("研究{count}项统筹建议，书面确认后结论方可改变。", count=len(pools))
    if material.proposed is not None:
        yield say("对建议的{count}处选址逐处踏勘，核实产权、面积和费用。",
                  count=len(material.proposed.proposal.chosen))  # fmt: skip
    yield say("半年后用同一口径再测算一次，与本期结果比较。")


def caveats(evaluation: Evaluation) -> Iterator[Message]:
    """Yield what has to be said beside the figures."""
    coverage, provision = evaluation.summary["coverage"], evaluation.summary["provision"]
    if evaluation.study.notice:
        yield say("{notice}。", notice=evaluation.study.notice)
    yield say(
        "空间可达率是按步行路网逐地点测算的，不等同于政策文件中的“服务覆盖率”；文件没有规定15分钟可达率的合格线。"
    )
    if coverage["unlocated_60plus"]:
        yield say("{people}名60岁以上老年人位置不明，不计入可达率的分母。",
                  people=number(coverage["unlocated_60plus"]))  # fmt: skip
    if (untold := people_unknown(evaluation.located).sentence()) is not None:
        yield untold
    if evaluation.walked is not None:
        rural = evaluation.coverage.iloc[0]["elderly_60plus"] - coverage["elderly_60plus"]
        yield say(
            "可达率只计城市部分；农村地区的60岁以上老年人{people}人不按步行衡量，不在分母内。",
            people=number(rural),
        )
    if len(left := outlined(evaluation, drawn=False)):
        yield say("{count}个街道在边界资料中没有图形，图集没有它们的分图：{names}。",
                  count=len(left), names=joined("、", *map(str, left["name"])))  # fmt: skip
    if coverage["lower_bound"]:
        yield say("可达人数是下限：有设施没有坐标，或边界附近的道路、设施资料不足。")
    told = undecided(evaluation)
    if told is not None:
        yield told
    if provision["assumed"]:
        yield say("有{count}个小区的结论含研究设定的假设。", count=provision["assumed"])
    recalled = [
        rule for pack in evaluation.rulebook.packs for rule in pack.rules
        if rule.confidence == "recalled"
    ]  # fmt: skip
    if recalled:
        yield say(
            "所依据的规定中有{count}条仅凭记忆、未核对原文，不作任何结论的依据。",
            count=len(recalled),
        )
