"""The proposal in sentences, and what is to be checked of each site before it is decided."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from analysis.evaluation import Evaluation
from geo.language import Message
from report.briefing.content import Briefing
from report.briefing.making import brief
from report.briefing.material import Material, gather
from report.briefing.site_checks import site_checks
from report.briefing.sites import PROJECTS
from tests.report.small_city import city_briefing
from tests.report.toy_briefing import toy_evaluation

DATA = Path(__file__).resolve().parents[2] / "data"


def sentences(briefing: Briefing) -> list[str]:
    (chapter,) = (each for each in briefing.chapters if each.key == "sites")
    return [str(part) for part in chapter.parts if isinstance(part, Message)]


def people_of(material: Material, *ids: str) -> float:
    """Return whom some candidates newly cover together, each place once."""
    assert material.proposed is not None
    proposal = material.proposed.proposal
    table = proposal.eligible.table
    at = {str(id_): place for place, id_ in enumerate(table["candidate_id"])}
    places = np.unique(np.concatenate([proposal.table.places_of(at[id_]) for id_ in ids]))
    return float(proposal.table.gainful[places[~proposal.stays[places]]].sum())


def test_the_chapter_names_the_sites_before_it_speaks_of_one(
    briefing: Briefing, material: Material
) -> None:
    first, forced, proof = sentences(briefing)
    # 113,826 - 104,544 people are newly covered of 152,560: 68.5 % before, 74.6 % after.
    assert first == (
        "建议新增5处（名称见近期项目），合计新增覆盖9,282人，"
        "可达率由68.5%提高到74.6%（分母152,560人）。"
    )
    others = ("c66", "c59", "c36", "c105")
    more = people_of(material, *others, "c3") - people_of(material, *others, "c78")
    assert forced == (
        "第5处“西屯街道社区用房12号(模拟)”在备选台账中列为必建；若不列为必建，"
        f"换成c3“铁东街道空置公租房3号(模拟)”，同样5处合计可多覆盖{more:.0f}人。"
    )
    assert round(more) == 545
    assert proof == "在此前提下，同样处数没有更好的选法（已证明最优）。"


def test_without_a_ledger_that_forces_the_proof_stands_alone(tmp_path: Path) -> None:
    first, proof = sentences(city_briefing(tmp_path, estates=3, sites=1))
    assert first.startswith("建议新增1处（名称见近期项目），合计新增覆盖")
    assert proof == "在所列备选点中，同样处数没有更好的选法（已证明最优）。"



def test_nothing_asked_nothing_proposed(tmp_path: Path) -> None:
    assert sentences(brief(gather(toy_evaluation(tmp_path)))) == ["本次未提出选址建议。"]


def test_what_stands_against_a_site_stands_in_the_table(
    briefing: Briefing, bundled: Evaluation
) -> None:
    rows = briefing.tables[PROJECTS].rows.set_index("candidate_id")
    assert rows["to_check"].to_dict() == {
        "c66": "", "c59": "",
        "c36": "本街道（镇）已有运营的同类中心（f6，2,330㎡）",
        "c105": "部分在二层及以上而没有电梯",
        "c78": "邻避风险高",
    }
    # The ledger as it was handed in.
    ledger = gpd.read_file(DATA / "facilities" / "chifeng_candidates.gpkg").set_index("id")
    own = ledger.loc[rows.index]
    assert own["邻避"].eq("高").tolist() == [id_ == "c78" for id_ in own.index]
    assert own.loc["c105", ["楼层", "电梯"]].tolist() == ["1-2", "否"]
    assert own["cost_wan"].notna().all()
    centres = own.index[own["类别"].eq("区域养老服务中心")]
    facilities = bundled.study.layers["facilities"]
    stand = facilities.loc[
        facilities["category"].eq("street_centre") & facilities["status"].eq("operating")
    ]
    boundaries = bundled.study.layers["boundaries"]
    streets = boundaries.loc[boundaries["level"].eq("street"), ["name", "geometry"]]
    taken = set(gpd.sjoin(stand[["geometry"]], streets)["name"])
    lies = gpd.sjoin(own.loc[centres, ["geometry"]].to_crs(streets.crs), streets)["name"]
    assert {id_: name in taken for id_, name in lies.items()} == {"c59": False, "c36": True}


def test_what_nobody_told_is_to_be_checked(tmp_path: Path) -> None:
    rows = city_briefing(tmp_path, estates=3, sites=1).tables[PROJECTS].rows
    assert rows["to_check"].tolist() == ["楼层未知；面积小于所用规定的单处最小面积；费用不明"]


@pytest.mark.parametrize("columns", [["to_check"], None])
def test_the_column_says_that_silence_is_no_answer(
    briefing: Briefing, columns: list[str] | None
) -> None:
    column = next(each for each in briefing.tables[PROJECTS].only(columns)
                  if each.key == "to_check")  # fmt: skip
    assert "空白为没有查到，不等于没有" in str(column.meaning)


def test_checks_are_those_of_the_sites_in_their_order(
    material: Material, briefing: Briefing
) -> None:
    assert material.proposed is not None
    told = site_checks(material.proposed.proposal)
    assert told == briefing.tables[PROJECTS].rows["to_check"].tolist()
