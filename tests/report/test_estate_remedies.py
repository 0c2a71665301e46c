"""What may be done about an estate: a room is proposed where it would count, and promised once."""

import re
from typing import Any

import pandas as pd
import pytest

from analysis.evaluation import Evaluation
from report.briefing.content import Briefing
from report.briefing.estates import SHORT
from report.briefing.material import Material
from report.briefing.pools import POOLS
from report.briefing.sites import PROJECTS
from report.estate_remedies import Remedies
from report.estate_sheet import estate_sheets

NAMED = re.compile(
    r"^(?:改造|购置|租赁)：(?P<name>.+?)（(?P<id>c\d+)），步行(?P<minutes>[\d.]+)分钟"
)
PLAIN: dict[str, Any] = {
    "remedy": "buy", "candidate_id": "c80", "candidate_minutes": 4.74,
    "candidate_standing": "counts", "candidate_others": 0, "candidate_enough": True,
    "proposal_id": "", "deficit_m2": 120.0,
}  # fmt: skip


def told(evaluation: Evaluation, **more: object) -> str:
    return str(Remedies(evaluation, {"c66": 1}).of({**PLAIN, **more}))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "购置：桥北街道社区用房14号(模拟)（c80），步行4.7分钟"),
        ({"candidate_others": 2}, ("购置：桥北街道社区用房14号(模拟)（c80），步行4.7分钟，"
         "与其他2个小区共用，面积够全部补齐")),
        ({"candidate_others": 2, "candidate_enough": False},
         "购置：桥北街道社区用房14号(模拟)（c80），步行4.7分钟，与其他2个小区共用，面积不够全部补齐"),
        ({"candidate_id": "c66"}, ("购置：全宁街道闲置商业30号(模拟)（c66），步行4.7分钟，"
         "同为建议第1处")),
        ({"remedy": "undecided", "candidate_standing": "too_far", "candidate_minutes": 11.66,
          "candidate_others": pd.NA},
         ("方式待定；较近的备选点桥北街道社区用房14号(模拟)（c80）步行11.7分钟，"
         "超出统筹步行距离5分钟，仅供参考，不能据此认定达标")),
        ({"remedy": "build", "candidate_standing": "not_for_kind"},
         ("补建；较近的备选点桥北街道社区用房14号(模拟)（c80）步行4.7分钟，"
         "所依据的规定不允许此类小区统筹，仅供参考，不能据此认定达标")),
        ({"remedy": "undecided", "candidate_id": ""},
         "附近没有足以补齐的备选点，方式待定：需新增备选用地或改造存量房"),
        ({"remedy": "remeasure", "deficit_m2": 0.4}, "缺口不足5㎡，先复测面积再定措施"),
    ],
)  # fmt: skip
def test_what_is_told(bundled: Evaluation, more: dict[str, object], said: str) -> None:
    assert told(bundled, **more) == said


def test_a_room_is_proposed_within_the_pooling_walk_and_promised_once(
    briefing: Briefing, bundled: Evaluation
) -> None:
    rows = briefing.tables[SHORT].rows
    rooms = bundled.study.layer("candidates")
    assert rooms is not None
    area = dict(zip(rooms["id"], rooms["area_m2"], strict=True))
    ranks = dict(zip(*(briefing.tables[PROJECTS].rows[name]
                       for name in ("candidate_id", "rank")), strict=True))  # fmt: skip
    named = rows.assign(**rows["remedy"].str.extract(NAMED)).dropna(subset=["id"])
    assert len(named) > 30
    # The rule in force says 5 minutes; nothing farther is proposed.
    assert named["minutes"].astype(float).max() <= 5.0
    for id_, own in named.groupby("id"):
        enough = own["deficit_m2"].sum() <= area[id_]
        alone = len(own) == 1
        pooled = own["remedy"].str.contains("见统筹建议")
        for words in own.loc[~pooled, "remedy"]:
            assert ("与其他" in words) is (not alone), words
            assert ("面积不够" in words) is (not enough), words
    for words in rows["remedy"]:
        for id_, rank in ranks.items():
            assert (f"同为建议第{rank}处" in words) is (f"（{id_}）" in words)


def test_remedies_agree_with_pools_and_sites(briefing: Briefing, material: Material) -> None:
    """Who is in a proposed pool is told of its room; whom a site cures, of that site."""
    rows = briefing.tables[SHORT].rows.set_index("residential_id")
    pools = briefing.tables[POOLS].rows
    counts = briefing.evaluation.detail.pools["members_cured"]
    for pool, count in zip(pools.to_dict("records"), counts, strict=True):
        own = rows.loc[rows["remedy"].str.contains(f"见统筹建议{pool['proposal_id']}$")]
        assert len(own) == count
        assert own["remedy"].str.contains(pool["shared"], regex=False).all()
    assert material.proposed is not None
    cured = material.proposed.reasons.cured
    assert len(cured) > 0
    assert rows.loc[cured["residential_id"], "remedy"].str.contains("同为建议第").all()


def test_a_lack_smaller_than_any_room_is_measured_again(briefing: Briefing) -> None:
    rows = briefing.tables[SHORT].rows
    small = rows["deficit_m2"].lt(5)
    assert small.sum() == 16
    assert rows.loc[small, "verdict"].eq("不达标").all()
    assert rows["remedy"].str.startswith("缺口不足5㎡，先复测面积再定措施").equals(small)
    (column,) = briefing.tables[SHORT].only(["remedy"])
    assert "缺口不足 5 ㎡的先复测，是提示，不是规定" in str(column.meaning)


def test_nothing_is_bought_where_there_is_nothing(briefing: Briefing) -> None:
    told = briefing.tables[SHORT].rows["remedy"]
    assert told.str.contains("方式待定：需新增备选用地").sum() > 100
    assert not told.str.contains("(?:购置|租赁|改造|置换)：附近").any()


def test_the_sheet_of_an_estate_says_the_same(briefing: Briefing, material: Material) -> None:
    rows = briefing.tables[SHORT].rows
    assert material.proposed is not None
    sheets = estate_sheets(
        briefing.evaluation, rows["residential_id"], sites=material.proposed.ranks
    )
    for id_, said in zip(rows["residential_id"], rows["remedy"], strict=True):
        facts = {str(label): str(value) for label, value in sheets[id_].facts}
        assert facts["整改措施"] == said
