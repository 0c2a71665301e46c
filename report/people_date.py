"""When the people of the figures were counted: told wherever they are what a figure is of."""

from datetime import date

from analysis.evaluation import Evaluation
from analysis.people.told import PeopleTold, people_told
from geo.language import Message, say, spoken


def bracketed(evaluation: Evaluation) -> Message | str:
    """Return when the people were counted, as it stands behind their number.

    Empty where that is the study's own year, and where nothing tells one.
    """
    told = _told(evaluation)
    if not _apart(told, evaluation):
        return ""
    return say("（人口资料为{date}）", date=_written(told))


def briefly(evaluation: Evaluation) -> Message | str:
    """Return the year of the people as it stands on a card; empty as `bracketed` is."""
    told = _told(evaluation)
    return say("（{year}年人口）", year=told.year) if _apart(told, evaluation) else ""


def dates_of_data(evaluation: Evaluation) -> Message:
    """Return of which day the data of a map are; of the people apart where it is another year."""
    on, told = evaluation.study.on.isoformat(), _told(evaluation)
    if told.year == evaluation.study.on.year or evaluation.located.source == "":
        return say("资料时点：{on}", on=on)
    if told.year is None:
        return say("人口资料时点不明，其余资料时点：{on}", on=on)
    counted = str(told.year) if told.day is None else told.day.isoformat()
    return say("人口资料时点：{counted}，其余资料时点：{on}", counted=counted, on=on)


def day_in_words(day: date) -> Message:
    """Return a day as official papers write it, in the language now spoken."""
    if spoken() == "en":
        return say("{text}", text=day.isoformat())
    return say("{year}年{month}月{day}日", year=day.year, month=day.month, day=day.day)


def _apart(told: PeopleTold, evaluation: Evaluation) -> bool:
    return told.year is not None and told.year != evaluation.study.on.year


def _told(evaluation: Evaluation) -> PeopleTold:
    return people_told(evaluation.study, evaluation.located)


def _written(told: PeopleTold) -> Message:
    return say("{year}年", year=told.year) if told.day is None else day_in_words(told.day)
