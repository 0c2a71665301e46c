"""Two periods of the toy city compared: every part of every change known by hand.

People aged 60+: 10 at A (0,0), 20 at B (300,0), 30 at C (600,0), 40 at E (900,0), 100 at D
(300,400). With a limit of five minutes 0.9 m/s reach 270 m and 1.2 m/s reach 360 m.
"""

import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from analysis.periods.comparison import Comparison, compare
from analysis.periods.evaluated_again import same_stock
from analysis.periods.snapshot import Snapshot, read_snapshot
from geo.errors import PlanningError
from geo.language import speaking
from report.comparison_files import comparison_content, write_comparison
from report.plain import plain_json
from tests.analysis.toy_study import Row, facility, people, spot
from tests.analysis.two_periods import (
    BEFORE_IT,
    EARLIER,
    IN_PERIOD,
    LATER,
    files_of,
    home,
    kept,
    of_an_earlier_version,
)

PEOPLE = (
    people("pa", spot(0, 0), 100, 10), people("pb", spot(300, 0), 100, 20),
    people("pc", spot(600, 0), 100, 30), people("pe", spot(900, 0), 100, 40),
    people("pd", spot(300, 400), 100, 100),
)  # fmt: skip
AT_A = facility("f1", spot(0, 0), status="operating")
AT_E = facility("f2", spot(900, 0), status="operating")
AT_D = facility("f9", spot(300, 400), status="operating", opened_on=IN_PERIOD)
CARE_LESS = home("r3", 700, 0.0)
GOING_UP = {**home("r2", 890, None), "kind": "new", "delivered_households": 0.0,
            "conditions_on": pd.Timestamp("2024-01-01"), "care_status": None}  # fmt: skip
DONE = {**home("r2", 890, 20.0), "kind": "new", "completed_on": IN_PERIOD,
        "conditions_on": pd.Timestamp("2024-01-01")}  # fmt: skip
WALKS = {"limit_min": 5.0}


def earlier(folder: Path, **more: Any) -> Snapshot:  # noqa: ANN401
    rows = {
        "facilities": (AT_A,),
        "residential": (home("r1", 200, 5.0), GOING_UP, CARE_LESS),
        "population": PEOPLE,
        "walking": WALKS,
    }
    return kept(folder, EARLIER, **{**rows, **more})


def later(folder: Path, **more: Any) -> Snapshot:  # noqa: ANN401
    rows = {
        "facilities": (AT_A, AT_E, AT_D),
        "residential": (home("r1", 200, 20.0), DONE, {**CARE_LESS, "households": 150.0}),
        "population": PEOPLE,
        "walking": {**WALKS, "speed_m_per_s": 1.2},
    }
    return kept(folder, LATER, **{**rows, **more})


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("periods")


@pytest.fixture(scope="module")
def snapshots(base: Path) -> tuple[Snapshot, Snapshot]:
    return earlier(base / "a"), later(base / "b")


@pytest.fixture(scope="module")
def compared(snapshots: tuple[Snapshot, Snapshot]) -> Comparison:
    return compare(*snapshots)


def figure(comparison: Comparison, key: str, group: str = "coverage") -> list[float]:
    """Return before, after, change, data and method, late records, built."""
    table = comparison.figures.set_index(["group", "key"])
    row = table.loc[(group, key), ["before", "after", "change", "data_and_method",
                                   "late_records", "built"]]  # fmt: skip
    return [float(value) for value in row]


# --- each part by hand ---------------------------------------------------------------------------


def test_the_share_is_told_apart(compared: Comparison) -> None:
    # 0.9 m/s: A alone, 10 of 200. 1.2 m/s: A and B, 30. With E, which opened nobody knows when:
    # E and C too, 100. With D, opened in the period: all 200.
    assert compared.parted
    assert figure(compared, "covered_60plus") == [10, 200, 190, 20, 70, 100]
    assert figure(compared, "share_60plus") == [0.05, 1, 0.95, 0.1, 0.35, 0.5]
    assert figure(compared, "elderly_60plus") == [200, 200, 0, 0, 0, 0]


