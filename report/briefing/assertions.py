"""The sentence that each map, table or chart proves, and what its numbers are of."""

from collections.abc import Iterator, Mapping
from typing import Final

from analysis.evaluation import Evaluation
from analysis.periods.comparison import Comparison
from geo.language import Message, joined, say
from report.briefing.bases import key_bases, share_basis
from report.briefing.content import Assertion, Basis, Table
from report.briefing.estates import VERDICT_COUNTS
from report.briefing.figures import key_figures
from report.briefing.gained import Gained, gained
from report.briefing.material import Material
from report.briefing.periods import SINCE
from report.briefing.sites import OPTIONS, PROJECTS
from report.briefing.street_assertions import street_assertions
from report.briefing.streets import STREETS
from report.briefing.targets import MET, NOT_MET, TARGETS
from report.conclusions import NOBODY
from report.figures import at_least, number, unknown
from report.people_date import bracketed

FIGURES: Final = "figures"
_TWO: Final = 2  # how things stand, and one option
Made = Iterator[tuple[str, Assertion]]


def assertions(material: Material, tables: Mapping[str, Table]) -> dict[str, Assertion]:
    """Return what each map, table and chart proves; none where a number of it is unknown."""
    made = dict(_study(material.evaluation))
    lower = bool(material.evaluation.summary["coverage"]["lower_bound"])
    made |= dict(street_assertions(tables[STREETS], lower=lower))
    if TARGETS in tables:
        made |= dict(_targets(tables[TARGETS]))
    if material.earlier is not None:
        made |= dict(_since(material.earlier))
    if material.proposed is not None:
        told = gained(material.evaluation, material.proposed, material.baseline)
        counted = bracketed(material.evaluation)
        made |= dict(_proposal(told, tables[PROJECTS], counted=counted))
    if OPTIONS in tables and material.options is not None:
        lower = any(each["lower_bound"] for each in material.options.headline)
        made |= dict(_options(tables[OPTIONS], material, lower=lower))
    return made


def _study(evaluation: Evaluation) -> Made:
    """Yield what is said of the study as it stands."""
    layer = evaluation.study.layer("facilities")
    if layer is not None:
        yield "standing", _standing(len(layer), len(evaluation.counted))
    share, left, rate, _estates, lack = key_bases(evaluation)
    figures = {figure.key: figure for figure in key_figures(evaluation)}
    coverage = evaluation.summary["coverage"]
    everyone, covered = coverage["elderly_60plus"], coverage["covered_60plus"]
    if not (unknown(coverage["share_60plus"]) or unknown(everyone) or unknown(covered)):
        limit = f"{evaluation.study.description.walking.limit_min:g}"
        reached = figures["share_60plus"].text
        said = say("60岁以上老年人步行{limit}分钟可达率{share}，仍有{left}人未覆盖",
                   limit=limit, share=reached, left=figures["uncovered_60plus"].text)  # fmt: skip
        if figures["uncovered_60plus"].text == NOBODY:
            said = say("60岁以上老年人步行{limit}分钟可达率{share}", limit=limit, share=reached)
        yield FIGURES, Assertion(said, key_bases(evaluation))
        yield "coverage", Assertion(
            say("步行{limit}分钟，{all}名60岁以上老年人中{covered}人可达，占{share}",
                limit=limit, all=number(everyone), covered=number(covered), share=reached),
            (share,),
        )  # fmt: skip
    yield from _rooms(evaluation, (left, rate, lack))


def _targets(table: Table) -> Made:
    """Yield how many tasks are met of those that have a target and a value here."""
    if not len(table):
        return
    stands = table.rows["met"].value_counts()
    met, failed = (int(stands.get(str(word), 0)) for word in (MET, NOT_MET))
    yield TARGETS, Assertion(
        say("有数据的{all}项任务指标：达到{met}项，未达到{failed}项，不作结论{open}项",
            all=len(table), met=met, failed=failed, open=len(table) - met - failed),
        (Basis(
            say("任务指标 {all} 项", all=len(table)),
            say("文件定有目标、本次有数据的任务指标；没有数据的不在内"),
            say("每项的分子、分母和目标列在表中"),
        ),),
    )  # fmt: skip


def _since(earlier: Comparison) -> Made:
    """Yield how the first figure changed since the earlier period."""
    if earlier.sentences:
        yield SINCE, Assertion(earlier.sentences[0], (Basis(
            say("与上期相比的增减"),
            say("各期各自的分母，列在两期的结果里"),
            say("本期减上期；实际建设、补登更正、口径与数据三部分相加等于增减"),
        ),))  # fmt: skip


def _standing(every: int, counted: int) -> Assertion:
    return Assertion(
        say("台账设施{all}处，其中{counted}处运营中并计入服务圈", all=every, counted=counted),
        (
            Basis(
                say("计入服务圈的设施 {counted} 处", counted=counted),
                say("台账全部设施 {all} 处", all=every),
                say("运营中、类别计入、有坐标，三项都满足的逐处数出来"),
            ),
        ),
    )


