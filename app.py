"""The browser face as one application: `streamlit run app.py`."""
# ruff: noqa: TID251 - this is the browser face

import streamlit as st

from ui.map import script
from ui.map.layer_store import ROUTES
from ui.unforeseen import take_over
from ui.warm import warm_up

app = st.App(
    "ui/home.py",
    routes=[*ROUTES, *script.ROUTES],
    lifespan=warm_up,
    on_script_error=take_over,
)
