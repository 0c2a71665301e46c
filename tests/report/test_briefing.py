"""What is told of Chifeng, held against the evaluation's own tables by other ways."""

import re
from types import SimpleNamespace
from typing import cast

import geopandas as gpd
import pandas as pd
import pytest

from analysis.evaluation import Evaluation
from geo.language import say
from report.briefing.content import Briefing, Column, Kind, Shown, Table
from report.briefing.estates import SHORT, UNKNOWN
from report.briefing.material import Material
from report.briefing.places import COMMUNITIES, FACILITIES, communities_table
from report.briefing.pools import POOLS, pools_table
from report.briefing.sites import OPTIONS, PROJECTS
from report.briefing.streets import STREETS
from report.estate_sheet import estate_sheet
from tests.report.sentences import texts


@pytest.fixture(scope="module")
def streets(briefing: Briefing) -> pd.DataFrame:
    return briefing.tables[STREETS].rows.set_index("area_id")


def joined_to_streets(material: Material, layer: gpd.GeoDataFrame) -> pd.Series:
    """Return the street that holds each place, by another way: a spatial join."""
    boundaries = material.evaluation.study.layers["boundaries"]
    areas = boundaries.loc[boundaries["level"].eq("street"), ["id", "geometry"]]
    spots = layer.assign(geometry=layer.geometry.representative_point())[["id", "geometry"]]
    found = gpd.sjoin(spots, areas, how="left", lsuffix="place", rsuffix="street")
    street: pd.Series = found.drop_duplicates("id_place").set_index("id_place")["id_street"]
    return street


def test_streets_hold_the_estates_that_lie_in_them(
    material: Material, streets: pd.DataFrame
) -> None:
    study, check = material.evaluation.study, material.evaluation.provision
    street = joined_to_streets(material, study.layers["residential"]).fillna("OUTSIDE")
    rows = check.assign(street=check["residential_id"].map(street))
    rows = rows.loc[rows["in_scope"].astype(bool)]
    for verdict in ("short", "unknown"):
        counted = rows.loc[rows["verdict"].eq(verdict)].groupby("street").size()
        assert streets[verdict].sum() == counted.sum()
        assert (streets[verdict] == counted.reindex(streets.index, fill_value=0)).all()
    # What nobody knows is no 0: no estate of a street may have a verdict.
    lacking = rows.groupby("street")["deficit_m2"].sum(min_count=1).reindex(streets.index)
    told = lacking.to_numpy(dtype=float, na_value=float("nan"))
    assert streets["deficit_m2"].to_numpy() == pytest.approx(told, nan_ok=True)


def test_streets_hold_the_facilities_that_lie_in_them(
    material: Material, streets: pd.DataFrame
) -> None:
    layer = material.evaluation.study.layers["facilities"]
    layer = layer.loc[layer["id"].isin(material.evaluation.counted)]
    counted = joined_to_streets(material, layer).fillna("OUTSIDE").value_counts()
    told = streets["facilities"]
    assert (told == counted.reindex(told.index, fill_value=0)).all()
    assert told.sum() == 54


@pytest.mark.parametrize("key", [STREETS, SHORT, COMMUNITIES, PROJECTS, POOLS])
def test_rows_add_up_to_the_sum(briefing: Briefing, key: str) -> None:
    table = briefing.tables[key]
    assert table.total is not None
    added = {"covered_60plus"} if key == PROJECTS else set()  # told up to each site
    for column in table.columns:
        if column.kind in (Kind.COUNT, Kind.AREA, Kind.MONEY) and column.key in table.total:
            if column.key == "yuan_per_person":  # not added up: the whole by the whole
                continue
            if column.key in added:
                assert table.total[column.key] == table.rows[column.key].iloc[-1]
                continue
            assert table.rows[column.key].sum() == pytest.approx(table.total[column.key])


def test_every_estate_in_scope_stands_in_one_list_or_passes(
    briefing: Briefing, material: Material
) -> None:
    check = material.evaluation.summary["provision"]
    assert len(briefing.tables[SHORT]) == check["short"] == 392
    assert len(briefing.tables[UNKNOWN]) == check["unknown"] == 63
    assert check["met"] + check["met_pooled"] + 392 + 63 == check["in_scope"]
    short = briefing.tables[SHORT].rows
    assert (short["required_m2"] - short["provided_m2"]).to_numpy() == pytest.approx(
        short["deficit_m2"].to_numpy()
    )
    assert short["reasons"].str.len().gt(0).all()
    assert set(short["bureau"]) | set(short["until"]) == {""}  # for the office to say


