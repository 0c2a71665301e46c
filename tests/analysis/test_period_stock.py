"""What of a facility's or an estate's change is dated in the period: the tables, case by case."""

import datetime as dt
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

from analysis.periods.estates import estate_stock
from analysis.periods.facility_changes import facility_changes
from analysis.periods.matched import automatic_ids, match
from analysis.periods.stock import FacilityStock, Period, facility_stock, with_status
from tests.analysis.toy_study import Row, box, estate, facility, layer, spot

PERIOD = Period(dt.date(2025, 6, 30), dt.date(2025, 12, 31))
IN, BEFORE, AFTER = (pd.Timestamp(day) for day in ("2025-09-01", "2025-03-01", "2026-02-01"))
FIRST_DAY, LAST_BUT_ONE = pd.Timestamp("2025-07-01"), pd.Timestamp("2025-12-30")
YEAR_ALONE = pd.Timestamp("2025-12-31")  # what "2025" is read as
DAY_OF_EARLIER = pd.Timestamp("2025-06-30")
OTHER = facility("other", spot(0, 0), status="operating")


def stock_of(before: Row | None, after: Row | None) -> tuple[FacilityStock, pd.DataFrame]:
    """Return the stock and the changes of one facility beside one that does not change."""
    old, new = (layer(*(row for row in (OTHER, one) if row)) for one in (before, after))
    matched = match(old, new, layer="facilities")
    stock = facility_stock(old, new, matched, PERIOD)
    return stock, facility_changes(with_status(old), with_status(new), stock.events)


def state(frame: gpd.GeoDataFrame) -> str:
    """Return the status of the facility that changes; `absent` where it is not there."""
    row = frame[frame["id"].str.startswith("x")]
    return "absent" if row.empty else str(row["status"].iloc[0])


def x(status: str | None, **more: Any) -> Row:  # noqa: ANN401 - cells
    return facility("x", spot(300, 0), status=status, **more)


