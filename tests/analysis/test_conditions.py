"""Planning conditions: what a parcel owes by hand, and with whom a room would be usable.

The parcel stands at B (300,0). Five minutes at 0.9 m/s are 270 m.
"""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from analysis.description import ProvisionSettings
from analysis.evaluation import Evaluation, evaluate
from analysis.pooling.parcel import PooledParcel, pooled_parcel
from analysis.provision.conditions import (
    MOST_HOUSEHOLDS,
    planning_conditions,
    printed_up,
    read_households,
)
from analysis.rulebook import Pack, Rule, Rulebook
from geo.errors import PlanningError, RuleError
from geo.language import speaking
from report.answers import conditions_content, print_conditions
from tests.analysis.toy_study import Row, estate, facility, spot, toy_study
from tests.conftest import METRIC

ON = dt.date(2025, 12, 31)
CHIFENG = Rulebook.load(["chifeng"])
CARE = {"care_area_basis": "building", "care_status": "operating"}


@pytest.mark.parametrize(
    ("households", "required_m2", "printed"),
    [(1250, 250.0, "250.00"), (99, 19.8, "19.80"), (60, 12.0, "12.00"), (1, 0.2, "0.20"),
     (1751, 350.2, "350.20"), (MOST_HOUSEHOLDS, 20_000.0, "20000.00")],
)  # fmt: skip
def test_twenty_square_metres_for_each_hundred(
    households: int, required_m2: float, printed: str
) -> None:
    owed = planning_conditions(households, CHIFENG, ON)
    assert owed.required_m2 == pytest.approx(required_m2, abs=1e-12)
    assert owed.printed_m2 == printed


def test_the_sentence_can_be_copied() -> None:
    owed = planning_conditions(1250, CHIFENG, ON)
    assert str(owed.sentence) == (
        "该地块规划住宅 1250 户，按照每百户不少于20平方米建筑面积的标准"
        "（赤政办发〔2023〕42号 三（二）、四9），应集中配建居家社区养老服务设施建筑面积"
        "不少于250.00平方米，与住宅同步规划、同步建设、同步验收、同步交付，并按规定移交民政部门。"
    )
    assert str(owed.formula) == "1250 户 ÷ 100 × 20 平方米/百户 = 250 平方米"
    assert str(owed.phased) == (
        "项目分期建设的，养老服务设施应安排在首期，最迟在住宅建成一半之前建成"
        "（内政办字〔2022〕44号，见于公开页面）。"
    )


def test_a_province_has_its_own_measure_and_says_where_it_was_seen() -> None:
    owed = planning_conditions(1000, Rulebook.load(["anhui"]), ON)
    assert owed.required_m2 == 300
    assert "每百户不少于30平方米" in str(owed.sentence)
    assert "见于公开页面" in str(owed.sentence)
    assert "没有分期" in str(owed.phased)


@pytest.mark.parametrize(("households", "enough"), [(1749, False), (1750, True), (1751, True)])
def test_the_smallest_usable_room_is_a_hint_with_its_place(
    households: int, *, enough: bool
) -> None:
    # 350 m² are 1,750 households; the figure is Anhui's.
    hint = str(planning_conditions(households, CHIFENG, ON).hint)
    assert ("已达到" in hint) is enough
    assert "350" in hint
    assert "安徽省" in hint
    assert "仅供参考" in hint


def test_before_any_rule_nothing_is_owed_in_silence() -> None:
    with pytest.raises(RuleError, match="2023-08-24"):
        planning_conditions(100, CHIFENG, dt.date(2023, 8, 24))
    assert planning_conditions(100, CHIFENG, dt.date(2023, 8, 25)).required_m2 == 20


def test_the_settings_of_a_study_count() -> None:
    step = planning_conditions(101, CHIFENG, ON, settings=ProvisionSettings(household_step=100))
    assert step.required_m2 == 40
    spared = planning_conditions(99, CHIFENG, ON, settings=ProvisionSettings(exempt_below=100))
    assert spared.required_m2 == 0
    assert "不要求单独配建" in str(spared.sentence)


