"""Demand by street: growth of the county, shares held, and beds by two methods kept apart."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.description import LayerSource
from analysis.evaluation import Evaluation, evaluate
from analysis.future.ages import Ages
from analysis.future.forecast import Projection, forecast, forecast_of
from analysis.future.life_table import BANDS, bundled_life_table
from analysis.future.street_demand import COLUMNS, StreetDemand, street_demand
from analysis.rulebook import Rulebook
from analysis.study import Study

from .toy_study import Row, area, box, facility, people, spot, toy_study

CARE = [facility("f1", spot(0, 0))]
CROWD = [
    people("p1", spot(50, 0), 500, 100), people("p2", spot(350, 0), 500, 51),
    people("p3", spot(650, 0), 500, 40),
]  # fmt: skip
WEST, MIDDLE, EAST = (box(x, -50, x + 300, 50) for x in (0, 300, 600))
STREETS = [
    area("w", "street", WEST, parent="k1"), area("m", "street", MIDDLE, parent="区乙"),
    area("e", "street", EAST, parent=None), area("b9", "county", EAST, name="区乙"),
]  # fmt: skip


def county_ages(*people: tuple[float, float], year: int = 2020) -> Ages:
    """Return counties by their men of 55-59 and of 60-64."""
    table = np.zeros((len(people), 2, BANDS))
    table[:, 0, 11], table[:, 0, 12] = np.array(people).T
    ids = tuple(f"k{n + 1}" for n in range(len(people)))
    return Ages(ids, tuple(f"区{'甲乙丙'[n]}" for n in range(len(people))), table, year, "", ())


TWO = county_ages((200, 100), (0, 100))


def found(  # noqa: PLR0913 - each test varies one
    folder: Path,
    ages: Ages = TWO,
    *,
    years: Sequence[int] = (2025,),
    boundaries: Sequence[Row] = STREETS,
    rules: Sequence[str] = ("chifeng",),
    crowd: Sequence[Row] = CROWD,
    dated: Mapping[str, object] | None = None,
) -> StreetDemand:
    study = toy_study(folder, facilities=CARE, population=crowd, boundaries=boundaries)
    if dated is not None:
        source = LayerSource.model_validate({"path": "p.csv", **dated})
        described = study.description.model_copy(update={"layers": {"population": source}})
        study = replace(study, description=described)
    projection = forecast(ages, years=years, boundaries=study.layer("boundaries"))
    return of_study(study, projection, rules)


def of_study(study: Study, projection: Projection, rules: Sequence[str]) -> StreetDemand:
    evaluation = evaluate(study, draw="when asked")
    rulebook = Rulebook.load(rules)
    return street_demand(study, evaluation.located, evaluation.coverage, projection, rulebook)


def mid(demand: StreetDemand, column: str = "elderly_60plus") -> dict[str, object]:
    rows = demand.table[demand.table["variant"].eq("mid")]
    return dict(zip(rows["area_id"], rows[column], strict=True))


def test_streets_grow_with_their_county_by_hand(tmp_path: Path) -> None:
    demand = found(tmp_path, dated={"date": "2020-11-01"})
    to_sixty, further = bundled_life_table().survival("mid")[0, 11:13]
    # k1: 100 of sixty become 200 x s(55) + 100 x s(60); k2: 100 become 100 x s(60).
    exact = np.array([100 * (2 * to_sixty + further), 51 * further, 40 * further])
    assert exact == pytest.approx([282.31, 46.94, 36.82], abs=0.005)
    assert mid(demand) == {"w": 282, "m": 47, "e": 37}  # 366.07 in all are 366
    assert demand.since == 2020
    assert demand.findings == ()


def test_a_county_is_told_by_parent_id_or_name_else_by_where_the_street_lies(
    tmp_path: Path,
) -> None:
    # `w` by the id of the ages, `m` by their name, `e` inside the outline called 区乙.
    assert mid(found(tmp_path), "county_id") == {"w": "k1", "m": "k2", "e": "k2"}
    # A parent that names an outline of the study, whose name the ages know.
    named = [{**STREETS[0], "parent": "b9"}, *STREETS[1:]]
    assert mid(found(tmp_path, boundaries=named), "county_id")["w"] == "k2"
    # Two missing words are no match: an outline without a name, a street without a parent.
    unnamed = [STREETS[0], {**STREETS[2]}, area("k1", "county", WEST, name=None)]
    demand = found(tmp_path, boundaries=unnamed)
    assert mid(demand, "county_id") == {"w": "k1"}
    assert len(demand.findings) == 2  # `e` without a county, p2 outside of all streets


def test_streets_without_a_county_are_left_out_and_told(tmp_path: Path) -> None:
    lost = [{**STREETS[0], "parent": "nowhere"}, *STREETS[1:2]]
    demand = found(tmp_path, boundaries=lost)
    assert mid(demand, "county_id") == {"m": "k2"}
    told = [str(finding.message) for finding in demand.findings]
    assert any("area w" in line for line in told)
    assert any("40 位" in line for line in told)  # p3 lies in no street
    empty = found(tmp_path, boundaries=[STREETS[3]])
    assert empty.table.empty
    assert tuple(empty.table.columns) == COLUMNS
    assert len(empty.findings) == 1


def test_two_methods_of_beds_stay_apart_and_name_their_rule(tmp_path: Path) -> None:
    demand = found(tmp_path, county_ages((0, 100), (0, 100)), years=(2020,))
    assert mid(demand) == {"w": 100, "m": 51, "e": 40}
    # 5 + 2.55 + 2 are 9.55, in whole beds ten; 3 + 1.53 + 1.2 are 5.73, in whole beds six.
    assert mid(demand, "beds_at_50_per_1000") == {"w": 5, "m": 3, "e": 2}
    assert mid(demand, "institution_beds_at_3_percent") == {"w": 3, "m": 2, "e": 1}
    row = demand.table.iloc[0]
    assert row["beds_rule"] == "chifeng/beds_per_1000_elderly/all/2023-08-25"
    assert row["institution_beds_rule"] == "chifeng/institution_beds_per_elderly/all/2023-08-25"
    assert "50 张" in row["note"]
    assert "3%" in row["note"]
    assert "不相加" in row["note"]
    assert "份额保持不变" in row["note"]
    elsewhere = found(tmp_path, rules=("hubei",)).table
    assert elsewhere["beds_at_50_per_1000"].isna().all()
    assert elsewhere["institution_beds_at_3_percent"].isna().all()
    assert not elsewhere["beds_rule"].any()
    assert "张" not in elsewhere["note"].iloc[0]


def test_growth_starts_in_the_year_of_the_people(tmp_path: Path) -> None:
    # Told by the rows, else by the date of the layer, else assumed: the year of the ages.
    rows = [{**person, "year": 2025.0} for person in CROWD]
    demand = found(tmp_path, crowd=rows, dated={"date": "2020-01-01"})
    assert demand.since == 2025
    assert mid(demand) == {"w": 100, "m": 51, "e": 40}
    assert "以 2025 年" in demand.table["note"].iloc[0]
    assert found(tmp_path, dated={"date": "2023-06-30"}).since == 2023
    undated = found(tmp_path)
    assert undated.since == 2020
    assert "不明" in undated.table["note"].iloc[0]
    # Years that the forecast cannot tell, and several at once, are none.
    assert found(tmp_path, dated={"date": "2010-06-30"}).since == 2020
    assert found(tmp_path, dated={"date": "2026-06-30"}).since == 2020
    assert found(tmp_path, years=(2026,), dated={"date": "2026-06-30"}).since == 2026
    several = [{**person, "year": 2021.0 + n} for n, person in enumerate(CROWD)]
    assert found(tmp_path, crowd=several, dated={"date": "2023-06-30"}).since == 2020


def test_registered_people_grown_like_residents_are_told(tmp_path: Path) -> None:
    resident = replace(TWO, basis="resident")
    for basis, told in (("registered", True), ("resident", False), (None, False)):
        crowd = [{**person, "basis": basis} for person in CROWD]
        findings = found(tmp_path, resident, crowd=crowd).findings
        assert any("口径" in str(finding.message) for finding in findings) is told


def test_rows_are_streets_in_file_order_by_variant_and_year(tmp_path: Path) -> None:
    table = found(tmp_path, years=(2030, 2025)).table
    assert tuple(table.columns) == COLUMNS
    assert table["area_id"].tolist() == ["w"] * 6 + ["m"] * 6 + ["e"] * 6
    assert table["variant"].tolist() == ["low", "low", "mid", "mid", "high", "high"] * 3
    assert table["year"].tolist() == [2025, 2030] * 9


def test_the_bundled_study_adds_up(bundled: Evaluation) -> None:
    study = bundled.study
    projection = forecast_of(study, bundled.rulebook)
    assert projection is not None
    demand = street_demand(
        study, bundled.located, bundled.coverage, projection, bundled.rulebook
    )
    assert (demand.since, demand.findings) == (2020, ())
    coverage = bundled.coverage[bundled.coverage["level"].eq("street")]
    now = coverage.set_index("area_id")["elderly_60plus"].astype(float)
    county = now.index.str[:6]
    for (variant, year), rows in demand.table.groupby(["variant", "year"]):
        rates = {
            key: projection.growth(
                projection.ages.county_ids.index(key), str(variant), since=2020, until=int(year)
            )
            for key in ("150402", "150404")
        }
        grown = now.drop("OUTSIDE") * [rates[key] for key in county if key in rates]
        assert rows["elderly_60plus"].sum() == pytest.approx(grown.sum(), abs=0.51)
        here = rows.set_index("area_id")["elderly_60plus"].astype(float)
        pd.testing.assert_series_equal(here, grown, check_names=False, atol=1, rtol=0)
        people = rows["elderly_60plus"].sum()
        assert rows["beds_at_50_per_1000"].sum() == pytest.approx(people / 20, abs=0.51)
        beds = rows["institution_beds_at_3_percent"].sum()
        assert beds == pytest.approx(people * 0.03, abs=0.51)
