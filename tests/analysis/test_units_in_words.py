"""Figures stand with their unit in the language spoken: no unit of a bundled rule stays Chinese."""

import pytest

from analysis.explaining.explained import SHARE, amount
from analysis.rulebook import PACKS, Rulebook

WORDED = "{amount}"  # a sentence of the catalogue, not what is written as it came
NOT_AMOUNTS = {SHARE, "比例", "是否"}  # a share in percent; yes or no


def bundled_units() -> set[str]:
    book = Rulebook.load([path.stem for path in PACKS.glob("*.toml")])
    return {rule.unit for rule in book.rules}


@pytest.mark.parametrize("unit", sorted(bundled_units() - NOT_AMOUNTS))
def test_every_unit_of_the_bundled_rules_has_words(unit: str) -> None:
    assert amount(3.0, unit).template.startswith(WORDED)


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ("m2/百户", "20 ㎡/百户"), ("张", "20 张"), ("张/千人", "20 张/千人"),
        ("元/床", "20 元/床"), ("", "20"), ("m2/床", "20 ㎡/床"),
    ],
)
def test_a_unit_stands_behind_its_figure(unit: str, told: str) -> None:
    assert str(amount(20.0, unit)) == told
