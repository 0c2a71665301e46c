"""What may be done about estates that fall short: the way and the place, or that there is none."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from analysis.columns import words
from analysis.evaluation import Evaluation
from analysis.provision.remedies import REMEDIES
from geo.language import Message, say
from report.briefing.pools import pool_places

_POOLED: Final = "reallocate"


class Remedies:
    """The remedies of one evaluation: its candidates and pools are looked through once."""

    def __init__(self, evaluation: Evaluation) -> None:
        layer = evaluation.study.layer("candidates")
        self._places: Mapping[str, str] = {}
        if layer is not None:
            ids = words(layer, "id").astype(str)
            names = words(layer, "name")
            self._places = dict(zip(ids, names.where(names.notna(), ids).astype(str), strict=True))
        self._pools = pool_places(evaluation)

    def of(self, review: Mapping[Any, Any]) -> Message | None:
        """Return what may be done about an estate; None where nothing is to be.

        review
            A row of the review: remedy, candidate_id, candidate_minutes, proposal_id.
        """
        code = review.get("remedy")
        if not isinstance(code, str) or code not in REMEDIES:
            return None
        proposal, candidate = (_text(review.get(name)) for name in ("proposal_id", "candidate_id"))
        if code == _POOLED and proposal in self._pools:
            place, minutes = self._pools[proposal]
            return say("{remedy}：与邻近小区共用{place}，步行{minutes}分钟，见统筹建议{proposal}",
                       remedy=REMEDIES[code], place=place, minutes=f"{minutes:.1f}",
                       proposal=proposal)  # fmt: skip
        if not candidate:
            return say("{remedy}：附近无足以补齐的备选点，需新增备选用地或改造存量房",
                       remedy=REMEDIES[code])  # fmt: skip
        return say("{remedy}：{name}（{id}），步行{minutes}分钟", remedy=REMEDIES[code],
                   name=self._places.get(candidate, candidate), id=candidate,
                   minutes=f"{review['candidate_minutes']:.1f}")  # fmt: skip

    def words(self, rows: pd.DataFrame) -> Iterator[str]:
        """Yield of each row of `estate_rows` what may be done, in words; empty where nothing is."""
        for row in rows.to_dict("records"):
            told = self.of(row)
            yield "" if told is None else str(told)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
