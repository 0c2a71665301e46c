"""What the report says that blanks do is what an evaluation does with them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.districts.beds import bed_table
from analysis.districts.care_land import care_land
from analysis.districts.standing import Standing
from analysis.districts.stock import stock_table
from analysis.evaluation import Evaluation, evaluate
from analysis.people.told import people_told
from analysis.provision.check import check_provision, provision_summary
from analysis.provision.usable import usable_rooms
from analysis.rulebook import Rulebook
from geo.schema import POSITION, SCHEMAS
from report.data.effects import GAPS, Counting, Effect, effects_of, missing_rows
from tests.analysis.told_situations import ON, Assumed, rulebook_of
from tests.analysis.toy_study import (
    Row,
    area,
    box,
    estate,
    facility,
    layer,
    people,
    spot,
    toy_study,
)

CARE = {"care_area_basis": "building", "care_status": "operating"}
CHIFENG = Rulebook.load(["chifeng"])


def told(layer_name: str, *rows: Row) -> dict[str, Effect]:
    """Return the effects of rows by column."""
    found = effects_of(layer_name, layer(*rows), Counting())
    return {effect.column: effect for effect in found}


def evaluated(folder: Path, **layers: list[Row]) -> Evaluation:
    return evaluate(toy_study(folder, **layers), draw="when asked")


def verdicts(evaluation: Evaluation) -> dict[str, str]:
    table = evaluation.provision
    return dict(zip(table["residential_id"], table["verdict"], strict=True))


def provision_of(
    *rows: Row, facilities: tuple[Row, ...] = (), rules: str = "chifeng"
) -> pd.DataFrame:
    """Return the check of estates by id."""
    check = check_provision(
        layer(*rows), layer(*facilities) if facilities else None, rulebook_of(rules), on=ON,
        assume=None,
    )  # fmt: skip
    return check.table.set_index("residential_id")


# --- facilities -----------------------------------------------------------------------------------

HOMES = box(100, 100, 200, 200)


def test_a_facility_without_a_place_is_not_counted_nor_is_its_area(tmp_path: Path) -> None:
    rows = [
        facility("f1", spot(0, 0), status="operating", floor_area_m2=50.0),
        facility("f2", None, status="operating", floor_area_m2=50.0),
        facility("f3", None, status="operating", floor_area_m2=50.0, serves="r1"),
        facility("f4", None, status="closed", floor_area_m2=50.0),
    ]
    effect = told("facilities", *rows)["geometry"]
    assert effect.rows == (3, 4)
    homes = [estate("r1", HOMES), estate("r2", box(300, 100, 400, 200))]
    streets = [area("b1", "street", box(-100, -500, 1000, 500))]
    evaluation = evaluated(tmp_path, facilities=rows, residential=homes, boundaries=streets)
    assert evaluation.counted == ("f1",)
    # f3 says whom it serves, so its area counts; that of f2 is nobody's.
    assert verdicts(evaluation) == {"r1": "met", "r2": "unknown"}
    standing = Standing.of(layer(*rows), layer(*streets))
    assert [*standing.count_in("street", standing.of_category(["day_care"]))] == [1]


def test_a_facility_of_unknown_category_counts_nowhere(tmp_path: Path) -> None:
    rows = [facility("f1", spot(0, 0), None, status="operating", floor_area_m2=50.0, beds=9.0,
                     serves="r1"),
            facility("f2", spot(0, 0), None, status="operating", floor_area_m2=50.0,
                     serves="r2", allocated_m2=50.0)]  # fmt: skip
    assert told("facilities", *rows)["category"].rows == (2, 3)
    homes = [estate("r1", HOMES), estate("r2", box(300, 100, 400, 200))]
    evaluation = evaluated(tmp_path, facilities=rows, residential=homes)
    assert evaluation.counted == ()
    assert verdicts(evaluation) == {"r1": "unknown", "r2": "met"}
    assert bed_table(Standing.of(layer(*rows), None), CHIFENG, on=ON)["beds"].tolist() == [0.0]


def test_a_blank_status_counts_for_nothing_and_an_absent_column_for_all(tmp_path: Path) -> None:
    blank = [
        facility("f1", spot(0, 0), "care_home", status=None, beds=9.0, floor_area_m2=50.0),
        facility("f2", spot(0, 0), status=None, beds=0.0, floor_area_m2=50.0, serves="r1"),
        facility("f3", spot(9, 0), status="operating", beds=0.0),
        facility("f4", spot(0, 0), status=None, beds=0.0, floor_area_m2=50.0, serves="r2",
                 accepted_on=pd.Timestamp("2024-01-01"),
                 handed_over_on=pd.Timestamp("2024-02-01")),
    ]  # fmt: skip
    effect = told("facilities", *blank)["status"]
    assert effect.rows == (2, 3, 5)
    assert "3 处设施运营状态为空" in str(effect.message)
    homes = [estate("r1", HOMES), estate("r2", box(300, 100, 400, 200))]
    evaluation = evaluated(tmp_path, facilities=blank, residential=homes)
    assert evaluation.counted == ("f3",)
    assert verdicts(evaluation) == {"r1": "unknown", "r2": "met"}
    assert bed_table(Standing.of(layer(*blank), None), CHIFENG, on=ON)["beds"].tolist() == [0.0]
    without = [{name: value for name, value in row.items() if name != "status"} for row in blank]
    effect = told("facilities", *without)["status"]
    assert "4 处设施全部按运营计入" in str(effect.message)
    evaluation = evaluated(tmp_path, facilities=without, residential=homes)
    assert evaluation.counted == ("f2", "f3", "f4")
    assert verdicts(evaluation) == {"r1": "met", "r2": "met"}
    assert bed_table(Standing.of(layer(*without), None), CHIFENG, on=ON)["beds"].tolist() == [9.0]


def test_a_facility_without_an_area_leaves_open_only_who_has_no_ledger() -> None:
    rooms = (
        facility("f1", spot(0, 0), status="operating", floor_area_m2=None, serves="r1"),
        facility("f2", spot(0, 0), status="operating", floor_area_m2=None, serves="r2"),
        facility("f3", spot(0, 0), "care_home", status="operating", floor_area_m2=None),
        facility("f4", spot(0, 0), status="closed", floor_area_m2=None),
        facility("f5", spot(0, 0), status="operating", floor_area_m2=None, allocated_m2=9.0),
    )
    assert told("facilities", *rooms)["floor_area_m2"].rows == (2, 3)
    table = provision_of(
        estate("r1", HOMES), estate("r2", HOMES, care_floor_area_m2=20.0, **CARE), facilities=rooms
    )
    assert [*table["verdict"]] == ["unknown", "met"]
    assert "facility_area_unknown" in table.loc["r1", "reasons"]


def test_sums_of_beds_are_lower_bounds_and_shares_are_not_told() -> None:
    rows = [
        facility("f1", spot(0, 0), "care_home", status="operating", beds=100.0, nursing_beds=40.0,
                 price_class="普惠"),
        facility("f2", spot(0, 0), "care_home", status="operating", beds=None, nursing_beds=None,
                 price_class=None),
        facility("f3", spot(0, 0), "care_home", status="closed", beds=None, nursing_beds=None,
                 price_class=None),
    ]  # fmt: skip
    effects = told("facilities", *rows)
    assert [effects[name].rows for name in ("beds", "nursing_beds", "price_class")] == [(3,)] * 3
    first = bed_table(Standing.of(layer(*rows), None), CHIFENG, on=ON).iloc[0]
    assert (first["beds"], first["affordable_beds"]) == (100, 100)
    assert (first["institutions_without_beds"], first["institutions_without_price"]) == (1, 1)
    assert np.isnan(first["nursing_share_of_institution_beds"])
    alone = bed_table(Standing.of(layer(rows[0]), None), CHIFENG, on=ON).iloc[0]
    assert alone["nursing_share_of_institution_beds"] == 0.4


def test_without_whom_it_serves_a_facility_belongs_to_its_host() -> None:
    rooms = (
        facility("f1", spot(150, 150), status="operating", floor_area_m2=50.0),
        facility("f2", spot(0, 0), status="operating", floor_area_m2=50.0),
    )
    assert "2 处社区设施" in str(told("facilities", *rooms)["serves"].message)
    table = provision_of(
        estate("r1", HOMES), estate("r2", box(300, 100, 400, 200)), facilities=rooms
    )
    assert [*table["provided_m2"].fillna(-1)] == [50, -1]


# --- estates --------------------------------------------------------------------------------------


def test_an_estate_without_a_place_is_not_reached_but_is_checked(tmp_path: Path) -> None:
    homes = [
        estate("r1", spot(100, 0), care_floor_area_m2=20.0, **CARE),
        estate("r2", None, care_floor_area_m2=20.0, **CARE),
    ]
    assert told("residential", *homes)["geometry"].rows == (3,)
    evaluation = evaluated(tmp_path, facilities=[facility("f1", spot(0, 0))], residential=homes)
    places = evaluation.places.set_index("place_id")
    assert np.isnan(places.loc["r2", "minutes"])
    assert evaluation.summary["coverage"]["covered_areas"] == 1
    assert verdicts(evaluation) == {"r1": "met", "r2": "met"}


def test_an_estate_without_households_is_not_judged_and_takes_the_median(tmp_path: Path) -> None:
    homes = [
        estate("r1", spot(100, 0), 300, care_floor_area_m2=1.0, **CARE),
        estate("r2", spot(200, 0), np.nan, care_floor_area_m2=1.0, **CARE),
        estate("r3", spot(300, 0), 100, care_floor_area_m2=1.0, **CARE),
    ]
    effect = told("residential", *homes)["households"]
    assert effect.rows == (3,)
    assert "1 个小区户数缺失" in str(effect.message)
    unit = people("p1", box(0, -50, 1000, 50), 600, 60)
    evaluation = evaluated(tmp_path, residential=homes, population=[unit],
                           facilities=[facility("f1", spot(0, 0))])  # fmt: skip
    assert verdicts(evaluation) == {"r1": "short", "r2": "unknown", "r3": "short"}
    # 300 and 100 households owe 60 and 20 m² and have 1 each.
    assert evaluation.summary["provision"]["deficit_m2"] == 78
    # The median of 300 and 100 is 200: a third of 600 people.
    at = evaluation.homes.set_index("place_id")["population"]
    assert [*at[["r1", "r2", "r3"]]] == [300, 200, 100]


def test_an_estate_without_an_area_looks_at_the_facilities() -> None:
    homes = [
        estate("r1", HOMES, care_floor_area_m2=None),
        estate("r2", box(300, 100, 400, 200), care_floor_area_m2=None),
        estate("r3", box(500, 100, 600, 200), care_floor_area_m2=None, care_status="misused"),
    ]
    assert told("residential", *homes)["care_floor_area_m2"].rows == (2, 3)
    room = facility("f1", spot(150, 150), status="operating", floor_area_m2=50.0)
    table = provision_of(*homes, facilities=(room,))
    assert [*table["verdict"]] == ["met", "unknown", "short"]


def test_an_area_of_unknown_basis_is_no_verdict() -> None:
    homes = [
        estate("r1", spot(0, 0), care_floor_area_m2=90.0, care_status="operating",
               care_area_basis=None),
        estate("r2", spot(9, 0), care_floor_area_m2=1.0, care_status="operating",
               care_area_basis=None),
        estate("r3", spot(9, 0), care_floor_area_m2=0.0, care_status=None, care_area_basis=None),
        estate("r4", spot(9, 0), care_floor_area_m2=9.0, care_status="closed",
               care_area_basis=None),
    ]  # fmt: skip
    assert told("residential", *homes)["care_area_basis"].rows == (2, 3)
    assert [*provision_of(*homes)["verdict"]] == ["unknown", "unknown", "short", "short"]


def test_rooms_of_unknown_status_are_short_or_nothing() -> None:
    homes = [
        estate("r1", spot(0, 0), care_floor_area_m2=90.0, care_area_basis="building",
               care_status=None),
        estate("r2", spot(9, 0), care_floor_area_m2=1.0, care_area_basis="building",
               care_status=None),
    ]  # fmt: skip
    assert told("residential", *homes)["care_status"].rows == (2, 3)
    assert [*provision_of(*homes)["verdict"]] == ["unknown", "short"]


def test_what_the_study_assumes_is_said_and_not_asked_for() -> None:
    homes = [estate("r1", spot(0, 0), care_floor_area_m2=90.0, care_status="operating")]
    counting = Counting(assumed=frozenset({"care_area_basis", "care_status"}))
    effects = {e.column: str(e.message) for e in effects_of("residential", layer(*homes), counting)}
    assert "[assume]" in effects["care_area_basis"]
    assert "care_status" not in effects
    assumed = Assumed(care_area_basis="building")
    check = check_provision(layer(*homes), None, CHIFENG, on=ON, assume=assumed)
    assert [*check.table["verdict"]] == ["met"]
    assert provision_summary(check.table)["assumed"] == 1
    # One cell that is filled in, and nothing is assumed for the others.
    mixed = layer(*homes, estate("r2", spot(0, 0), care_floor_area_m2=9.0, **CARE))
    effects = {e.column: str(e.message) for e in effects_of("residential", mixed, counting)}
    assert "[assume]" not in effects["care_area_basis"]


def test_an_estate_of_unknown_kind_must_pass_both_rules() -> None:
    # Chifeng's figure is one for both; where new estates owe 30 and built ones 20, they differ.
    homes = [
        {**estate("r1", spot(0, 0), care_floor_area_m2=25.0, **CARE), "kind": None},
        {**estate("r2", spot(9, 0), care_floor_area_m2=35.0, **CARE), "kind": None},
        {**estate("r3", spot(9, 0), care_floor_area_m2=5.0, **CARE), "kind": None},
    ]
    assert told("residential", *homes)["kind"].rows == (2, 3, 4)
    table = provision_of(*homes, rules="new_rises_to_30.toml")
    assert [*table["verdict"]] == ["unknown", "met", "short"]
    # r2 passes and r3 does not, but only r4 is said to be new.
    dated = {"completed_on": pd.Timestamp("2023-06-01")}
    new = {**estate("r4", spot(9, 0), care_floor_area_m2=90.0, **CARE, **dated), "kind": "new"}
    whole = provision_of(new, *homes[1:], rules="new_rises_to_30.toml").reset_index()
    summary = provision_summary(whole)
    assert (summary["rate"], summary["rate_new"]) == (pytest.approx(2 / 3), 1.0)


def test_a_new_estate_without_a_duty_date_must_pass_every_rule() -> None:
    dated = {"conditions_on": pd.Timestamp("2023-06-01")}
    homes = [
        {**estate("r1", spot(0, 0), care_floor_area_m2=25.0, **CARE), "kind": "new"},
        {**estate("r2", spot(0, 0), care_floor_area_m2=35.0, **CARE), "kind": "new"},
        {**estate("r3", spot(0, 0), care_floor_area_m2=25.0, **CARE, **dated), "kind": "new"},
        estate("r4", spot(0, 0), care_floor_area_m2=25.0, **CARE),
        {**estate("r5", spot(0, 0), care_floor_area_m2=25.0, **CARE), "kind": "new",
         "permitted_on": pd.Timestamp("2023-06-01")},
    ]  # fmt: skip
    assert told("residential", *homes)["conditions_on"].rows == (2, 3)
    verdict = provision_of(*homes, rules="new_rises_to_30.toml")["verdict"]
    assert verdict["r5"] == "met"
    assert [*verdict[:2]] == ["unknown", "met"]
    assert verdict["r3"] == "met"


def test_an_estate_without_any_date_is_not_in_the_review() -> None:
    homes = [
        estate("r1", spot(0, 0), care_floor_area_m2=50.0, completed_on=pd.Timestamp("2019-05-01"),
               **CARE),
        estate("r2", spot(0, 0), care_floor_area_m2=1.0, completed_on=pd.NaT, **CARE),
        estate("r3", spot(0, 0), care_floor_area_m2=50.0, handed_over_on=pd.Timestamp("2019-05-01"),
               **CARE),
    ]  # fmt: skip
    assert told("residential", *homes)["completed_on"].rows == (3,)
    frame = layer(*homes)
    check = check_provision(frame, None, CHIFENG, on=ON, assume=None)
    summary = provision_summary(check.table, frame, CHIFENG, on=ON)
    assert (summary["rate"], summary["rate_2014"]) == (pytest.approx(2 / 3), 1.0)


def test_estates_without_a_street_are_put_together() -> None:
    homes = [estate("r1", spot(0, 0), street=None), estate("r2", spot(0, 0), street="新城街道")]
    effect = told("residential", *homes)["street"]
    assert effect.rows == (2,)
    assert "未写街道" in str(effect.message)


# --- people ---------------------------------------------------------------------------------------


def test_people_without_a_place_are_neither_covered_nor_not(tmp_path: Path) -> None:
    rows = [people("p1", spot(100, 0), 100, 20), people("p2", None, 50, 30)]
    assert told("population", *rows)["geometry"].rows == (3,)
    coverage = evaluated(tmp_path, population=rows,
                         facilities=[facility("f1", spot(0, 0))]).summary["coverage"]  # fmt: skip
    assert (coverage["share_60plus"], coverage["elderly_60plus"]) == (1.0, 20)
    assert coverage["unlocated_60plus"] == 30


def test_a_row_without_figures_is_in_no_total(tmp_path: Path) -> None:
    rows = [people("p1", spot(100, 0), 100, 20), people("p2", spot(890, 0), np.nan, np.nan)]
    effects = told("population", *rows)
    assert effects["population"].rows == effects["elderly_60plus"].rows == (3,)
    evaluation = evaluated(tmp_path, population=rows, facilities=[facility("f1", spot(0, 0))])
    first = evaluation.coverage.iloc[0]
    assert (first["population"], first["elderly_60plus"], first["share_60plus"]) == (100, 20, 1)


def test_without_the_column_of_the_old_there_is_no_share_of_them(tmp_path: Path) -> None:
    row = {**people("p1", spot(100, 0), 100, 20), "elderly_65plus": 10.0}
    row = {name: value for name, value in row.items() if name != "elderly_60plus"}
    effects = told("population", row)
    assert "60 岁以上覆盖率不计算" in str(effects["elderly_60plus"].message)
    evaluation = evaluated(tmp_path, population=[row], facilities=[facility("f1", spot(0, 0))])
    assert evaluation.summary["coverage"]["share_60plus"] is None
    assert "elderly_80plus" in effects
    assert evaluation.detail.equity.table["share_uncovered_80plus"].isna().all()


def test_people_of_unknown_basis_are_said_to_be_so(tmp_path: Path) -> None:
    rows = [people("p1", spot(100, 0), 100, 20)]
    assert "没有写明常住还是户籍" in str(told("population", *rows)["basis"].message)
    study = toy_study(tmp_path, population=rows, facilities=[facility("f1", spot(0, 0))])
    evaluation = evaluate(study, draw="when asked")
    assert people_told(study, evaluation.located).basis == ""


# --- areas ----------------------------------------------------------------------------------------


def test_an_area_without_a_level_or_outline_sums_up_nothing(tmp_path: Path) -> None:
    around = box(-100, -500, 1000, 500)
    rows = [
        {**area("b1", "street", around), "level": None},
        {**area("b2", "street", around), "geometry": None},
    ]
    effects = told("boundaries", *rows)
    assert (effects["level"].rows, effects["geometry"].rows) == ((2,), (3,))
    assert "setting" in effects
    evaluation = evaluated(
        tmp_path, boundaries=rows, population=[people("p1", spot(100, 0), 100, 20)],
        facilities=[facility("f1", spot(0, 0))],
    )  # fmt: skip
    streets = evaluation.coverage.query("level == 'street'").set_index("area_id")
    assert "b1" not in streets.index
    assert streets.loc["b2", "population"] == 0
    assert streets.loc["OUTSIDE", "population"] == 100


def test_without_settings_everybody_is_measured_by_walking(tmp_path: Path) -> None:
    west, east = box(-100, -500, 500, 500), box(500, -500, 1000, 500)
    for setting, elderly in ((None, 50), ("rural", 20)):
        more = {} if setting is None else {"setting": setting}
        rows = [area("b1", "community", west), area("b2", "community", east, **more)]
        assert ("setting" in told("boundaries", *rows)) is (setting is None)
        summary = evaluated(
            tmp_path, boundaries=rows, facilities=[facility("f1", spot(0, 0))],
            population=[people("p1", spot(100, 0), 100, 20), people("p2", spot(890, 0), 50, 30)],
        ).summary  # fmt: skip
        assert summary["coverage"]["elderly_60plus"] == elderly


# --- stock and land -------------------------------------------------------------------------------


def candidate(id_: str, **more: object) -> Row:
    return {"id": id_, "name": id_, "kind": "闲置房屋", "floor": "1", "area_m2": 90.0,
            "geometry": spot(600, 0), **more}  # fmt: skip


def test_a_candidate_without_a_place_has_no_walk(tmp_path: Path) -> None:
    rows = [candidate("c1"), candidate("c2", geometry=None)]
    assert told("candidates", *rows)["geometry"].rows == (3,)
    evaluation = evaluated(tmp_path, candidates=rows, facilities=[facility("f1", spot(0, 0))],
                           residential=[estate("r1", spot(100, 0))])  # fmt: skip
    places = evaluation.places.set_index("place_id")
    assert (np.isnan(places.loc["c2", "minutes"]), places.loc["c2", "reason"]) == (
        True, "no_geometry",
    )  # fmt: skip


def test_a_candidate_of_unknown_size_or_floor_is_not_known_to_be_usable() -> None:
    rows = [
        candidate("c1"), candidate("c2", area_m2=None), candidate("c3", floor=None),
        candidate("c4", floor=None, kind="新增用地"),
    ]  # fmt: skip
    effects = told("candidates", *rows)
    assert (effects["area_m2"].rows, effects["floor"].rows) == ((3,), (4,))
    usable = usable_rooms(layer(*rows), CHIFENG, on=ON)
    assert [*usable.usable.fillna(value=False)] == [True, False, False, True]
    assert [*usable.usable.isna()] == [False, True, True, False]
    assert not usable.makes_good.iloc[1]
    ranked = [*stock_table(layer(*rows), CHIFENG, on=ON)["candidate_id"]]
    assert ranked.index("c3") > ranked.index("c1")


def test_land_of_unknown_size_code_or_status_is_not_in_the_sum() -> None:
    streets = layer(area("b1", "street", box(-100, -500, 1000, 500), population=100.0))
    parcels = [
        {"id": "l1", "code": "0702", "land_area_m2": 500.0, "status": "operating",
         "geometry": spot(0, 0)},
        {"id": "l2", "code": "0702", "land_area_m2": None, "status": "operating",
         "geometry": spot(0, 0)},
        {"id": "l3", "code": "0702", "land_area_m2": None, "status": "operating",
         "geometry": box(0, 0, 10, 10)},
        {"id": "l4", "code": None, "land_area_m2": 70.0, "status": "operating",
         "geometry": spot(0, 0)},
        {"id": "l5", "code": "0702", "land_area_m2": 70.0, "status": None,
         "geometry": spot(0, 0)},
    ]  # fmt: skip
    found = [(e.column, e.rows) for e in effects_of("care_land", layer(*parcels), Counting())]
    assert found == [
        ("land_area_m2", (4,)), ("land_area_m2", (3,)), ("code", (5,)), ("status", (6,)),
    ]  # fmt: skip
    sums = care_land(streets, layer(*parcels), None, CHIFENG, on=ON)
    # l1 says 500 m²; the outline of l3 is 10 m by 10 m; l2 may be of any size.
    assert sums.table["community_land_m2"].tolist() == [600]
    assert sums.unsized["community"] == 1
    without = [{name: value for name, value in row.items() if name != "status"} for row in parcels]
    found = {e.column: e for e in effects_of("care_land", layer(*without), Counting())}
    assert "5 块用地全部计入" in str(found["status"].message)
    sums = care_land(streets, layer(*without), None, CHIFENG, on=ON)
    assert sums.table["community_land_m2"].tolist() == [670]


def test_an_entrance_of_nowhere_or_nobody_is_not_used(tmp_path: Path) -> None:
    homes = [estate("r1", box(300, 500, 400, 600))]
    door = {"id": "e1", "residential_id": "r1", "geometry": spot(300, 400)}
    rows = [
        {**door, "id": "e2", "geometry": None}, {**door, "id": "e3", "residential_id": None},
    ]  # fmt: skip
    effects = told("entrances", *rows)
    assert (effects["geometry"].rows, effects["residential_id"].rows) == ((2,), (3,))
    care = [facility("f1", spot(0, 0))]

    def way_out(entrances: list[Row]) -> str:
        study = evaluated(tmp_path, facilities=care, residential=homes, entrances=entrances)
        return str(study.places.set_index("place_id").loc["r1", "exit"])

    assert way_out([door]) == "entrance"
    assert way_out(rows) != "entrance"


# --- the table itself -----------------------------------------------------------------------------


def test_every_gap_names_a_column_of_its_layer() -> None:
    places = {column.name for column in POSITION} | {"geometry"}
    for name, gaps in GAPS.items():
        for gap in gaps:
            for column in (gap.column, *gap.fill):
                assert column in places or SCHEMAS[name].has(column), (name, column)


@pytest.mark.parametrize("name", [*GAPS])
def test_a_layer_without_rows_has_no_effects(name: str) -> None:
    empty = layer({"id": "x", "geometry": spot(0, 0)}).iloc[:0]
    assert [*effects_of(name, empty, Counting())] == []
    assert not any(missing_rows(gap, empty, Counting()).any() for gap in GAPS[name])
