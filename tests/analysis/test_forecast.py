"""The forecast: cohorts by hand, whole people that add up, and a document's figure beside."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis.evaluation import Evaluation
from analysis.future.ages import Ages, read_ages
from analysis.future.forecast import (
    COLUMNS,
    VARIANTS,
    at_year,
    forecast,
    forecast_of,
    official_figures,
    old_people,
    one_step,
)
from analysis.future.life_table import BANDS, bundled_life_table
from analysis.rulebook import Rulebook
from geo.errors import StudyError

from .toy_study import area, box, layer

DATA = Path(__file__).parents[2] / "data"
POLICY = Path(__file__).parents[3] / "shared" / "policy"
NOBODY_DIES = np.ones((2, BANDS))


def ages_of(*people: np.ndarray, year: int = 2020) -> Ages:
    ids = tuple(f"c{n}" for n in range(len(people)))
    return Ages(ids, ids, np.stack(people).astype(float), year, "resident", ())


def band(**persons: float) -> np.ndarray:
    """Return men and women by band, `m60=5` being men of 60-64; everybody else is 0."""
    people = np.zeros((2, BANDS))
    for key, count in persons.items():
        people["mf".index(key[0]), int(key[1:]) // 5] = count
    return people


@pytest.fixture(scope="module")
def chifeng() -> Ages:
    return read_ages(DATA / "population/chifeng_ages_2020.csv")


# --- by hand -------------------------------------------------------------------------------------


def test_five_years_by_hand() -> None:
    survival = np.ones((2, BANDS))
    survival[0, 16], survival[0, 17] = 0.5, 0.25  # men of 80-84, and of 85 and over
    survival[1, 11] = 0.9  # women of 55-59
    people = band(m80=100, m85=40, f55=1000, f80=10)
    on = one_step(people, survival, migration=1.0)
    assert np.isnan(on[:, 0]).all()  # not born yet
    assert on[0, 17] == 100 * 0.5 + 40 * 0.25
    assert (on[1, 12], on[1, 17]) == (900, 10)
    moved = one_step(people, survival, migration=0.8)
    assert (moved[0, 17], moved[1, 12]) == (60 * 0.8, 900 * 0.8)


def test_two_steps_by_hand() -> None:
    survival = np.full((2, BANDS), 0.5)
    people = band(m50=400, f60=80, f80=16)[None]
    figures = old_people(people, survival, migration=1.0, steps=2)
    # 60+: 96; half of the women left; then men of fifty have become sixty, a quarter of them.
    assert figures[:, 0, 0].tolist() == [96, 48, 100 + 24]
    assert figures[:, 0, 1].tolist() == [16, 48, 24]
    assert figures[:, 0, 2].tolist() == [16, 8, 4]


def test_years_between_are_linear() -> None:
    figures = np.array([100.0, 200.0, 240.0])
    found = [float(at_year(figures, years)) for years in (0, 1, 4, 5, 9, 10)]
    assert found == [100, 120, 180, 200, 232, 240]


def test_the_forecast_equals_a_loop_over_cohorts(chifeng: Ages) -> None:
    table = forecast(chifeng, years=(2035,)).table.set_index(["county_id", "variant"])
    county = chifeng.county_ids.index("150423")
    for variant in VARIANTS:
        survival = bundled_life_table().survival(variant)
        alive = 0.0
        for sex in range(2):
            for start in range(9, BANDS):  # 45 and over in 2020 are 60 and over in 2035
                persons, at = chifeng.people[county, sex, start], start
                for _ in range(3):
                    persons, at = persons * survival[sex, at], min(at + 1, BANDS - 1)
                alive += persons
        found = int(table.loc[("150423", variant), "elderly_60plus"])
        assert found == pytest.approx(alive, abs=1)


def test_pure_ageing_of_chifeng(chifeng: Ages) -> None:
    figures = old_people(chifeng.people, NOBODY_DIES, migration=1.0, steps=1)
    assert figures[0].sum(axis=0).tolist() == [849_580, 534_224, 85_496]
    assert figures[1, :, 0].sum() == 1_209_067


def test_chifeng_dies_between_its_own_census_and_pure_ageing(chifeng: Ages) -> None:
    table = forecast(chifeng, years=(2020, 2025, 2035)).table
    city = table[table["county_id"].eq("ALL")].set_index(["variant", "year"])
    for variant in VARIANTS:
        assert city.loc[(variant, 2020), "elderly_60plus"] == 849_580
        assert 849_580 < city.loc[(variant, 2025), "elderly_60plus"] < 1_209_067
    for year in (2025, 2035):
        for age in ("elderly_60plus", "elderly_65plus", "elderly_80plus"):
            low, mid, high = (city.loc[(variant, year), age] for variant in VARIANTS)
            assert low < mid < high


# --- the table -----------------------------------------------------------------------------------


def test_rows_are_all_counties_then_each_by_variant_and_year(chifeng: Ages) -> None:
    result = forecast(chifeng, years=(2030, 2025), packs=["national", "chifeng"])
    table = result.table
    assert tuple(table.columns) == COLUMNS
    assert table["county_id"].tolist() == [
        name for name in ("ALL", *chifeng.county_ids) for _ in range(6)
    ]
    assert table["variant"].tolist() == ["low", "low", "mid", "mid", "high", "high"] * 13
    assert table["year"].tolist() == [2025, 2030] * 39
    assert table["county"].tolist()[:7:6] == ["", "红山区"]


def test_the_documents_figure_stands_beside_and_changes_nothing(chifeng: Ages) -> None:
    table = forecast(chifeng, years=(2025, 2030), packs=["national", "chifeng"]).table
    told = table[table["policy_60plus"].notna()]
    assert set(told["county_id"]) == {"ALL"}
    assert told["year"].tolist() == [2025] * 3
    assert set(told["policy_60plus"]) == {1_050_000}
    assert set(told["policy_source"]) == {"赤政办发〔2023〕42号 一（一）3"}
    without = forecast(chifeng, years=(2025, 2030), packs=["national", "hubei"]).table
    assert without["policy_60plus"].isna().all()
    assert not without["policy_source"].any()
    people = [name for name in COLUMNS if name.startswith("elderly")]
    assert_frame_equal(table[people], without[people])
    # Other people than those of the document: fewer counties, or another base.
    fewer = Ages(
        chifeng.county_ids[1:], chifeng.counties[1:], chifeng.people[1:], 2020, "resident", ()
    )
    assert forecast(fewer, years=(2025,), packs=["chifeng"]).table["policy_60plus"].isna().all()


def test_the_documents_words_are_its_own() -> None:
    for figure in official_figures():
        assert str(figure.base_60plus) in figure.quote
        path = POLICY / f"C_{figure.document}.txt"
        if not path.is_file():
            pytest.skip("the policy texts are not here")
        text = "".join(path.read_text(encoding="utf-8").split())
        assert figure.quote in text


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.floats(0, 50), min_size=36, max_size=36), min_size=1, max_size=6),
    st.integers(2020, 2035),
)
def test_counties_add_up_and_the_older_are_never_more(people: list[list[float]], year: int) -> None:
    ages = ages_of(*(np.array(row).reshape(2, BANDS) for row in people))
    table = forecast(ages, years=(year,)).table
    columns = ["elderly_60plus", "elderly_65plus", "elderly_80plus"]
    for _, rows in table.groupby("variant"):
        whole = rows[columns].reset_index(drop=True)
        assert (whole.loc[1:].sum() == whole.loc[0]).all()
        assert (whole["elderly_65plus"] <= whole["elderly_60plus"]).all()
        assert (whole["elderly_80plus"] <= whole["elderly_65plus"]).all()


def test_ties_go_by_id_so_the_order_of_counties_changes_nothing() -> None:
    half, more = band(m60=2.5), band(m60=3)
    there = Ages(("c1", "c0", "c2"), ("b", "a", "c"), np.stack([half, half, more]), 2020, "", ())
    here = Ages(("c0", "c1", "c2"), ("a", "b", "c"), np.stack([half, half, more]), 2020, "", ())
    one, two = (
        forecast(ages, years=(2020,)).table.sort_values(["county_id", "variant"])
        for ages in (there, here)
    )
    assert_frame_equal(one.reset_index(drop=True), two.reset_index(drop=True))
    mid = two[two["variant"].eq("mid")]
    assert dict(zip(mid["county_id"], mid["elderly_60plus"], strict=True)) == {
        "ALL": 8, "c0": 3, "c1": 2, "c2": 3,
    }  # fmt: skip


def test_migration_takes_part_of_every_cohort_in_or_out(chifeng: Ages) -> None:
    stay, leave = (
        forecast(chifeng, years=(2030,), migration=factor).exact["mid"][-1] for factor in (1.0, 0.9)
    )
    np.testing.assert_allclose(leave, stay * 0.81)


# --- what is missing -----------------------------------------------------------------------------


def test_a_county_with_a_gap_that_matters_is_left_out_and_told() -> None:
    whole, gap, young = band(m60=10), band(m60=20), band(m60=30)
    gap[1, 13] = np.nan
    young[:, :5] = np.nan  # under 25: never 60 by 2035
    result = forecast(ages_of(whole, gap, young), years=(2025,))
    assert set(result.table["county_id"]) == {"ALL", "c0", "c2"}
    assert len(result.findings) == 1
    assert "c1" in str(result.findings[0].message)
    assert result.counties == (0, 2)
    assert np.isnan(result.growth(1, "mid", since=2020, until=2025))
    nobody = forecast(ages_of(gap), years=(2025,))
    assert nobody.table.empty  # unknown is not nobody
    assert tuple(nobody.table.columns) == COLUMNS


def test_a_county_of_the_study_without_ages_is_told() -> None:
    boundaries = layer(
        area("c0", "county", box(0, 0, 9, 9)), area("x", "county", box(9, 0, 18, 9)),
        area("s", "street", box(0, 0, 9, 9)),
    )  # fmt: skip
    result = forecast(ages_of(band(m60=1)), years=(2025,), boundaries=boundaries)
    assert [str(finding.message) for finding in result.findings] == [
        "分年龄人口文件中没有：area x。未测算。"
    ]


@pytest.mark.parametrize("year", [2019, 2081])
def test_years_that_cannot_be_told_are_refused(chifeng: Ages, year: int) -> None:
    with pytest.raises(StudyError, match=str(year)):
        forecast(chifeng, years=(2025, year))
    assert forecast(chifeng, years=(2080,)).table["elderly_60plus"].gt(0).all()


def test_growth_between_two_years() -> None:
    result = forecast(ages_of(band(m60=100, m55=100), band()), years=(2025,))
    survival = bundled_life_table().survival("mid")[0]
    expected = (100 * survival[12] + 100 * survival[11]) / 100
    assert result.growth(0, "mid", since=2020, until=2025) == pytest.approx(expected)
    assert result.growth(0, "mid", since=2025, until=2025) == 1
    assert np.isnan(result.growth(1, "mid", since=2020, until=2025))


def test_the_bundled_study_asks_for_its_forecast(bundled: Evaluation) -> None:
    study = bundled.study
    assert "population/chifeng_ages_2020.csv" in study.inputs
    rulebook = Rulebook.load(study.description.rules, folder=study.path.parent)
    result = forecast_of(study, rulebook)
    assert result is not None
    city = result.table[result.table["county_id"].eq("ALL")]
    assert sorted(set(city["year"])) == [2025, 2029, 2030, 2035]
    low, mid, high = (
        int(city.loc[city["variant"].eq(variant) & city["year"].eq(2025), "elderly_60plus"].iloc[0])
        for variant in VARIANTS
    )
    # The document's 1.05 million lies between the low and the middle one.
    assert low < 1_050_000 < mid < high
    assert (low, mid, high) == (1_045_146, 1_056_474, 1_068_089)
    assert result.parameters["national_life_expectancy_2020"]["confidence"] == "公开数据"
    assert pd.isna(city["policy_60plus"]).sum() == len(city) - 3
    bare = study.description.model_copy(
        update={"forecast": study.description.forecast.model_copy(update={"ages": None})}
    )
    assert forecast_of(replace(study, description=bare), rulebook) is None
