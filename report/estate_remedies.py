"""What may be done about estates that fall short: the way and the place, or that there is none."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from analysis.columns import words
from analysis.evaluation import Evaluation
from analysis.provision.remedies import REMEASURE_M2, REMEDIES
from analysis.rule_keys import POOL_WALK
from geo.language import Message, joined, say
from report.briefing.pools import pool_places

_FIRST: Final = say("缺口不足{m2}㎡，先复测面积再定措施", m2=f"{REMEASURE_M2:g}")
_NONE_NEAR: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "build": say("补建：附近没有足以补齐的备选点，本小区内不能补建的，"
                     "需新增备选用地或改造存量房"),
        "undecided": say("附近没有足以补齐的备选点，方式待定：需新增备选用地或改造存量房"),
    }
)
NO_SITES: Final[Mapping[str, int]] = MappingProxyType({})


class Remedies:
    """The remedies of one evaluation: its candidates and pools are looked through once.

    sites
        The ranks of proposed sites by candidate.
    """

    def __init__(self, evaluation: Evaluation, sites: Mapping[str, int] = NO_SITES) -> None:
        layer = evaluation.study.layer("candidates")
        self._places: Mapping[str, str] = {}
        if layer is not None:
            ids = words(layer, "id").astype(str)
            names = words(layer, "name")
            self._places = dict(zip(ids, names.where(names.notna(), ids).astype(str), strict=True))
        self._pools, self._sites = pool_places(evaluation), sites
        rule = evaluation.rulebook.find(POOL_WALK, "all", evaluation.study.on)
        self._limit = "" if rule is None else f"{rule.value:g}"

    def of(self, review: Mapping[Any, Any]) -> Message | None:
        """Return what may be done about an estate; None where nothing is to be.

        review
            A row of the review: deficit_m2, and the columns of `proposed_remedies`.
        """
        code = review.get("remedy")
        if not isinstance(code, str) or code not in REMEDIES:
            return None
        if code == "remeasure":
            return _FIRST
        told = self._way(code, review)
        return joined("；", _FIRST, told) if review["deficit_m2"] < REMEASURE_M2 else told

    def _way(self, code: str, review: Mapping[Any, Any]) -> Message:
        proposal, candidate = (_text(review.get(name)) for name in ("proposal_id", "candidate_id"))
        if proposal in self._pools:
            place, minutes = self._pools[proposal]
            return say("{remedy}：与邻近小区共用{place}，步行{minutes}分钟，见统筹建议{proposal}",
                       remedy=REMEDIES[code], place=place, minutes=f"{minutes:.1f}",
                       proposal=proposal)  # fmt: skip
        if not candidate:
            return _NONE_NEAR.get(code, REMEDIES[code])
        told = {"remedy": REMEDIES[code], "id": candidate,
                "name": self._places.get(candidate, candidate),
                "minutes": f"{review['candidate_minutes']:.1f}"}  # fmt: skip
        if review["candidate_standing"] != "counts":
            return self._for_reference(str(review["candidate_standing"]), told)
        room = say("{remedy}：{name}（{id}），步行{minutes}分钟", **told)
        return joined("，", room, *self._also(candidate), *_with_others(review))

    def _for_reference(self, standing: str, told: Mapping[str, Any]) -> Message:
        """Return what is told of a candidate whose room would not count."""
        why = {
            "too_far": say("超出统筹步行距离{limit}分钟", limit=self._limit),
            "not_for_kind": say("所依据的规定不允许此类小区统筹"),
            "no_rule": say("所依据的规定没有统筹步行距离"),
        }[standing]
        near = say("{remedy}；较近的备选点{name}（{id}）步行{minutes}分钟", **told)
        last = say("仅供参考，不能据此认定达标")
        return joined("，", near, *self._also(str(told["id"])), why, last)

    def _also(self, candidate: str) -> list[Message]:
        rank = self._sites.get(candidate)
        return [] if rank is None else [say("同为建议第{rank}处", rank=rank)]

    def words(self, rows: pd.DataFrame) -> Iterator[str]:
        """Yield of each row of `estate_rows` what may be done, in words; empty where nothing is."""
        for row in rows.to_dict("records"):
            told = self.of(row)
            yield "" if told is None else str(told)


def _with_others(review: Mapping[Any, Any]) -> list[Message]:
    """Return with how many estates a room is shared, and whether it does for all of them."""
    others = review["candidate_others"]
    if pd.isna(others) or not others:
        return []
    if review["candidate_enough"]:
        return [say("与其他{count}个小区共用，面积够全部补齐", count=int(others))]
    return [say("与其他{count}个小区共用，面积不够全部补齐", count=int(others))]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
