"""Words of offices for categories, states and levels, and those that are taken with a doubt."""

import numpy as np
import pytest

from geo.columns import Column
from geo.ledgers.numbers import Cells
from geo.ledgers.words import read_words
from geo.schema import BOUNDARIES, FACILITIES


def read(column: Column, word: str) -> tuple[str | None, list[str]]:
    values = np.array([word], dtype=object)
    cells = Cells(values, np.array([2]), column.chinese, "facilities", "设施.csv")
    codes, findings = read_words(cells, column)
    return codes[0], [finding.severity for finding in findings]


@pytest.mark.parametrize(("word", "code"), [
    ("长者饭堂", "canteen"), ("幸福长者饭堂", "canteen"), ("嵌入式养老服务中心", "embedded"),
])
def test_categories(word: str, code: str) -> None:
    found, severities = read(FACILITIES.column("category"), word)
    assert found == code
    assert "warning" not in severities


@pytest.mark.parametrize(("word", "code"), [
    ("运营（试）", "operating"), ("试运营", "operating"), ("歇业", "closed"),
    ("暂停服务", "closed"), ("暂停运营", "closed"),
])
def test_states_in_doubt(word: str, code: str) -> None:
    assert read(FACILITIES.column("status"), word) == (code, ["warning"])


@pytest.mark.parametrize(("word", "code"), [
    ("街道办事处", "street"), ("社区居委会", "community"), ("嘎查村", "community"),
    ("市辖区", "county"),
])
def test_levels(word: str, code: str) -> None:
    assert read(BOUNDARIES.column("level"), word) == (code, ["info"])
