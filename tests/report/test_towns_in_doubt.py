"""Towns of which little is known, or not all is inside: unknown is no zero, one number is one."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from analysis.evaluation import evaluate
from analysis.periods.steps import step_of
from analysis.siting.asked import Asked
from report.briefing.assertions import assertions
from report.briefing.content import Briefing
from report.briefing.making import brief
from report.briefing.material import Material, gather
from report.briefing.street_assertions import street_assertions
from report.exchange.layers import layers_of
from report.maps.bubbles import left_out
from report.maps.paper import A3
from tests.analysis.toy_study import area, box, estate, facility, people, spot, toy_study
from tests.report.sentences import texts

Made = tuple[Material, Briefing]
STREETS = [area(f"s{i}", "street", box(i * 300 - 50, -100, i * 300 + 250, 200), name=f"街{i}")
           for i in range(4)]  # fmt: skip
COMMUNITY = area("c1", "community", box(-50, -100, 250, 200), name="社1")
ESTATES = [estate(f"r{i}", box(i * 300, 0, i * 300 + 60, 60), 100) for i in range(4)]
OPEN = facility("f1", spot(0, 0), status="operating")
EVERYBODY = people("p", box(0, 0, 1000, 60), 400, 100)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Made]:
    def make(*, asked: Asked | None = None, **layers: Any) -> Made:  # noqa: ANN401
        study = toy_study(tmp_path_factory.mktemp("town"), **layers)
        material = gather(evaluate(study, draw="when asked"), asked=asked)
        return material, brief(material)

    return make


@pytest.fixture(scope="module")
def beyond(town: Callable[..., Made]) -> Made:
    """Give a town of 100 old people: 40 within reach, 40 further off, 20 in no street."""
    return town(
        facilities=[OPEN],
        population=[people("p1", spot(100, 0), 100, 40), people("p2", spot(900, 0), 80, 30),
                    people("p3", spot(1300, 0), 20, 10), people("p4", spot(1400, 0), 50, 20)],
        boundaries=[area("s0", "street", box(-50, -100, 1350, 200), name="街")],
        streets=(((0, 0), (1600, 0)),), walking={"limit_min": 5},
        candidates=[
            {"id": "c1", "name": "备1", "area_m2": 300.0, "cost_wan": 12.346,
             "geometry": spot(900, 0)},
            {"id": "c2", "name": "备2", "area_m2": 300.0, "geometry": spot(1400, 0)},
        ], asked=Asked(count=2),
    )  # fmt: skip


@pytest.fixture(scope="module")
def undecided(town: Callable[..., Made]) -> Made:
    """Give a town of four estates whose households nobody knows; 50 of 100 within reach."""
    estates = [{**each, "households": float("nan")} for each in ESTATES]
    return town(facilities=[OPEN], residential=estates, population=[EVERYBODY],
                boundaries=[*STREETS, COMMUNITY], walking={"limit_min": 10})  # fmt: skip


@pytest.fixture(scope="module")
def nobody(town: Callable[..., Made]) -> Made:
    named = {**ESTATES[0], "name": "甲\x00乙"}
    return town(facilities=[OPEN], residential=[named, *ESTATES[1:]],
                boundaries=[*STREETS, COMMUNITY], asked=Asked(count=1),
                candidates=[{"id": "c1", "name": "备1", "area_m2": 300.0,
                             "geometry": spot(900, 0)}])  # fmt: skip


@pytest.fixture(scope="module")
def nothing(town: Callable[..., Made]) -> Made:
    return town(population=[EVERYBODY], boundaries=[*STREETS, COMMUNITY])


@pytest.fixture(scope="module")
def rural(town: Callable[..., Made]) -> Made:
    """Give a town and a township: 50 old people in each, 25 of the town within reach."""
    return town(
        facilities=[OPEN], residential=ESTATES, population=[EVERYBODY], walking={"limit_min": 3},
        boundaries=[
            area("s0", "street", box(-50, -100, 450, 200), name="城街道", setting="urban"),
            area("s1", "street", box(450, -100, 1250, 200), name="乡", setting="rural"),
            area("k0", "community", box(-50, -100, 450, 200), name="城社", setting="urban"),
            area("k1", "community", box(450, -100, 1250, 200), name="村", setting="rural"),
        ],
    )  # fmt: skip


def column(briefing: Briefing, key: str, name: str) -> list[str]:
    """Return a column of a table as printed, the total last."""
    return [cells[0] for cells in briefing.tables[key].texts([name])]


def said(briefing: Briefing) -> Mapping[str, str]:
    return {key: " ".join(sentences) for key, sentences in texts(briefing).items()}


def test_a_town_with_people_beyond_its_streets_has_one_baseline(beyond: Made) -> None:
    _, told = beyond
    # 40 of 100 as things stand; both sites reach the other 60, of whom 20 live in no street.
    assert told.evaluation.summary["coverage"]["covered_60plus"] == 40
    assert str(told.headline[-1]) == (
        "建议新增2处：60岁以上老年人可达人数由≥40人增至100人（分母100人），"
        "可达率由≥40.0%提高到100.0%；逐处新增、累计可达和累计可达率只计行政区界内的"
        " 60 岁以上老年人 80 人；界外另有 20 人，其中新增 20 人。"
    )
    claims = {key: str(each.said) for key, each in told.assertions.items()}
    assert claims["sites"] == "建议新增2处，新增覆盖60岁以上老年人60人"
    assert claims["change"] == "2处建成后，可达率由≥40.0%提高到100.0%"
    assert claims["options"] == "建议方案可达率100.0%，比现状多60人可达"
    assert column(told, "options", "covered_60plus") == ["40", "100"]
    assert column(told, "projects", "gain_60plus") == ["30", "10", "40"]
    assert column(told, "projects", "share_60plus")[-1] == "100.0%"  # 80 of 80
    assert "行政区界内的 60 岁以上老年人 80 人" in str(told.tables["projects"].told())
    for sheet in ("sites", "change"):
        assert "增至100人" in str(told.maps[sheet].told[0])


def test_where_all_are_inside_nothing_is_told_apart(briefing: Briefing) -> None:
    assert "界外" not in str(briefing.headline[-1])
    assert "152,560" in str(briefing.tables["projects"].told())


def test_a_sum_of_some_costs_is_no_sum_of_all(beyond: Made) -> None:
    _, told = beyond
    assert column(told, "projects", "cost_wan") == ["12.35", "–", "–"]
    assert said(told)["projects"] == (
        "建议项目2处，其中1处有费用，小计12.35万元，其余费用不明，故没有合计。"
    )
    assert "有的费用不明" in str(told.assertions["projects"].said)


def test_the_sum_of_costs_is_that_of_the_table(briefing: Briefing) -> None:
    total = column(briefing, "projects", "cost_wan")[-1]
    assert total == "1,539"
    assert f"费用合计{total}万元" in said(briefing)["projects"]


def test_options_that_tie_are_named_together(beyond: Made) -> None:
    material, told = beyond
    table = told.tables["options"]
    rows = table.rows.iloc[[0, 1, 1]].assign(label=["现状", "甲", "乙"]).reset_index(drop=True)
    tied = {**told.tables, "options": replace(table, rows=rows)}
    claim = str(assertions(material, tied)["options"].said)
    assert claim == "甲、乙可达率同为最高，为100.0%，都比现状多60人可达"


def test_where_no_estate_is_decided_nobody_knows_what_is_lacking(undecided: Made) -> None:
    _, told = undecided
    assert column(told, "streets", "unknown") == ["1", "1", "1", "1", "4"]
    assert column(told, "streets", "deficit_m2") == ["–"] * 5
    assert told.figures[-1].text == "–"
    step = step_of(told.evaluation)
    assert step.figures["provision", "deficit_m2"] is None  # no “0.00, as before”
    assert step.figures["provision", "short"] == 0


def test_only_streets_in_which_somebody_is_left_are_named(undecided: Made) -> None:
    _, told = undecided
    claims = {key: str(each.said) for key, each in told.assertions.items()}
    assert claims["streets"] == "未覆盖老年人≤50人都在街2、街3"
    assert claims["shares"] == (
        "各街道可达率最高100.0%（街0等2个），最低≥0.0%（街2等2个），全部范围≥50.0%"
    )
    assert str(told.headline[1]) == (
        "仍有≤50名60岁以上老年人不在步行时限内，主要在街2（≤25人）、街3（≤25人）。"
    )
    assert "未覆盖人数是上限" in str(told.tables["streets"].note)


@pytest.mark.parametrize(
    ("left", "said_of_them"),
    [
        ([10, 10, 10, 10], "未覆盖老年人40人，分布在4个街道"),
        ([5, 20, 5, 10], "街1、街3未覆盖老年人最多，合计30人，占全部未覆盖40人的75.0%"),
        ([1, 20, 9, 10], "街1、街3、街2未覆盖老年人最多，合计39人，占全部未覆盖40人的97.5%"),
        ([0, 40, 0, 0], "未覆盖老年人40人都在街1"),
    ],
)
def test_no_street_is_named_before_another_with_as_many(
    undecided: Made, left: list[int], said_of_them: str
) -> None:
    table = undecided[1].tables["streets"]
    assert table.total is not None
    rows = table.rows.assign(uncovered_60plus=left, share_60plus=0.5)
    other = replace(table, rows=rows, total={**table.total, "uncovered_60plus": sum(left)})
    told = {key: str(each.said) for key, each in street_assertions(other, lower=False)}
    assert told["streets"] == said_of_them
    assert told["shares"] == "4个街道可达率均为50.0%"


def test_a_town_of_which_no_people_are_known_has_its_papers(nobody: Made) -> None:
    material, told = nobody
    assert material.proposed is None
    assert "60 岁以上人口" in said(told)["sites"]  # why no site is proposed
    assert "资料不足，不能测算步行15分钟可达率" in str(told.headline[0])
    for name in ("elderly_60plus", "covered_60plus", "uncovered_60plus", "share_60plus"):
        assert column(told, "streets", name) == ["–"] * 5
    assert "没有 60 岁以上人口资料" in str(told.tables["communities"].note)
    assert "没有可用的60岁以上人口资料" in said(told)["need"]
    assert "– 人" not in " ".join(str(each) for figure in told.figures for each in figure.of)
    assert not {"streets", "shares", "coverage", "figures"} & set(told.assertions)
    # Where nobody knows who lives, nothing says that all is well.
    assert all("补齐人口资料后再定布局" in each for each in column(told, "guidance", "told"))
    assert not any("保持现状" in each for each in column(told, "guidance", "told"))


def test_names_other_programs_cannot_hold_are_cleaned(nobody: Made) -> None:
    frame = next(each.frame for each in layers_of(nobody[1]) if each.stem == "estates")
    assert frame["name"].iloc[0] == "甲·乙"


def test_a_town_without_facilities_and_estates_counts_none_of_them(nothing: Made) -> None:
    _, told = nothing
    assert column(told, "streets", "facilities") == ["–"] * 5
    assert set(column(told, "communities", "stations")) == {"–"}
    rate = next(figure for figure in told.figures if figure.key == "rate")
    assert [str(each) for each in rate.of] == ["没有应核查的小区"]
    assert "没有设施资料" in str(told.tables["facilities"].note)


def test_people_in_rural_places_are_in_no_figure_and_told(rural: Made) -> None:
    _, told = rural
    assert column(told, "streets", "elderly_60plus") == ["50", "0", "50"]
    # Every estate counts, and by one rule: those in scope are never more than all.
    assert column(told, "streets", "areas") == ["2", "2", "4"]
    assert column(told, "streets", "in_scope") == ["2", "2", "4"]
    need = said(told)["need"]
    assert "城市部分位置明确的60岁以上老年人50人、总人口200人；农村地区另有老年人50人" in need
    assert any("农村地区的60岁以上老年人50人不按步行衡量" in str(each) for each in told.caveats)
    page = SimpleNamespace(paper=A3)
    scene: Any = SimpleNamespace(evaluation=told.evaluation, page=page)
    circles, level = left_out(scene)
    assert (level, circles["people"].tolist()) == ("community", [25.0])


def test_estates_are_counted_in_the_street_that_their_row_names(
    town: Callable[..., Made],
) -> None:
    estates = [{**each, "street": "街1"} for each in ESTATES[:3]]
    _, told = town(facilities=[OPEN], residential=estates, population=[EVERYBODY],
                   boundaries=STREETS)  # fmt: skip
    assert column(told, "streets", "areas") == ["0", "3", "0", "0", "3"]
    assert column(told, "streets", "in_scope") == ["0", "3", "0", "0", "3"]
    areas = next(each for each in told.tables["streets"].columns if each.key == "areas")
    assert "按台账写明的街道" in str(areas.meaning)


def test_people_near_a_facility_are_each_counted_once(beyond: Made) -> None:
    _, told = beyond
    assert column(told, "facilities", "elders_in_reach") == ["40"]  # those at 100 m
