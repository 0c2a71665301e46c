"""What the list of estates was narrowed to, in words: for its title and the name of its file."""

from collections.abc import Iterator, Mapping

from analysis.evaluation import Evaluation
from analysis.explaining.row_words import code_word
from analysis.provision.rates import REVIEW_SINCE
from geo.language import Message, joined, say
from report.data.sheets import file_name
from report.estate_list import VERDICTS, Asked


def cohort_words(evaluation: Evaluation) -> Mapping[str, Message]:
    """Return the sides of the year in which the review begins; none where no rule tells one."""
    rule = evaluation.rulebook.find(REVIEW_SINCE, "all", evaluation.study.on)
    if rule is None:
        return {}
    year = int(rule.value)
    return {
        "since": say("{year}年以来竣工", year=year),
        "before": say("{year}年以前竣工", year=year),
        "unknown": say("竣工时间不明"),
    }


def asked_words(evaluation: Evaluation, asked: Asked) -> Message:
    """Return everything that narrows the list, in one line."""
    return joined("；", *_told(evaluation, asked))


def _told(evaluation: Evaluation, asked: Asked) -> Iterator[Message]:
    yield {
        "in": say("核查范围内"), "out": say("范围外"), "all": say("全部小区"),
    }[asked.scope]  # fmt: skip
    if asked.verdicts:
        yield say("结论：{told}", told=joined("、", *(VERDICTS[one] for one in asked.verdicts)))
    if asked.street is not None:
        yield say("街道：{told}", told=asked.street)
    if asked.kind is not None:
        yield say("建设类型：{told}", told=code_word("kind", asked.kind))
    if asked.cohort != "all":
        yield say("清查：{told}", told=cohort_words(evaluation).get(asked.cohort, asked.cohort))
    if asked.lacking:
        yield say("只看有缺口")
    if asked.name.strip():
        yield say("名称含“{told}”", told=asked.name.strip())


def list_file_name(title: str, what: Message, asked: Asked) -> str:
    """Return what a list is called as a file: study, list, street, verdicts."""
    parts = [title, str(what)]
    parts += [] if asked.street is None else [asked.street]
    parts += [str(VERDICTS[one]) for one in asked.verdicts]
    return "-".join(map(file_name, parts))