CASES: dict[str, tuple[Row | None, Row | None, str, list[tuple[str, str]]]] = {
    # what it was, what it is, its state without the events of the period, (change, counts as)
    "opened in it": (None, x("operating", opened_on=IN), "absent", [("opened", "built")]),
    "opened on its first day": (
        None, x("operating", opened_on=FIRST_DAY), "absent", [("opened", "built")]),
    "opened on its last day but one": (
        None, x("operating", opened_on=LAST_BUT_ONE), "absent", [("opened", "built")]),
    "opened in a year that had begun before": (
        None, x("operating", opened_on=YEAR_ALONE), "operating", [("opened", "late_records")]),
    "handed over before, opened in it": (
        x("building", accepted_on=BEFORE, handed_over_on=BEFORE),
        x("operating", accepted_on=BEFORE, handed_over_on=BEFORE, opened_on=IN), "building",
        [("opened", "built")]),
    "handed over before, opened before": (
        x("building", accepted_on=BEFORE, handed_over_on=BEFORE),
        x("operating", accepted_on=BEFORE, handed_over_on=BEFORE, opened_on=BEFORE), "operating",
        [("status_changed", "late_records")]),
    "opened on the day of the earlier evaluation": (
        None, x("operating", opened_on=DAY_OF_EARLIER), "operating",
        [("opened", "late_records")]),
    "listed without a date": (None, x("operating"), "operating", [("opened", "late_records")]),
    "listed late, opened before": (
        None, x("operating", opened_on=BEFORE), "operating", [("opened", "late_records")]),
    "listed with a date to come": (
        None, x("operating", opened_on=AFTER), "operating", [("opened", "late_records")]),
    "handed over in it": (
        None, x("operating", accepted_on=BEFORE, handed_over_on=IN), "absent",
        [("opened", "built")]),
    "opened before, handed over in it": (
        None, x("operating", opened_on=BEFORE, handed_over_on=IN), "operating",
        [("opened", "late_records")]),
    "planned": (None, x("planned"), "planned", [("listed", "late_records")]),
    "listed only now, closed in it": (
        None, x("closed", opened_on=BEFORE, closed_on=IN), "operating", [("closed", "built")]),
    "opened and closed in it": (
        None, x("closed", opened_on=IN, closed_on=IN), "closed", [("listed", "late_records")]),
    "listed only now, closed before": (
        None, x("closed", closed_on=BEFORE), "closed", [("listed", "late_records")]),
    "was planned, opened in it": (
        x("planned"), x("operating", opened_on=IN), "planned", [("opened", "built")]),
    "was in building, handed over in it": (
        x("building", accepted_on=BEFORE), x("building", accepted_on=BEFORE, handed_over_on=IN),
        "building", [("opened", "built")]),
    "was planned, operates without a date": (
        x("planned"), x("operating"), "operating", [("opened", "late_records")]),
    "was planned, had opened before": (
        x("planned"), x("operating", opened_on=BEFORE), "operating",
        [("opened", "late_records")]),
    "closed in it": (
        x("operating"), x("closed", closed_on=IN), "operating", [("closed", "built")]),
    "misused since a day in it": (
        x("operating"), x("misused", closed_on=IN), "operating", [("closed", "built")]),
    "closed without a date": (
        x("operating"), x("closed"), "closed", [("closed", "late_records")]),
    "had closed before": (
        x("operating"), x("closed", closed_on=BEFORE), "closed", [("closed", "late_records")]),
    "gone, as foretold": (
        x("operating", closed_on=IN), None, "operating", [("closed", "built")]),
    "gone without a date": (x("operating"), None, "absent", [("closed", "late_records")]),
    "a plan given up": (x("planned"), None, "absent", [("removed", "late_records")]),
    "in use both times, a date in it": (
        x("operating"), x("operating", opened_on=IN, handed_over_on=IN), "operating", []),
    "in use, says that it closed": (
        x("operating"), x("operating", closed_on=IN), "operating", []),
    "from planned to in building": (
        x("planned"), x("building"), "building", [("status_changed", "late_records")]),
    "nothing": (x("operating"), x("operating"), "operating", []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_dated_in_the_period_is_undone(case: str) -> None:
    before, after, undone, changes = CASES[case]
    stock, told = stock_of(before, after)
    assert state(stock.undone) == undone
    assert state(stock.earlier) == ("absent" if before is None else before["status"])
    assert [*zip(told["change"], told["counts_as"], strict=True)] == changes
    assert set(told["facility_id"]) <= {"x"}
    dated = [change for change, counts_as in changes if counts_as == "built"]
    assert [event for event in stock.events["event"] if event] == dated


def test_a_year_alone_is_proof_only_where_all_of_it_lies_in_the_period() -> None:
    days = pd.Series([YEAR_ALONE, pd.NaT, IN], dtype="datetime64[ns]")
    for start, inside in (("2024-12-31", True), ("2025-01-01", False), ("2025-06-30", False)):
        period = Period(dt.date.fromisoformat(start), dt.date(2025, 12, 31))
        assert [*period.has(days)] == [inside, False, True]


def test_a_handover_undone_is_no_handover() -> None:
    before = x("building", accepted_on=BEFORE)
    stock, told = stock_of(before, x("building", accepted_on=BEFORE, handed_over_on=IN))
    row = stock.undone[stock.undone["id"].eq("x")].iloc[0]
    assert pd.isna(row["handed_over_on"])
    assert (told["event"].iloc[0], told["event_on"].iloc[0]) == ("handed_over_on", IN)


def test_a_date_that_lay_ahead_of_the_earlier_evaluation_had_not_come() -> None:
    planned = x("building", accepted_on=BEFORE, handed_over_on=IN)
    stock, told = stock_of(planned, planned)
    assert pd.isna(stock.earlier.loc[stock.earlier["id"].eq("x"), "handed_over_on"]).all()
    assert [*told["counts_as"]] == ["built"]


def test_moves_sizes_and_names_are_late_records() -> None:
    before = x("operating", floor_area_m2=100.0, beds=4.0)
    after = {**x("operating", floor_area_m2=120.0, beds=4.0), "name": "new name",
             "geometry": spot(300, 40), "category": "embedded"}  # fmt: skip
    stock, told = stock_of(before, after)
    assert {*zip(told["change"], told["before"], told["after"], strict=True)} == {
        ("moved", "", "40 m"),
        ("resized", "floor_area_m2=100", "floor_area_m2=120"),
        ("renamed", "care x", "new name"),
        ("category_changed", "day_care", "embedded"),
    }
    assert {*told["counts_as"]} == {"late_records"}
    assert stock.undone.geometry[stock.undone["id"].eq("x")].iloc[0] == spot(300, 40)


def test_a_closed_facility_that_now_tells_no_area_had_what_it_had() -> None:
    stock, _ = stock_of(x("operating", floor_area_m2=100.0), x("closed", closed_on=IN))
    assert "floor_area_m2" not in stock.undone.columns
    stock, _ = stock_of(
        x("operating", floor_area_m2=100.0), x("closed", closed_on=IN, floor_area_m2=None)
    )
    row = stock.undone[stock.undone["id"].eq("x")].iloc[0]
    assert row["floor_area_m2"] == 100


def test_without_a_status_column_all_operate() -> None:
    old, new = layer(facility("a", spot(0, 0))), layer(
        facility("a", spot(0, 0), status="operating"), facility("b", spot(9, 0), status="planned")
    )
    stock = facility_stock(old, new, match(old, new, layer="facilities"), PERIOD)
    assert not stock.events["event"].any()
    assert stock.events["was"].tolist() == [True, False]


# --- who is who ----------------------------------------------------------------------------------


def test_ids_of_a_file_decide() -> None:
    old = layer(facility("A1", spot(0, 0)), facility("A2", spot(9, 0)))
    new = layer({**facility("A2", spot(500, 0)), "name": "other"}, facility("A3", spot(0, 0)))
    matched = match(old, new, layer="facilities")
    assert not matched.by_name
    assert matched.findings == ()
    assert [*zip(matched.before, matched.after, strict=True)] == [(1, 0)]
    assert ([*matched.only_before], [*matched.only_after]) == ([0], [1])


def test_ids_made_of_rows_are_told_by_the_row() -> None:
    assert automatic_ids(layer(facility("f1", spot(0, 0)), facility("f2", spot(0, 0))),
                         "facilities")  # fmt: skip
    assert not automatic_ids(layer(facility("f2", spot(0, 0)), facility("f1", spot(0, 0))),
                             "facilities")  # fmt: skip
    assert not automatic_ids(layer(facility("f1", spot(0, 0)), facility("x", spot(0, 0))),
                             "facilities")  # fmt: skip


def test_an_id_column_given_only_now_is_no_stranger() -> None:
    old = layer(facility("f1", spot(0, 0)), {**facility("f2", spot(9, 0)), "name": "b"})
    new = layer({**facility("CF02", spot(9, 0)), "name": "b"},
                {**facility("CF01", spot(0, 0)), "name": "care f1"})  # fmt: skip
    matched = match(old, new, layer="facilities")
    assert matched.by_name
    assert [*zip(matched.before.tolist(), matched.after.tolist(), strict=True)] == [(1, 0), (0, 1)]


def test_with_automatic_ids_names_decide_and_equal_names_by_nearness() -> None:
    old = layer(*({**facility(f"f{n}", spot(at, 0)), "name": name} for n, name, at in (
        (1, "station", 0), (2, "station", 500), (3, "gone", 100), (4, "old name", 800),
    )))  # fmt: skip
    new = layer(*({**facility(f"f{n}", spot(at, 0)), "name": name} for n, name, at in (
        (1, "new", 300), (2, "station", 510), (3, "station", 10), (4, "new name", 810),
    )))  # fmt: skip
    matched = match(old, new, layer="facilities")
    # f1 at 0 is f3 at 10, f2 is f2; f4 keeps its row and stands 10 m away: it was renamed.
    assert {*zip(matched.before.tolist(), matched.after.tolist(), strict=True)} == {
        (0, 2), (1, 1), (3, 3)
    }  # fmt: skip
    assert (matched.only_before.tolist(), matched.only_after.tolist()) == ([2], [0])
    (told,) = matched.findings
    assert told.severity == "warning"
    assert "3 条" in str(told.message)
    assert "gone" in str(told.message)
    assert "new" in str(told.message)


def test_a_row_that_is_gone_never_lends_its_number_to_another() -> None:
    old = layer({**facility("f1", spot(0, 0)), "name": "gone"}, facility("f2", spot(500, 0)))
    new = layer({**facility("f1", spot(500, 0)), "name": "care f2"})
    stock = facility_stock(old, new, match(old, new, layer="facilities"), PERIOD)
    assert stock.earlier["id"].tolist() == ["f1@", "f1"]


# --- estates -------------------------------------------------------------------------------------

CARE = {"care_area_basis": "building", "care_status": "operating"}


def rooms(frame: gpd.GeoDataFrame) -> list[object]:
    row = frame.iloc[-1]
    day = row.get("completed_on")
    return [row["kind"], row.get("delivered_households"), None if pd.isna(day) else day,
            row.get("care_floor_area_m2")]  # fmt: skip


def estates(before: Row | None, after: Row) -> tuple[list[object], list[object], bool]:
    """Return kind, delivered, completed, care m² in the earlier stock and without events."""
    stays = estate("o", spot(0, 0), **CARE, care_floor_area_m2=1.0)
    old, new = layer(stays, *([] if before is None else [before])), layer(stays, after)
    stock = estate_stock(old, new, match(old, new, layer="residential"), PERIOD)
    return rooms(stock.earlier), rooms(stock.undone), bool(stock.completed.iloc[-1])


def test_care_area_without_a_date_is_a_late_record() -> None:
    was = estate("x", spot(0, 0), **CARE, care_floor_area_m2=5.0)
    now = estate("x", spot(0, 0), **CARE, care_floor_area_m2=20.0)
    earlier, undone, completed = estates(was, now)
    assert (earlier[3], undone[3], completed) == (5, 20, False)


def test_care_rooms_that_came_with_completion_are_undone_with_it() -> None:
    was = estate("x", spot(0, 0), kind="new", delivered_households=0.0)
    now = {**estate("x", spot(0, 0), **CARE, care_floor_area_m2=20.0, completed_on=IN),
           "kind": "built"}  # fmt: skip
    earlier, undone, completed = estates({**was, "kind": "new"}, now)
    assert completed
    assert earlier[0] == undone[0] == "new"
    assert earlier[1] == undone[1] == 0
    assert earlier[2] is undone[2] is None
    assert pd.isna(earlier[3])
    assert pd.isna(undone[3])


def test_a_new_estate_completed_in_the_period_is_not_yet_there_without_it() -> None:
    now = estate("x", spot(0, 0), **CARE, care_floor_area_m2=20.0, completed_on=IN)
    earlier, undone, completed = estates(None, now)
    assert completed
    assert earlier == undone == ["new", 0, None, 0]


@pytest.mark.parametrize("day", [None, BEFORE, AFTER])
def test_a_new_estate_completed_outside_the_period_is_a_late_record(
    day: pd.Timestamp | None,
) -> None:
    now = estate("x", spot(0, 0), **CARE, care_floor_area_m2=20.0, completed_on=day)
    earlier, undone, completed = estates(None, now)
    assert not completed
    assert earlier[:2] == ["new", 0]
    assert (undone[0], undone[3]) == ("built", 20)


def test_what_the_earlier_ledger_has_as_built_is_not_completed_again() -> None:
    was = estate("x", spot(0, 0), **CARE, care_floor_area_m2=5.0)
    now = estate("x", spot(0, 0), **CARE, care_floor_area_m2=20.0, completed_on=IN)
    _, undone, completed = estates(was, now)
    assert (undone[3], completed) == (20, False)


def test_a_completion_that_lay_ahead_had_not_come() -> None:
    foretold = {**estate("x", spot(0, 0), completed_on=IN), "kind": "new"}
    earlier, undone, completed = estates(foretold, foretold)
    assert completed
    assert earlier[1:3] == undone[1:3] == [0, None]


def test_outlines_and_households_are_those_of_today() -> None:
    was, now = estate("x", spot(0, 0), 50), estate("x", box(0, 0, 50, 50), 80)
    stock = estate_stock(layer(was), layer(now), match(layer(was), layer(now),
                                                       layer="residential"), PERIOD)  # fmt: skip
    assert stock.earlier["households"].tolist() == [80]
    assert stock.earlier.geometry.iloc[0].area == 2500