def _rooms(evaluation: Evaluation, bases: tuple[Basis, Basis, Basis]) -> Made:
    """Yield what is said of the estates' care rooms."""
    provision = evaluation.summary["provision"]
    if not provision["in_scope"]:
        return
    told = say(
        "应核查{in_scope}个小区：达标{met}个，不达标{short}个，无法判定{unknown}个",
        in_scope=number(provision["in_scope"]), unknown=number(provision["unknown"]),
        met=number(provision["met"] + provision["met_pooled"]), short=number(provision["short"]),
    )  # fmt: skip
    yield VERDICT_COUNTS, Assertion(told, bases[1:])
    left = next(figure for figure in key_figures(evaluation) if figure.key == "uncovered_60plus")
    if left.value is None or left.text == NOBODY:
        yield "gaps", Assertion(told, bases[1:])
        return
    yield "gaps", Assertion(
        say("仍有{left}名60岁以上老年人未覆盖，{short}个小区养老用房不达标",
            left=left.text, short=number(provision["short"])),
        bases,
    )  # fmt: skip


def _proposal(told: Gained, projects: Table, *, counted: Message | str) -> Made:
    """Yield what is said of the sites proposed."""
    bases = (
        share_basis(say("建设前可达率 {share}", share=told.share_was), told.was, told.everyone,
                    told.share_was, counted=counted),
        share_basis(say("建成后可达率 {share}", share=told.share_now), told.now, told.everyone,
                    told.share_now, counted=counted),
    )  # fmt: skip
    count = len(projects)
    people = number(told.people)
    more = say("新增覆盖60岁以上老年人{gained}人", gained=people)
    briefly = say("新增覆盖{gained}人", gained=people)
    if told.both is not None:
        more = briefly = say("可达的60岁以上老年人{both}", both=told.both)
    yield "sites", Assertion(joined("，", say("建议新增{count}处", count=count), more), bases)
    yield "change", Assertion(
        say("{count}处建成后，可达率由{was}提高到{now}", count=count, was=told.share_was,
            now=told.share_now), bases,
    )  # fmt: skip
    yield PROJECTS, Assertion(
        joined("，", _costs(projects, count), briefly), (*bases, _cost_basis(projects, told))
    )


def _costs(projects: Table, count: int) -> Message:
    (column,) = projects.only(["cost_wan"])
    if projects.rows["cost_wan"].isna().all():
        return say("建议项目{count}处费用均不明", count=count)
    if projects.rows["cost_wan"].isna().any():
        return say("建议项目{count}处有的费用不明", count=count)
    return say("建议项目{count}处费用合计{cost}万元", count=count,
               cost=column.text(projects.rows["cost_wan"].sum()))  # fmt: skip


def _cost_basis(projects: Table, told: Gained) -> Basis:
    of = say("表中 {count} 处备选点台账所列费用，没有另外估算", count=len(projects))
    return Basis(
        say("费用合计 {cost} 万元", cost=projects.texts(["cost_wan"])[-1][0]),
        of if told.apart is None else joined("；", of, told.apart),
        say("逐处相加；有一处不明，合计就不明"),
    )


def _options(table: Table, material: Material, *, lower: bool) -> Made:
    """Yield which option reaches most people, where one does."""
    everyone = material.evaluation.summary["coverage"]["elderly_60plus"]
    change = table.rows["covered_change"].astype("float64")
    if not change.gt(0).any():
        return
    best = table.rows.loc[change.eq(change.max())]
    cells = {column.key: column.text(best.iloc[0][column.key]) for column in table.columns}
    told = {
        "option": joined("、", *map(str, best["label"])), "more": cells["covered_change"],
        "share": at_least(cells["share_60plus"], lower),
    }  # fmt: skip
    if len(table) <= _TWO:  # nothing is best of one
        said = say("{option}可达率{share}，比现状多{more}人可达", **told)
    elif len(best) == 1:
        said = say("{option}可达率最高，为{share}，比现状多{more}人可达", **told)
    else:
        said = say("{option}可达率同为最高，为{share}，都比现状多{more}人可达", **told)
    if material.proposed is not None and material.baseline is not None:
        people = gained(material.evaluation, material.proposed, material.baseline).people
        if list(best["label"]) == [str(say("情景加建议方案"))]:
            said = joined("，", said, say("比情景多{more}人", more=number(people)))
    yield OPTIONS, Assertion(
        said,
        (Basis(
            say("各方案的可达率"),
            say("位置明确的 60 岁以上老年人 {all} 人，各方案相同", all=number(everyone)),
            say("该方案下可达人数 ÷ 位置明确的 60 岁以上老年人"),
        ),),
    )  # fmt: skip