def test_counties_are_those_of_the_boundaries(briefing: Briefing, material: Material) -> None:
    # By the street's own row: its parent is the county.
    boundaries = material.evaluation.study.layers["boundaries"].set_index("id")
    street = joined_to_streets(material, material.evaluation.study.layers["residential"])
    rows = briefing.tables[SHORT].rows
    county = rows["residential_id"].map(street).map(boundaries["parent"]).map(boundaries["name"])
    told = rows["county"].to_numpy()[county.notna().to_numpy()]
    assert (told == county.dropna().to_numpy()).mean() > 0.99  # a place on a border has one
    assert set(told) == {"红山区", "松山区"}


def test_sites_lead_to_what_their_scenario_evaluates_to(
    briefing: Briefing, material: Material
) -> None:
    assert material.proposed is not None
    after = material.proposed.after.summary["coverage"]
    last = briefing.tables[PROJECTS].rows.iloc[-1]
    assert last["covered_60plus"] == after["covered_60plus"] == 113_826
    options = briefing.tables[OPTIONS].rows
    assert options["covered_60plus"].tolist() == [104_544, 113_826]
    assert options["covered_change"].tolist() == [0, 9_282]
    assert "104,544人增至113,826人（分母152,560人）" in str(briefing.headline[-1])


def test_the_dictionary_knows_every_column_of_every_table(briefing: Briefing) -> None:
    told = briefing.tables["fields"].rows
    known = set(zip(told["table"], told["key"], strict=True))
    for key, table in briefing.tables.items():
        if key != "fields":
            assert {(str(table.title), column.key) for column in table.columns} <= known
            assert [column.key for column in table.columns if column.key not in table.rows] == []


def test_chapters_name_only_what_there_is_and_every_sentence_is_whole(briefing: Briefing) -> None:
    there = {*briefing.tables, *briefing.maps}
    for chapter in briefing.chapters:
        for part in chapter.parts:
            if isinstance(part, Shown):
                assert part.key in there
                table = briefing.tables.get(part.key)
                if table is not None:
                    table.only(part.columns)  # a column that is none would be an error
    for sentences in texts(briefing).values():
        assert sentences
        for sentence in sentences:
            assert sentence.endswith("。")
            assert not re.search(r"nan|None|\{", sentence)


def test_the_key_figures_are_those_of_the_summary(briefing: Briefing, material: Material) -> None:
    coverage, check = (material.evaluation.summary[part] for part in ("coverage", "provision"))
    told = {figure.key: (figure.value, figure.text) for figure in briefing.figures}
    assert told["share_60plus"] == (coverage["share_60plus"], "68.5%")
    assert told["uncovered_60plus"] == (152_560 - 104_544, "48,016")
    assert told["rate"] == (check["rate"], "20.8%")
    assert told["deficit_m2"] == (check["deficit_m2"], "34,318 ㎡")


def test_unknown_cells_are_no_zero() -> None:
    area = Column("a", "", Kind.AREA)
    assert area.text(float("nan")) == area.text(None) == area.text(pd.NA) == "–"
    assert area.text(0.0) == "0"
    assert area.text(1234.6) == "1,235"
    assert area.text(234.5) == "234.5"
    assert Column("s", "", Kind.SHARE).text(0.68526) == "68.5%"
    assert Column("t", "").text(float("nan")) == Column("t", "").text(None) == ""


def test_a_table_prints_so_many_rows_and_its_sum_of_all() -> None:
    rows = pd.DataFrame({"name": ["甲", "乙", "丙"], "people": [1.0, 2.0, 1000.0]})
    columns = (Column("name", ""), Column("people", "", Kind.COUNT))
    table = Table("t", say("表"), columns, rows, {"name": "合计", "people": 1003.0})
    assert table.texts(most=1) == [["甲", "1"], ["合计", "1,003"]]
    more = (*columns, Column("other", ""))
    twice = Table("t", say("表"), more, rows.assign(other="戊"), table.total)
    assert twice.texts(["other", "people"], most=0) == [["合计", "1,003"]]
    assert table.texts(["people"]) == [["1"], ["2"], ["1,000"], ["1,003"]]


def test_facilities_out_of_count_stay_in_the_list(briefing: Briefing, material: Material) -> None:
    rows = briefing.tables[FACILITIES].rows
    assert len(rows) == 90
    assert set(rows.loc[rows["counted"].eq("是"), "facility_id"]) == {*material.evaluation.counted}


def test_estates_in_reach_in_part_are_told_so_that_three_kinds_add_up(
    briefing: Briefing, material: Material
) -> None:
    places = material.evaluation.places
    share = places.loc[places["layer"].eq("residential"), "share"].astype(float)
    some = share.gt(0) & share.lt(1)
    parts = [int(each.sum()) for each in (share.eq(1), some, share.eq(0))]
    assert parts == [284, 218, 98]
    told = next(figure for figure in briefing.figures if figure.key == "share_areas")
    assert [int(n) for n in re.findall(r"\d+", str(told.of[1]))] == parts
    assert int((share >= 0.5).sum()) == 404


