"""Words that stand alone begin with a large letter; Chinese has none."""

import pytest

from geo.language import say
from ui.words import headed


@pytest.mark.parametrize(
    ("words", "shown"),
    [("as it stands", "As it stands"), ("60+", "60+"), (say("现状"), "现状"), ("", "")],
)
def test_the_first_letter_alone_is_made_large(words: object, shown: str) -> None:
    assert headed(words) == shown
