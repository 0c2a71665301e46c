"""The card of a place: signs that show nothing, or turn a text round, are seen."""
# ruff: noqa: TID251 - this is the browser face

from pathlib import Path

from streamlit.testing.v1 import AppTest

from analysis.evaluation import evaluate
from tests.analysis.toy_study import estate, facility, spot, toy_study

UNSEEN = "\u202e\u200b\u2066"


def page() -> None:
    """Show the cards of both kinds; Streamlit runs the text of this function alone."""
    import streamlit  # noqa: PLC0415

    from ui.card import show_card  # noqa: PLC0415

    chosen = streamlit.session_state["chosen"]
    show_card(streamlit.session_state["evaluation"], chosen)


def test_no_sign_of_a_name_is_unseen(tmp_path: Path) -> None:
    name = f"阳光{UNSEEN}苑"
    study = toy_study(
        tmp_path, residential=(estate("r1", spot(100, 20), name=name),),
        facilities=(facility("f1", spot(0, 0), name=name),),
    )
    shown = AppTest.from_function(page, default_timeout=60)
    shown.session_state["evaluation"] = evaluate(study, draw="when asked")
    for layer, place in (("estates", "r1"), ("facilities", "f1")):
        shown.session_state["chosen"] = {"layer": layer, "id": place}
        texts = [text.value for text in shown.run().text]
        assert not shown.exception
        assert any("阳光" in text for text in texts)
        assert not any(sign in text for text in texts for sign in UNSEEN)