@pytest.mark.parametrize(("area_m2", "printed"), [
    (19.8, "19.80"), (0.1 + 0.2, "0.30"), (33.333, "33.34"), (33.3300001, "33.34"),
    (0.2 * 3, "0.60"),
])  # fmt: skip
def test_print_never_asks_for_less(area_m2: float, printed: str) -> None:
    assert printed_up(area_m2) == printed


@pytest.mark.parametrize(("text", "households"), [
    ("1250", 1250), ("1,250", 1250), ("１２５０", 1250), ("500户", 500), (" 60 ", 60),
])  # fmt: skip
def test_households_are_read_as_offices_write_them(text: str, households: int) -> None:
    assert read_households(text) == households


@pytest.mark.parametrize(
    "text", ["0", "-5", "many", "", "12.5", "100001", "1e30", "inf", "nan", "500㎡", "3-5"]
)
def test_what_is_no_number_of_homes_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(PlanningError, match=str(MOST_HOUSEHOLDS)) as refused:
        read_households(text)
    assert len(refused.value.messages) == 1


@pytest.mark.parametrize("households", [0, -1, MOST_HOUSEHOLDS + 1])
def test_the_library_refuses_them_too(households: int) -> None:
    with pytest.raises(PlanningError):
        planning_conditions(households, CHIFENG, ON)


# --- among neighbours ----------------------------------------------------------------------------


def short(id_: str, x: float, y: float, households: float, **more: object) -> Row:
    """Return an estate on its street that has nothing and owes a fifth of its households in m²."""
    return {**estate(id_, spot(x, y), households), **CARE, "care_floor_area_m2": 0.0, **more}


# From B (300,0): n1 100 m, n2 200 m up to D, n3 260 m, far 300 m; ok has enough; none says nothing.
NEIGHBOURS = (
    short("n3", 560, 0, 500), short("n2", 300, 200, 400), short("n1", 200, 0, 300),
    short("far", 600, 0, 900),
    {**short("ok", 290, 0, 50), "care_floor_area_m2": 50.0},
    {**estate("none", spot(310, 0), 70)},
)  # fmt: skip


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    study = toy_study(
        tmp_path_factory.mktemp("toy"),
        residential=list(NEIGHBOURS),
        facilities=[facility("f1", spot(900, 0), status="operating")],
    )
    return evaluate(study, draw="when asked")


def degrees(x: float, y: float) -> tuple[float, float]:
    import geopandas as gpd  # noqa: PLC0415

    point = gpd.GeoSeries([spot(x, y)], crs=METRIC).to_crs(4326).iloc[0]
    return point.x, point.y


def parcel(toy: Evaluation, households: int, x: float = 300, y: float = 0) -> PooledParcel:
    owed = planning_conditions(households, toy.rulebook, ON)
    return pooled_parcel(owed, toy, *degrees(x, y))


def test_neighbours_are_short_and_within_the_walk_the_nearest_first(toy: Evaluation) -> None:
    near = parcel(toy, 900).neighbours
    assert near["residential_id"].tolist() == ["n1", "n2", "n3"]
    assert near["minutes"].tolist() == pytest.approx([100 / 54, 200 / 54, 260 / 54], abs=1e-4)
    assert near["deficit_m2"].tolist() == [60, 80, 100]
    # The parcel's 180 m² and theirs.
    assert near["together_m2"].tolist() == [240, 320, 420]


def test_as_many_are_taken_as_a_room_needs(toy: Evaluation) -> None:
    pooled = parcel(toy, 900)
    assert pooled.outcome == "together"
    assert pooled.neighbours["needed"].tolist() == [True, True, True]
    assert pooled.together_m2 == 420
    said = str(pooled.sentence)
    assert said.startswith("若经统筹确认")
    assert "420.00平方米" in said
    assert "estate n1、estate n2、estate n3" in said
    fewer = parcel(toy, 1050)  # 210 + 60 + 80 = 350: just enough
    assert fewer.neighbours["needed"].tolist() == [True, True, False]
    assert fewer.together_m2 == 350