def test_provision_is_told_apart(compared: Comparison) -> None:
    # r1 had 5 of 20 m² (undated: 20 now); r3 owes 20, and 30 since its households are known
    # better; r2 was not due, and came in the period with its 20 m².
    assert figure(compared, "deficit_m2", "provision") == [35, 30, -5, 10, -15, 0]
    assert figure(compared, "met", "provision") == [0, 2, 2, 0, 1, 1]
    assert figure(compared, "in_scope", "provision") == [2, 3, 1, 0, 0, 1]
    assert figure(compared, "rate", "provision") == [0, 0.667, 0.667, 0, 0.5, 0.167]


def test_a_stock_that_stayed_as_it_was_is_evaluated_once(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {"facilities": (AT_A,), "residential": (home("r1", 200, 5.0),)}
    was, now = earlier(base / "stayed a", **rows), later(base / "stayed b", **rows)
    anew: list[object] = []
    monkeypatch.setattr(
        "analysis.periods.comparison.evaluated", lambda _study, stock: anew.append(stock)
    )
    same = compare(was, now)
    assert same.parted
    assert not anew
    # 0.9 m/s: A alone. 1.2 m/s: A and B, and that is the method's.
    assert figure(same, "covered_60plus") == [10, 30, 20, 20, 0, 0]


def test_another_cell_is_another_stock(snapshots: tuple[Snapshot, Snapshot]) -> None:
    _, after = snapshots
    told = dict(after.stock)
    assert same_stock(told, {**told, "facilities": told["facilities"].copy()})
    moved = told["facilities"].assign(geometry=told["facilities"].translate(0.001))
    assert not same_stock(told, {**told, "facilities": moved})
    assert not same_stock(told, {**told, "facilities": told["facilities"].iloc[1:]})
    assert not same_stock(told, {"facilities": told["facilities"]})
    fewer = told["residential"].assign(households=told["residential"]["households"] - 1)
    assert not same_stock(told, {**told, "residential": fewer})


def test_streets_are_told_apart_and_add_up(compared: Comparison) -> None:
    # s1 holds A, B and D (130), s2 C and E (70).
    table = compared.areas.set_index("area_id")
    names = [f"covered_60plus_{what}" for what in
             ("before", "after", "change", "data_and_method", "late_records", "built")]  # fmt: skip
    told = table[names].to_numpy().tolist()
    assert [*table.index] == ["ALL", "s1", "s2", "OUTSIDE"]
    assert told[1] == [10, 130, 120, 20, 0, 100]
    assert told[2] == [0, 70, 70, 0, 70, 0]
    assert told[0] == [sum(column) for column in zip(*told[1:], strict=True)]
    assert table.loc["s2", ["share_60plus_before", "share_60plus_after"]].tolist() == [0, 1]


def test_estates_say_why(compared: Comparison) -> None:
    table = compared.estates.set_index("residential_id")
    assert table["why"].to_dict() == {
        "r1": "late_records", "r2": "built", "r3": "data_and_method"
    }  # fmt: skip
    assert table["verdict_before"].tolist() == ["short", "", "short"]
    assert table["verdict_after"].tolist() == ["met", "met", "short"]
    assert table["deficit_before_m2"].tolist()[::2] == [15, 20]
    assert table["deficit_after_m2"].tolist() == [0, 0, 30]


def test_facilities_say_what_counts_as_built(compared: Comparison) -> None:
    assert compared.changes[["facility_id", "change", "counts_as"]].to_numpy().tolist() == [
        ["f2", "opened", "late_records"], ["f9", "opened", "built"]
    ]  # fmt: skip
    assert compared.changes["event"].tolist() == ["", "opened_on"]


def test_indicators_keep_their_targets(compared: Comparison) -> None:
    row = compared.indicators.set_index("key").loc["care_floor_area_per_100_households"]
    # 5 m² for 200 households; 40 m² for 350.
    assert [row["before"], row["after"], row["target"]] == [2.5, 11.429, 20]
    assert [row["met_before"], row["met_after"]] == [False, False]
    # S1: 5 m² for 250 households; S2: 20 m² for 250.
    parts = [row["data_and_method"], row["late_records"], row["built"]]
    assert parts == pytest.approx([-0.5, 6, 3.429])


def test_only_what_was_built_is_called_new(compared: Comparison) -> None:
    told = [str(sentence) for sentence in compared.sentences]
    assert told[0] == (
        "60岁以上老年人步行可达率为100.0%，较上期（5.0%）提高95.0个百分点，"
        "其中实际建设+50.0个百分点、补登更正+35.0个百分点、口径与数据+10.0个百分点。"
    )
    assert told[-2] == "本期实际建成投用养老服务设施 1 处，停用 0 处。"
    assert told[-1] == "因本期建设，新增步行可达的60岁以上老年人 100 人。"
    assert sum("新增" in sentence for sentence in told) == 1
    assert "减少5.00平方米" in "".join(told)
    assert "实际建设0、补登更正−15.00平方米、口径与数据+10.00平方米" in "".join(told)


def test_the_same_twice_has_not_changed(base: Path, snapshots: tuple[Snapshot, Snapshot]) -> None:
    again = kept(base / "same", "2026-06-30", facilities=(AT_A, AT_E, AT_D), population=PEOPLE,
                 residential=(home("r1", 200, 20.0), DONE, {**CARE_LESS, "households": 150.0}),
                 walking={**WALKS, "speed_m_per_s": 1.2})  # fmt: skip
    comparison = compare(snapshots[1], again)
    parts = comparison.figures[["change", "data_and_method", "late_records", "built"]]
    assert (parts.dropna() == 0).all(axis=None)
    assert {*comparison.estates["why"]} == {"unchanged"}
    assert comparison.changes.empty
    assert all("较上期不变。" in str(one) for one in comparison.sentences[:5])
    assert "新增" not in "".join(map(str, comparison.sentences))


def test_a_closure_in_the_period_is_built_downwards(base: Path) -> None:
    before = earlier(base / "open", facilities=(AT_A, AT_E))
    after = earlier_later(base / "shut", {**AT_E, "status": "closed", "closed_on": IN_PERIOD})
    comparison = compare(before, after)
    # Within 270 m of E only E itself: 40 people lose it.
    assert figure(comparison, "covered_60plus") == [50, 10, -40, 0, 0, -40]
    assert comparison.changes[["change", "counts_as"]].to_numpy().tolist() == [["closed", "built"]]
    told = [str(sentence) for sentence in comparison.sentences]
    assert "下降20.0个百分点，其中实际建设−20.0个百分点、补登更正0、口径与数据0。" in told[0]
    assert not any("新增" in sentence for sentence in told)


def test_a_closure_without_a_date_is_a_correction(base: Path) -> None:
    before = earlier(base / "open2", facilities=(AT_A, AT_E))
    after = earlier_later(base / "shut2", {**AT_E, "status": "closed"})
    assert figure(compare(before, after), "covered_60plus") == [50, 10, -40, 0, -40, 0]


def test_a_facility_that_opened_before_is_a_late_record(base: Path) -> None:
    before = earlier(base / "without")
    after = earlier_later(base / "late", {**AT_E, "opened_on": BEFORE_IT})
    assert figure(compare(before, after), "covered_60plus") == [10, 50, 40, 0, 40, 0]


def earlier_later(folder: Path, second: Row) -> Snapshot:
    """Return the later date with everything as it was, but for a second facility."""
    return later(
        folder,
        facilities=(AT_A, second),
        residential=(home("r1", 200, 5.0), GOING_UP, CARE_LESS),
        walking=WALKS,
    )


# --- what cannot be told apart -------------------------------------------------------------------


def moved(base: Path, after: Snapshot, name: str) -> Snapshot:
    """Return a copy of a later period, folder and study, that may be spoilt."""
    shutil.copytree(after.folder.parent, base / name)
    return read_snapshot(base / name / "out")


def test_a_study_is_found_after_both_were_moved(
    base: Path, snapshots: tuple[Snapshot, Snapshot]
) -> None:
    assert compare(snapshots[0], moved(base, snapshots[1], "elsewhere")).parted


def no_study(folder: Path) -> None:
    (folder / "files" / "toy.study.toml").unlink()


def other_settings(folder: Path) -> None:
    file = folder / "files" / "toy.study.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "[people]\nhousehold_size = 2.4\n", encoding="utf-8")


def other_data(folder: Path) -> None:
    files_of(folder, LATER, population=PEOPLE[:2])
    shutil.copy(folder / "files" / "population.gpkg", folder / "kept.gpkg")


def other_rules(folder: Path) -> None:
    _edit_json(folder, "parameters.json", '"value": 20.0', '"value": 19.0')


def other_figures(folder: Path) -> None:
    _edit_json(folder, "summary.json", '"covered_60plus": 200', '"covered_60plus": 190')


def other_coverage(folder: Path) -> None:
    _edit_json(folder, "coverage.csv", "ALL,study,,200,200", "ALL,study,,200,250")


def other_verdict(folder: Path) -> None:
    _edit_json(folder, "provision.csv", ",short,", ",unknown,")


def other_indicator(folder: Path) -> None:
    path = folder / "out" / "indicators.csv"
    table = pd.read_csv(path, encoding="utf-8-sig", dtype=str)
    table.loc[table["value"].notna().idxmax(), "value"] = "77"
    table.to_csv(path, index=False, encoding="utf-8-sig")


def _edit_json(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / "out" / name).read_text(encoding="utf-8")
    assert old in text
    (folder / "out" / name).write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("harm", "word"),
    [
        (no_study, "找不到研究文件"),
        (other_settings, "此后改动过"),
        (other_data, "population.gpkg"),
        (other_rules, "规则包"),
        (other_figures, "coverage.covered_60plus"),
        (other_coverage, "coverage.csv ALL covered_60plus"),
        (other_verdict, "provision.csv r3 verdict"),
        (other_indicator, "indicators.csv"),
    ],
)
def test_where_the_study_is_not_the_same_nothing_is_called_new(
    base: Path, snapshots: tuple[Snapshot, Snapshot], harm: Any, word: str,  # noqa: ANN401
) -> None:
    after = moved(base, snapshots[1], harm.__name__)
    population = (after.folder.parent / "files" / "population.gpkg").read_bytes()
    of_an_earlier_version(after.folder)  # else some are refused before they are looked into
    harm(after.folder.parent)
    if harm is other_data:  # only the people are other, the study file is as it was
        shutil.copy(snapshots[1].study_file, after.study_file)
        assert (after.folder.parent / "files" / "population.gpkg").read_bytes() != population
        for name in ("facilities", "residential", "boundaries", "streets"):
            shutil.copy(snapshots[1].study_file.parent / f"{name}.gpkg", after.study_file.parent)
    comparison = compare(snapshots[0], read_snapshot(after.folder))
    assert not comparison.parted
    finding = comparison.findings[0]
    assert word in str(finding.message)
    assert figure(comparison, "share_60plus")[:3] == [0.05, 1, 0.95]
    parts = comparison.figures[["data_and_method", "late_records", "built"]]
    assert parts.isna().all(axis=None)
    assert "新增" not in "".join(map(str, comparison.sentences)).replace("不能称为新增", "")
    assert "不能称为新增" in str(comparison.sentences[0])
    assert {*comparison.estates["why"]} <= {"", "unchanged"}


