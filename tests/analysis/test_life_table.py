"""Life tables: survival by hand on three ages, by a plain loop, and against published figures."""

import numpy as np
import pytest

from analysis.future.life_table import (
    BANDS,
    SEXES,
    band_survival,
    bundled_life_table,
    person_years,
)


def test_three_ages_by_hand() -> None:
    # Of one born 0.9 reach 1 and 0.45 reach 2; nobody reaches 3.
    years = person_years(np.array([0.1, 0.5, 1.0]))
    assert years.tolist() == pytest.approx([0.95, 0.675, 0.225])
    assert years.sum() == pytest.approx(1.85)  # life expectancy
    survival = band_survival(years, width=1, open_from=1)
    # From age 0 to 1; of those of 1 and over to 2 and over.
    assert survival.tolist() == pytest.approx([0.675 / 0.95, 0.225 / 0.9])


def test_the_last_age_dies_and_no_probability_is_above_one() -> None:
    assert person_years(np.array([0.0, 0.0])).tolist() == [1.0, 0.5]
    assert person_years(np.array([1.3, 0.5])).tolist() == [0.5, 0.0]


def loop(death: list[float]) -> list[float]:
    """Return survival by band the long way, a hundred thousand born."""
    alive = [100_000.0]
    for probability in death:
        alive.append(alive[-1] * (1 - min(probability, 1.0)))
    alive[len(death)] = 0.0  # at the last age all die
    lived = [(alive[age] + alive[age + 1]) / 2 for age in range(len(death))]

    def between(first: int, last: int) -> float:
        return sum(lived[age] for age in range(first, last + 1))

    closed = [between(age + 5, age + 9) / between(age, age + 4) for age in range(0, 85, 5)]
    last = len(death) - 1
    return [*closed, between(90, last) / between(85, last)]


@pytest.mark.parametrize(("variant", "factor"), [("high", 1.0), ("mid", 1.1), ("low", 1.2)])
def test_the_bundled_table_equals_a_plain_loop(variant: str, factor: float) -> None:
    table = bundled_life_table()
    survival = table.survival(variant)
    assert survival.shape == (2, BANDS)
    for at in range(len(SEXES)):
        expected = loop([probability * factor for probability in table.death[at]])
        assert survival[at].tolist() == pytest.approx(expected)


def test_the_bundled_table_is_the_one_that_was_published() -> None:
    table = bundled_life_table()
    assert table.death.shape == (2, 106)
    assert "CL1" in table.name
    assert "2010—2013" in table.name
    # Single figures of the table: at birth, at 60, at 85 and at the end.
    male, female = table.death
    assert (male[0], female[0]) == (0.000867, 0.000620)
    assert (male[105], female[105]) == (1, 1)
    assert (np.diff(table.death[:, 30:]) > 0).all()
    assert (male[30:105] > female[30:105]).all()


def test_the_variants_frame_the_national_life_expectancy() -> None:
    table = bundled_life_table()
    high, mid, low = (table.expectancy(variant) for variant in ("high", "mid", "low"))
    assert [round(high[sex], 1) for sex in SEXES] == [76.4, 81.7]
    assert [round(mid[sex], 1) for sex in SEXES] == [75.4, 80.8]
    assert table.national["confidence"] == "公开数据"
    for sex in SEXES:
        assert mid[sex] == pytest.approx(table.national[sex], abs=0.1)
        assert low[sex] < table.national[sex] < high[sex]
    assert (table.survival("low") < table.survival("mid")).all()
    assert (table.survival("mid") < table.survival("high")).all()
