"""A GeoPackage looked at before GDAL: lists that are views, and views that never end.

GDAL asks a database whatever it finds in it; a view may count to infinity.
"""

import sqlite3
from pathlib import Path

from geo.errors import LayerError
from geo.language import Message, say

# Steps of SQLite: a second or two. Counting two million rows takes a tenth of them.
_PATIENCE = 50_000_000
_MOST_ROWS, _MOST_VIEWS = 2_000_000, 50


def refuse_endless_views(path: Path, shown_as: str) -> None:
    """Refuse a GeoPackage whose own lists are views, or one of whose views does not end.

    Errors: LayerError. A file that is no database passes: reading it says what is wrong.
    """
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        views = [str(name) for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'view'"
        )]
        if any(name.casefold().startswith("gpkg_") for name in views) or len(views) > _MOST_VIEWS:
            raise LayerError(_made_up(shown_as))
        for name in views:
            _require_an_end(database, name, shown_as)
    except sqlite3.Error:
        return
    finally:
        database.close()


def _require_an_end(database: sqlite3.Connection, view: str, shown_as: str) -> None:
    quoted = view.replace('"', '""')
    database.set_progress_handler(lambda: 1, _PATIENCE)  # 1 ends the query
    try:
        (count,) = database.execute(
            f'SELECT count(*) FROM (SELECT 1 FROM "{quoted}" LIMIT {_MOST_ROWS + 1})'  # noqa: S608 - quoted
        ).fetchone()
        if count > _MOST_ROWS:
            raise LayerError(_made_up(shown_as))
    except sqlite3.OperationalError as error:
        # A view that needs a function of another program is none of ours; GDAL passes it over.
        if "interrupt" in str(error):
            raise LayerError(_made_up(shown_as)) from None
    finally:
        database.set_progress_handler(None, 0)


def _made_up(file: str) -> Message:
    return say(
        "{file}：GeoPackage 的目录或图层是算不完的视图，不予读取。请另存为普通图层后再试。",
        file=file,
    )