def test_a_file_that_is_no_study_is_not_quoted(
    base: Path, snapshots: tuple[Snapshot, Snapshot]
) -> None:
    after = moved(base, snapshots[1], "quoted")
    after.study_file.write_text("secret:x:0:0", encoding="utf-8")
    (finding, *_) = compare(snapshots[0], after).findings
    assert "toy.study.toml" in str(finding.message)
    assert "secret" not in str(finding.message)


def test_a_scenario_is_no_fact(base: Path, snapshots: tuple[Snapshot, Snapshot]) -> None:
    plan = 'close = ["f1"]\n'
    pairs = ((snapshots[0], later(base / "planned", plan=plan)),
             (earlier(base / "planned-a", plan=plan), snapshots[1]))  # fmt: skip
    for pair in pairs:
        comparison = compare(*pair)
        assert not comparison.parted
        assert "情景" in str(comparison.findings[0].message)


def test_options_of_the_later_evaluation_are_kept(base: Path) -> None:
    # The study file says 5 minutes; evaluate was asked for 6.
    from analysis.evaluation import evaluate  # noqa: PLC0415
    from analysis.study import load_study  # noqa: PLC0415
    from report.tables import write_tables  # noqa: PLC0415

    before = earlier(base / "opt-a")
    path = files_of(base / "opt-b", LATER, facilities=(AT_A,), population=PEOPLE, walking=WALKS,
                    residential=(home("r1", 200, 5.0), GOING_UP, CARE_LESS))  # fmt: skip
    study = load_study(path).with_walking(limit_min=6)
    write_tables(evaluate(study, draw="when asked"), base / "opt-b" / "out")
    comparison = compare(before, read_snapshot(base / "opt-b" / "out"))
    # 324 m reach B: 20 people, by the reading alone.
    assert figure(comparison, "covered_60plus") == [10, 30, 20, 20, 0, 0]


