"""What nobody foresaw, said in plain words: the trace goes to the log of the server alone."""
# ruff: noqa: TID251 - this is the browser face

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import streamlit as st
from streamlit.errors import FragmentHandledException

from geo.language import say, speak, translate

LOG = logging.getLogger(__name__)


@contextmanager
def guarded() -> Iterator[None]:
    """Tell of whatever goes wrong in the block, so that Streamlit has nothing to say of it."""
    try:
        yield
    except FragmentHandledException:  # told already, where the fragment stands
        raise
    except Exception:
        number = _number()
        LOG.exception("%s", number)
        _tell(number)


def take_over(failure: Exception) -> bool:
    """Tell of a failure in a press, a fragment or the page; Streamlit has logged its trace."""
    number = _number()
    LOG.error("%s: %s, see the trace above", number, type(failure).__name__)
    _tell(number)
    return True


def _number() -> str:
    """Return what finds a failure in the log."""
    return f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {secrets.token_hex(3)}"


def _tell(number: str) -> None:
    """Say what happened, what to do and where more is told: fixed words, nothing of the failure."""
    speak(st.session_state.get("language", "zh"))
    lines = (
        say("程序出了没有料到的错，这一步没有做完。以前保存的内容还在，台账原件没有改动。"),
        say("请按“再试一次”。还是这样，就把下面的编号告诉管理员：详细经过记在服务器的日志里，"
            "也就是启动本程序的那个窗口。"),
        say("编号：{number}", number=number),
    )  # fmt: skip
    with st.container(key=f"care-refusal-unforeseen-{number[-6:]}", border=True):
        for line in lines:
            st.text(str(line))
        st.button(translate("再试一次"), key=f"try again {number}")
