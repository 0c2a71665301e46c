"""The number asked about, as the page prints it."""

from analysis.evaluation import Evaluation
from analysis.explaining.explained import SHARE, Explanation, amount
from analysis.explaining.row_words import code_word, yes_or_no
from geo.language import say
from report.briefing.figures import LACKING, SQUARE_METRES
from report.provision_figures import printed_deficit
from ui.words import NOTHING, at_least, number, percent

BOUNDED = ("share_60plus", "covered_60plus")


def printed(evaluation: Evaluation, explanation: Explanation) -> str:
    """Return the value with its unit, marked where only a bound of it is known."""
    value, key = explanation.value, explanation.key
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return yes_or_no(value == "yes") if key == "counted" else code_word(key, value)
    if key == LACKING and explanation.area is None:
        lacking = printed_deficit(evaluation.summary["provision"])
        return NOTHING if lacking is None else f"{lacking} {SQUARE_METRES}"
    return _bounded(evaluation, explanation, _figure(explanation, float(value)))


def _figure(explanation: Explanation, value: float) -> str:
    worded = {
        "share": percent(value),
        SHARE: percent(value),
        "m2": f"{number(value)} {SQUARE_METRES}",
        "people": str(say("{people} 人", people=number(value))),
        "estates": str(say("{estates} 个", estates=number(value))),
        "min": str(say("{minutes} 分钟", minutes=number(value, digits=1))),
    }
    return worded.get(explanation.unit) or str(amount(value, explanation.unit))


def _bounded(evaluation: Evaluation, explanation: Explanation, figure: str) -> str:
    """Return the figure marked where it is only a bound: beside edges, or of what is unknown."""
    if explanation.key in BOUNDED and explanation.area is None:
        return at_least(figure, evaluation.summary["coverage"]["lower_bound"])
    own = next((one for one in evaluation.figures if one.key == explanation.key), None)
    bound = "" if own is None or explanation.area is not None else own.bound
    return {"at_least": f"≥{figure}", "at_most": f"≤{figure}"}.get(bound, figure)