# --- refusals ------------------------------------------------------------------------------------


def test_two_titles_are_not_compared(snapshots: tuple[Snapshot, Snapshot], base: Path) -> None:
    other = later(base / "other", replaced={'title = "Toy"': 'title = "Elsewhere"'})
    with pytest.raises(PlanningError, match="Elsewhere"):
        compare(snapshots[0], other)


def test_the_first_must_be_the_earlier(snapshots: tuple[Snapshot, Snapshot]) -> None:
    for pair in (snapshots[::-1], (snapshots[0], snapshots[0])):
        with pytest.raises(PlanningError, match=EARLIER) as refused:
            compare(*pair)
        assert len(refused.value.messages) == 1


def test_two_cities_of_one_title_are_not_compared(snapshots: tuple[Snapshot, Snapshot]) -> None:
    far = {name: frame.assign(geometry=frame.translate(0, 90_000))
           for name, frame in snapshots[0].stock.items()}  # fmt: skip
    with pytest.raises(PlanningError, match="同一城市"):
        compare(replace(snapshots[0], stock=far), snapshots[1])


# --- rooms that shrank ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "count", "inside"),
    [
        (("2026-06-30", "2026-12-31"), 1, False),
        (("2025-12-31", "2026-06-30"), 1, True),
        (("2025-06-30", "2025-12-31"), 0, False),
    ],
)
def test_care_rooms_that_shrank_quote_the_rule(
    tmp_path: Path, dates: tuple[str, str], count: int, *, inside: bool
) -> None:
    before, after = (
        kept(tmp_path / on, on, residential=(home("r1", 200, area_m2), home("r2", 890, 5.0)))
        for on, area_m2 in zip(dates, (30.0, 25.0), strict=True)
    )
    # What is told of rooms needs no study: where none is found, nothing is evaluated again.
    after = replace(after, folder=tmp_path / "elsewhere" / "out")
    told = [str(finding.line()) for finding in compare(before, after).findings
            if finding.column == "care_floor_area_m2"]  # fmt: skip
    assert len(told) == count
    for line in told:
        assert "estate r1" in line
        assert "30.00" in line
        assert "25.00" in line
        assert "2026-01-31" in line
        assert ("该日在本期之内" in line) is inside


