"""Two languages: Chinese in the code, English in the catalogue, chosen when a text is shown."""

import pytest

from geo.errors import PlanningError
from geo.language import Message, say, speak, speaking, spoken, translate
from tests.second_language import speaking_stars


def test_chinese_is_the_text_itself() -> None:
    assert str(say("第 {row} 行", row=3)) == "第 3 行"
    assert translate("从未写过的话") == "从未写过的话"


def test_a_message_is_put_into_words_when_it_is_shown() -> None:
    message = say("第 {row} 行", row=3)
    with speaking_stars():
        assert str(message) == "* 3 *"
    assert str(message) == "第 3 行"


def test_a_message_within_a_message_speaks_the_same_language() -> None:
    message = say("采用{kept}", kept=say("常住"))
    with speaking_stars():
        assert str(message) == "****"
    assert str(message) == "采用常住"


def test_a_refusal_speaks_the_language_of_its_reader() -> None:
    refused = PlanningError(say("一"), say("二"))
    with speaking_stars():
        assert str(refused) == "*\n*"
    assert str(refused) == "一\n二"


def test_braces_in_values_are_not_places_to_fill() -> None:
    assert str(say("值“{value}”", value="{row} {0} {")) == "值“{row} {0} {”"
    assert str(PlanningError("{not} a template").messages[0]) == "{not} a template"


def test_the_language_of_a_block_ends_with_it() -> None:
    def fail() -> None:
        with speaking("en"):
            assert spoken() == "en"
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert spoken() == "zh"


def test_an_unknown_language_is_chinese() -> None:
    with speaking("en"):
        speak("fr")
        assert spoken() == "zh"


def test_messages_with_the_same_words_are_equal() -> None:
    assert say("{a}", a=1) == Message("{a}", {"a": 1})
    assert say("{a}", a=1) != say("{a}", a=2)


def test_the_catalogue_speaks_english() -> None:
    with speaking("en"):
        assert str(say("第 {row} 行", row=3)) == "row 3"
        assert translate("从未写过的话") == "从未写过的话"


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1 estate"), ("1", "1 estate"), (0, "0 estates"), ("1,001", "1,001 estates")],
)  # fmt: skip
def test_one_takes_another_word_than_more(count: object, said: str) -> None:
    with speaking("en"):
        assert str(say("{amount}个小区", amount=count)) == said


@pytest.mark.parametrize(
    ("cost", "told"),
    [
        ("1,539", "15.39 million yuan"),
        ("100", "1 million yuan"),
        ("38.5", "385,000 yuan"),
        ("0.5", "5,000 yuan"),
        (982.7, "9.827 million yuan"),
        (0.1 + 0.2, "3,000 yuan"),
        ("–", "–"),
    ],
)
def test_money_that_chinese_counts_in_ten_thousands_is_told_as_english_counts_it(
    cost: object, told: str
) -> None:
    with speaking("en"):
        assert str(say("{cost} 万元", cost=cost)) == f"{cost} 万元"  # a text nobody translated
        assert str(say("费用合计 {cost} 万元", cost=cost)) == f"cost {told} together"