def test_the_word_for_the_sum_stands_where_its_own_column_is_not_shown() -> None:
    rows = pd.DataFrame({"county": ["乙"], "name": ["甲"], "people": [3.0]})
    columns = (Column("county", ""), Column("name", ""), Column("people", "", Kind.COUNT))
    table = Table("t", say("表"), columns, rows, {"county": "合计", "people": 3.0})
    assert table.texts(["people", "name"])[-1] == ["3", "合计"]
    assert table.texts()[-1] == ["合计", "", "3"]
    assert table.texts(["people"])[-1] == ["3"]


def test_large_values_of_rules_are_written_out(briefing: Briefing) -> None:
    values = briefing.tables["rules"].rows["value"]
    assert "9000000 张" in set(values)
    assert not values.str.contains("e+", regex=False).any()


def test_what_stands_behind_the_figures_is_in_words(briefing: Briefing) -> None:
    columns = set(briefing.tables["findings"].rows["column"].dropna())
    assert not [column for column in columns if re.fullmatch(r"[a-z_0-9]+", column)]
    assert "户数" in columns
    values = briefing.tables["rules"].rows["value"].tolist()
    assert "9000000 张" in values
    assert not [value for value in values if re.search(r"\de\+", value)]


def test_every_proposed_pool_is_listed_and_named_by_the_next_step(
    briefing: Briefing, material: Material
) -> None:
    table, evaluation = briefing.tables[POOLS], material.evaluation
    rows = table.rows.set_index("proposal_id")
    assert len(rows) == 11
    assert any("研究11项统筹建议，书面确认后" in str(step) for step in briefing.steps)
    # By hand: r45 stands for two phases and lacks 104.19 m²; 3.706 minutes × 60 × 0.9 = 200 m.
    second = rows.loc["g2"]
    assert second["estates"] == "盛世国际城（一、二期）"
    assert second["shared"].endswith("（f13）")
    assert table.texts(["minutes", "metres", "deficit_cured_m2"])[1] == ["3.7", "200", "104.19"]
    lacking = evaluation.provision.set_index("residential_id")["deficit_m2"]
    assert second["deficit_cured_m2"] == pytest.approx(lacking["r45"])
    names = evaluation.provision.set_index("residential_id")["name"]
    assert rows.loc["g9", "estates"] == f"{names['r315']}、{names['r317']}"
    assert rows.loc["g9", "standing"] == "建议，未建成、未确认"
    assert rows.loc["g1", "standing"] == "建议，未确认"
    assert rows["cost_wan"].notna().tolist() == [False] * 8 + [True] * 3
    assert set(rows["confirmed_by"]) == {""}  # for the office to say
    none = SimpleNamespace(detail=SimpleNamespace(pools=evaluation.detail.pools.head(0)))
    assert pools_table(cast("Evaluation", none)) is None


def test_the_communities_add_up_to_the_study_and_say_what_would_reach_them(
    briefing: Briefing, material: Material
) -> None:
    table, coverage = briefing.tables[COMMUNITIES], material.evaluation.summary["coverage"]
    assert str(table.title) == "尚有老年人未覆盖的社区"
    assert table.total is not None
    assert table.texts(["elderly_60plus", "covered_60plus", "uncovered_60plus", "share_60plus"])[
        -1
    ] == ["152,560", "104,544", "48,016", "68.5%"]
    assert table.total["elderly_60plus"] == coverage["elderly_60plus"]
    rows = table.rows
    assert rows["number"].tolist()[:-1] == list(range(1, 118))
    assert rows["name"].iloc[-1] == "其余20个社区（全部可达或无老年人）"
    listed = rows.iloc[:-1]
    assert listed["uncovered_60plus"].is_monotonic_decreasing
    # By hand from what is printed: nobody, fewer than half, more.
    share = listed["covered_60plus"] / listed["elderly_60plus"]
    wanted = share.map(lambda part: "全部" if part == 0 else "过半" if part < 0.5 else "少部分")
    assert listed["degree"].tolist() == [f"{word}未覆盖" for word in wanted]
    assert set(listed["bureau"]) | set(listed["until"]) == {""}