# --- rows and ids --------------------------------------------------------------------------------


def test_the_order_of_rows_changes_nothing(base: Path, compared: Comparison) -> None:
    # Ids that are no row numbers, so that they are the same rows in another order.
    def named(*rows: Row) -> tuple[Row, ...]:
        return tuple({**row, "id": f"{row['id']}x"} for row in rows)

    homes = named(home("r1", 200, 20.0), DONE, {**CARE_LESS, "households": 150.0})
    was = named(home("r1", 200, 5.0), GOING_UP, CARE_LESS)
    care = named(AT_A, AT_E, AT_D)
    other = compare(
        earlier(base / "order-a", facilities=named(AT_A), residential=was[::-1]),
        later(base / "order-b", facilities=care[::-1], residential=homes[1:] + homes[:1]),
    )
    pd.testing.assert_frame_equal(other.figures, compared.figures)
    assert not any(counts["by_name"] for counts in other.matched.values())


def test_rows_matched_by_name_are_counted(compared: Comparison) -> None:
    assert compared.matched["residential"] == {
        "both": 3, "only_before": 0, "only_after": 0, "by_name": True
    }  # fmt: skip
    # f9 is no row number, and f1 is in both: facilities are matched by id.
    assert compared.matched["facilities"] == {
        "both": 1, "only_before": 0, "only_after": 2, "by_name": False
    }  # fmt: skip


