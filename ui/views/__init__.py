"""One module a page; `ui/home.py` names them in its navigation."""
