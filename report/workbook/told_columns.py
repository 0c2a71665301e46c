"""What was worked out of every estate and facility, to stand behind its row in the ledger."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from analysis.evaluation import Evaluation
from geo.language import say, translate
from report.estate_list import OUT_OF_SCOPE, VERDICTS
from report.workbook.ledger_sheet import LedgerColumn


def told_of_estates(evaluation: Evaluation) -> Iterator[LedgerColumn]:
    """Yield how each estate of the check stands and how far it is to care, in file order."""
    layer = evaluation.study.layer("residential")
    if layer is None:
        return
    check = evaluation.provision.set_index("residential_id").reindex(layer["id"])
    places = evaluation.places
    walks = places.loc[places["layer"].eq("residential")].set_index("place_id").reindex(layer["id"])
    scope = check["in_scope"].fillna(value=False).astype(bool).to_numpy()
    codes = np.where(scope, check["verdict"].to_numpy(dtype=object), OUT_OF_SCOPE)
    verdicts = [str(VERDICTS[code]) if code in VERDICTS else None for code in codes]
    yield LedgerColumn("verdict", str(say("达标情况")), "text", verdicts, told=True)
    for name, head in (("required_m2", say("应配（㎡）")), ("deficit_m2", say("缺口（㎡）"))):
        yield LedgerColumn(name, str(head), "number", _figures(check[name]), told=True)
    told = {
        "minutes": (say("步行时间（分钟）"), "number", say("到最近一处计入服务圈的设施")),
        "share": (say("时限内比例"), "share", say("小区内时限内走得到的部分")),
    }
    for name, (head, kind, meaning) in told.items():
        yield LedgerColumn(name, str(head), kind, _figures(walks[name]), str(meaning), told=True)


def told_of_facilities(evaluation: Evaluation) -> Iterator[LedgerColumn]:
    """Yield whether each facility counts for the circle, in file order."""
    layer = evaluation.study.layer("facilities")
    if layer is None:
        return
    words = {True: translate("是"), False: translate("否")}
    counted = [words[bool(each)] for each in layer["id"].isin(evaluation.counted)]
    yield LedgerColumn("counted", str(say("计入服务圈")), "word", counted, told=True)


def _figures(column: "pd.Series[Any]") -> list[float | None]:
    numbers = column.astype("float64").tolist()
    return [None if np.isnan(number) else number for number in numbers]