def test_an_estate_that_is_gone_is_listed(base: Path) -> None:
    after = later(base / "gone", residential=(home("r1", 200, 20.0), DONE))
    comparison = compare(earlier(base / "gone-a"), after)
    row = comparison.estates.set_index("residential_id").loc["r3"]
    assert [row["verdict_before"], row["verdict_after"], row["why"]] == [
        "short", "", "data_and_method"
    ]  # fmt: skip


def test_whom_a_facility_serves_is_followed_through_a_new_name(base: Path) -> None:
    serving = {**AT_A, "serves": "old name", "floor_area_m2": 20.0}
    blank = {**home("N1", 200, None), "care_status": None, "care_area_basis": None}
    before = earlier(base / "serves-a", facilities=(serving,),
                     residential=({**blank, "name": "old name"},))  # fmt: skip
    after = later(base / "serves-b", facilities=({**serving, "serves": "new name"},),
                  residential=({**blank, "name": "new name"},), walking=WALKS)  # fmt: skip
    assert figure(compare(before, after), "met", "provision") == [1, 1, 0, 0, 0, 0]


# --- files ---------------------------------------------------------------------------------------


def test_the_files_hold_the_tables(compared: Comparison, tmp_path: Path) -> None:
    written = write_comparison(compared, tmp_path / "out")
    assert {file.name for file in written} == {
        "comparison.csv", "areas.csv", "estates.csv", "indicators.csv", "changes.csv",
        "findings.csv", "comparison.json",
    }  # fmt: skip
    estates = pd.read_csv(tmp_path / "out" / "estates.csv", encoding="utf-8-sig")
    assert estates["why"].tolist() == ["补登更正", "实际建设", "口径与数据"]
    changes = pd.read_csv(tmp_path / "out" / "changes.csv", encoding="utf-8-sig")
    assert changes["event_on"].tolist()[1] == "2025-09-01"
    assert changes["counts_as"].tolist() == ["补登更正", "实际建设"]
    figures = pd.read_csv(tmp_path / "out" / "comparison.csv", encoding="utf-8-sig")
    parts = figures[["data_and_method", "late_records", "built"]].sum(axis=1, min_count=3)
    assert (parts - figures["change"]).abs().max() < 1e-9
    content = comparison_content(compared)
    assert content["parted"] is True
    assert content["changes"][1]["event_on"] == "2025-09-01"


def test_the_files_speak_english(compared: Comparison, tmp_path: Path) -> None:
    with speaking("en"):
        write_comparison(compared, tmp_path / "out")
    text = (tmp_path / "out" / "estates.csv").read_text(encoding="utf-8-sig")
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in text)


