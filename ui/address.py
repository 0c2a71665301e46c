"""What the page's address says, so that a reload or a bookmark opens the same view."""
# ruff: noqa: TID251 - this is the browser face

import streamlit as st

LONGEST = 80


def told(name: str) -> str:
    """Return what the address says under a name; nothing where it says nothing sensible."""
    value = str(st.query_params.get(name, ""))
    return value if len(value) <= LONGEST else ""


def tell(name: str, value: str) -> None:
    """Let the address say something, or nothing, under a name; another page forgets it."""
    if str(st.query_params.get(name, "")) == value:
        return
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)