def test_a_parcel_that_is_enough_alone_needs_nobody(toy: Evaluation) -> None:
    pooled = parcel(toy, 1750)
    assert pooled.outcome == "alone"
    assert not pooled.neighbours["needed"].any()
    assert pooled.together_m2 == 350
    assert "不需要统筹" in str(pooled.sentence)


def test_where_all_are_not_enough_that_is_said(toy: Evaluation) -> None:
    pooled = parcel(toy, 500)  # 100 + 240 = 340
    assert pooled.outcome == "not_enough"
    assert not pooled.neighbours["needed"].any()
    assert "340.00" in str(pooled.sentence)
    assert "仍不足 350" in str(pooled.sentence)


def test_where_nobody_is_short_that_is_said(toy: Evaluation) -> None:
    pooled = parcel(toy, 500, x=0, y=0)  # n1 is 200 m away
    assert pooled.neighbours["residential_id"].tolist() == ["n1"]
    assert parcel(toy, 500, x=900, y=0).outcome == "nobody"
    assert "没有配建不足" in str(parcel(toy, 500, x=900, y=0).sentence)


def test_packs_say_who_may_pool(toy: Evaluation) -> None:
    def without(key: str) -> Evaluation:
        packs = [
            Pack(pack.name, pack.title, pack.stands_on,
                 tuple(rule for rule in pack.rules if rule.key != key))
            for pack in toy.rulebook.packs
        ]  # fmt: skip
        return replace(toy, rulebook=Rulebook(tuple(packs)))

    # Without any rule about it everybody may, as among estates.
    assert parcel(without("pool_applies_to"), 900).outcome == parcel(toy, 900).outcome
    for_built = replace(toy, rulebook=Rulebook.load(["chifeng", "guizhou"]))
    barred = parcel(for_built, 900)
    assert (barred.outcome, barred.neighbours.empty) == ("not_for_kind", True)
    assert "没有允许此类地块统筹" in str(barred.sentence)
    assert parcel(without("pool_walk_min"), 900).outcome == "no_rule"
    assert parcel(without("care_room_min_m2"), 900).outcome == "no_rule"
    assert "不作统筹建议" in str(parcel(without("care_room_min_m2"), 900).sentence)


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [(100.5, 20.25), (999.0, 42.0), (42.0, 118.0), (118.0, 90.0), (float("1e300"), 0.0)],
)
def test_a_position_off_the_streets_is_refused_in_one_line(
    toy: Evaluation, longitude: float, latitude: float
) -> None:
    owed = planning_conditions(900, CHIFENG, ON)
    with pytest.raises(PlanningError, match=r"经纬度|道路") as refused:
        pooled_parcel(owed, toy, longitude, latitude)
    assert len(refused.value.messages) == 1


def test_it_is_printed_and_plain_json(
    toy: Evaluation, capsys: pytest.CaptureFixture[str]
) -> None:
    pooled = parcel(toy, 900)
    print_conditions(pooled.conditions, pooled, phased=True)
    said = capsys.readouterr().out
    assert "180.00平方米" in said
    assert "首期" in said
    assert "「新建和已建成住宅小区" in said
    assert "n2" in said
    content = conditions_content(pooled.conditions, pooled, phased=True)
    assert content["pooling"]["outcome"] == "together"
    assert [one["residential_id"] for one in content["pooling"]["neighbours"]] == ["n1", "n2", "n3"]
    assert content["required_m2"] == 180


def test_a_rule_is_what_it_says() -> None:
    rule = planning_conditions(100, CHIFENG, ON).rule
    assert isinstance(rule, Rule)
    assert rule.applies_to == "new"
    assert pd.Timestamp(rule.in_force_from) == pd.Timestamp("2023-08-25")


def test_it_speaks_english(toy: Evaluation) -> None:
    pooled = parcel(toy, 900)
    with speaking("en"):
        assert "900 homes" in str(pooled.conditions.sentence)
        assert "if" in str(pooled.sentence).lower()