# --- properties ----------------------------------------------------------------------------------

SPOTS = [(0, 0), (300, 0), (600, 0), (900, 0), (300, 400)]
DAYS = [None, BEFORE_IT, IN_PERIOD]


@st.composite
def stocks(draw: st.DrawFn) -> list[Row]:
    """Draw up to four facilities, some of which stand in both periods."""
    chosen = draw(st.lists(st.integers(0, 4), unique=True, max_size=4))
    return [
        facility(
            f"x{place}", spot(*SPOTS[place]),
            status=draw(st.sampled_from(["operating", "planned", "closed", "misused"])),
            opened_on=draw(st.sampled_from(DAYS)), closed_on=draw(st.sampled_from(DAYS)),
            floor_area_m2=draw(st.sampled_from([None, 10.0, 40.0])),
        )
        for place in chosen
    ]  # fmt: skip


@settings(
    max_examples=2, deadline=None, suppress_health_check=[*HealthCheck],
    phases=[Phase.explicit, Phase.generate],  # every case evaluates the toy city five times
)
@given(before=stocks(), after=stocks(), areas=st.tuples(*[st.sampled_from([0.0, 5.0, 20.0])] * 4),
       speed=st.sampled_from([0.9, 1.2]))  # fmt: skip
def test_parts_add_up_and_nothing_undated_is_built(
    before: list[Row], after: list[Row], areas: tuple[float, ...], speed: float
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        homes = [(home("E1", 200, one), home("E2", 700, two)) for one, two in
                 (areas[:2], areas[2:])]  # fmt: skip
        pair = (
            kept(Path(folder) / "a", EARLIER, facilities=before, residential=homes[0],
                 population=PEOPLE, walking=WALKS),
            kept(Path(folder) / "b", LATER, facilities=after, residential=homes[1],
                 population=PEOPLE, walking={**WALKS, "speed_m_per_s": speed}),
        )  # fmt: skip
        comparison = compare(*pair)
    assert comparison.parted
    table = comparison.figures
    known = table[["data_and_method", "late_records", "built"]].notna().all(axis=1)
    told = table[known]
    whole = told[["before", "data_and_method", "late_records", "built"]].sum(axis=1)
    assert (whole - told["after"]).abs().max() < 1e-9
    assert (told["change"] - (told["after"] - told["before"])).abs().max() < 1e-9
    if not comparison.changes["counts_as"].eq("built").any():
        assert (told["built"] == 0).all()
    if speed == 0.9:  # the same streets, people, boundaries, parameters and packs
        assert (told["data_and_method"] == 0).all()


@pytest.mark.parametrize("absent", ["facilities", "residential", "population", "boundaries"])
def test_a_study_may_lack_a_layer(base: Path, absent: str) -> None:
    comparison = compare(
        earlier(base / f"no-{absent}-a", **{absent: ()}),
        later(base / f"no-{absent}-b", **{absent: ()}),
    )
    assert comparison.parted
    write_comparison(comparison, base / f"no-{absent}")
    known = comparison.figures[["change", "data_and_method", "late_records", "built"]].dropna()
    assert (known.iloc[:, 1:].sum(axis=1) - known["change"]).abs().max() < 1e-9
    assert comparison.estates.empty is (absent == "residential")
    if absent != "residential":
        json.dumps(plain_json(comparison_content(comparison)), allow_nan=False)


def test_a_layer_may_come_or_go_between_the_periods(base: Path) -> None:
    come = compare(earlier(base / "come-a", facilities=()), later(base / "come-b"))
    assert figure(come, "covered_60plus") == [0, 200, 200, 0, 100, 100]
    gone = compare(earlier(base / "go-a"), later(base / "go-b", facilities=()))
    assert figure(gone, "covered_60plus") == [10, 0, -10, 20, -30, 0]
    assert gone.changes[["change", "counts_as"]].to_numpy().tolist() == [["closed", "late_records"]]