def test_a_community_is_told_the_site_that_reaches_most_of_it(
    briefing: Briefing, material: Material
) -> None:
    # Another way: of the whole community nobody is reached today, all with the proposal.
    assert material.proposed is not None
    after = material.proposed.after.headline_coverage.set_index("area_id")
    rows = briefing.tables[COMMUNITIES].rows.set_index("area_id")
    told = rows.loc["150404100-M02"]
    assert told["covered_60plus"] == 0
    assert after.loc["150404100-M02", "covered_60plus"] == 1_051
    assert told["measure"].startswith("改建近期项目3：穆家营子镇培训疗养机构6号(模拟)（c36）")
    assert told["measure"].endswith("可新增覆盖1,051人")
    assert rows.loc["150402001-M02", "measure"] == "附近无备选点，需新增备选用地或改造存量房"
    alone = communities_table(material.evaluation).rows
    assert set(alone["measure"]) == {""}  # nobody sought sites


def test_what_is_to_be_done_names_the_way_and_the_place(
    briefing: Briefing, material: Material
) -> None:
    rows = briefing.tables[SHORT].rows.set_index("residential_id")
    # r59 lacks 459.6 m²: c93 has 270, and c30 would be a care centre, whose rooms do not count.
    assert rows.loc["r59", "remedy"] == (
        "补建：附近没有足以补齐的备选点，本小区内不能补建的，需新增备选用地或改造存量房"
    )
    assert rows.loc["r325", "remedy"] == (
        "附近没有足以补齐的备选点，方式待定：需新增备选用地或改造存量房"
    )
    assert rows.loc["r45", "remedy"].endswith("（f13），步行3.7分钟，见统筹建议g2")
    review = material.evaluation.detail.estates.set_index("residential_id").loc[rows.index]
    nowhere = review["candidate_id"].eq("") & review["remedy"].isin(["build", "undecided"])
    assert rows["remedy"].str.contains("附近没有").tolist() == nowhere.tolist()
    assert 0 < nowhere.sum() < len(rows)


def test_how_an_estate_is_judged_is_no_cause(briefing: Briefing) -> None:
    for key in (SHORT, UNKNOWN):
        rows = briefing.tables[key].rows
        assert not rows["reasons"].str.contains("已建成|偏小|电梯").any()
        told = rows["remarks"].str.contains(
            "规划条件等早于新建小区规则施行（2023-08-25），按已建成小区标准核查", regex=False
        )
        assert told.any()


def test_every_undecided_estate_says_what_it_waits_for(
    briefing: Briefing, material: Material
) -> None:
    rows = briefing.tables[UNKNOWN].rows.set_index("residential_id")
    assert rows["needed"].ne("").all()
    assert rows["whose"].ne("").all()
    assert rows.loc["r37", "needed"] == "核实养老用房面积：小区台账 278 ㎡，设施台账 0 ㎡"
    assert rows.loc["r599", "needed"] == "养老用房建筑面积（台账只有使用面积）"
    for estate in rows.index:  # the same as on its sheet
        sheet = estate_sheet(material.evaluation, estate) if estate in ("r37", "r172") else None
        if sheet is not None:
            told = [str(value).split("（一般由")[0] for label, value in sheet.facts
                    if str(label) == "待补"]  # fmt: skip
            assert rows.loc[estate, "needed"] == "；".join(told)


def test_a_project_lies_somewhere_and_serves_somebody_else(
    briefing: Briefing, material: Material
) -> None:
    table = briefing.tables[PROJECTS]
    rows = table.rows.set_index("candidate_id")
    assert material.proposed is not None
    spots = material.proposed.proposal.positions()
    boundaries = material.evaluation.study.layers["boundaries"]
    areas = boundaries.loc[boundaries["level"].eq("community"), ["name", "geometry"]]
    here = gpd.GeoDataFrame(geometry=spots.to_crs(boundaries.crs))
    assert rows["place"].tolist() == gpd.sjoin(here, areas)["name"].tolist()
    assert rows.loc["c59", ["place", "street"]].tolist() == ["站前街道第1社区(模拟)", "松州街道"]
    # By hand: 982.7 of 1,539 万元 is 63.9 %; 1,539 × 10,000 ÷ 9,282 people is 1,658 yuan.
    assert "占合计 1,539 万元的 63.9%" in str(table.told(["rank", "cost_wan"]))
    assert "占合计" not in str(table.told(["rank", "share_60plus"]))
    assert table.texts(["yuan_per_person"])[-1] == ["1,658"]
    assert set(rows["funds"]) == {""}  # for the office to say


def test_a_note_explains_only_the_columns_shown(briefing: Briefing) -> None:
    table = briefing.tables[PROJECTS]
    assert "累计可达率" not in str(table.told(["rank", "name", "cost_wan"]))
    assert "责任单位" not in str(table.told(["rank", "share_60plus"]))
    assert "累计可达率的分母为全部位置明确的 60 岁以上老年人 152,560 人" in str(
        table.told(["rank", "share_60plus"])
    )
    bare = Table("t", say("表"), table.columns, table.rows)
    assert bare.told() is None
