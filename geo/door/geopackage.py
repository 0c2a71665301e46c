"""A GeoPackage looked at before GDAL: views that never end, or take longer than anybody waits.

GDAL asks a database whatever it finds in it: the first row of every view, all rows of its own
lists; a view may count to infinity.
"""

import math
import sqlite3
from pathlib import Path

from geo.errors import LayerError
from geo.language import say

# Steps of SQLite: a second or two. Counting two million rows takes a tenth of them.
_PATIENCE, _LOOK_EVERY = 50_000_000, 100_000
# Beyond so many steps for all its views, slow but finite, a file is left to the clock.
_PATIENCE_FOR_ALL = 4 * _PATIENCE
_MOST_VIEWS = 1_000
# One step may take minutes, and nothing interrupts it: a text of millions, made for one row; a
# pattern that can be laid on a text in so many ways, which GDAL tries one by one.
_LONGEST_CELL, _MOST_WAYS = 50 << 20, 10_000_000
# What SQLite says of a damaged list quotes its bytes, which need be no text.
NO_DATABASE = (sqlite3.Error, UnicodeDecodeError)


def looked_at(path: Path) -> sqlite3.Connection:
    """Return a database that is only looked at; bytes that are no text are shown as such."""
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    database.text_factory = lambda data: data.decode("utf-8", errors="replace")
    return database


def refuse_endless_views(path: Path, shown_as: str) -> None:
    """Refuse a GeoPackage with a view that does not end, or with more views than any has.

    Errors: LayerError. A file that is no database passes: reading it says what is wrong.
    """
    database = looked_at(path)
    try:
        views = [str(name) for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'view'"
        )]
        if len(views) > _MOST_VIEWS:
            raise LayerError(
                say(
                    "{file}：GeoPackage 里有 {count} 个视图，超过上限 {limit} 个。"
                    "请只留需要的图层，另存后再试。",
                    file=shown_as, count=len(views), limit=_MOST_VIEWS,
                )
            )
        watch = _Watch(database)
        for name in views:
            if watch.taken > _PATIENCE_FOR_ALL:
                return
            if watch.is_endless(name):
                raise LayerError(
                    say(
                        "{file}：GeoPackage 的目录或图层是算不完的视图，不予读取。"
                        "请另存为普通图层后再试。",
                        file=shown_as,
                    )
                )
    except NO_DATABASE:
        return
    finally:
        database.close()


class _Watch:
    """Asks views for their rows, and gives up where one takes too long.

    taken
        Steps of SQLite that all of them took.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self.taken = 0
        self._left = 0
        self._ways = 0
        self._database = database
        self._plain = sqlite3.connect(":memory:")
        database.set_progress_handler(self._count, _LOOK_EVERY)
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_CELL)
        database.create_function("like", 2, self._like)
        database.create_function("like", 3, self._like)

    def is_endless(self, view: str) -> bool:
        """Tell whether a view does not end, or needs minutes for one step."""
        quoted = view.replace('"', '""')
        self._left, self._ways = _PATIENCE, 0
        try:
            # All of the first row, as GDAL asks for it; then how many there are.
            self._database.execute(f'SELECT * FROM "{quoted}" LIMIT 1').fetchone()  # noqa: S608 - quoted
            self._database.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()  # noqa: S608 - quoted
        except NO_DATABASE as error:
            # A view that needs a function of another program is none of ours; GDAL passes it over.
            return self._left <= 0 or self._ways > _MOST_WAYS or "too big" in str(error)
        return False

    def _count(self) -> int:
        self._left -= _LOOK_EVERY
        self.taken += _LOOK_EVERY
        return int(self._left <= 0)  # 1 ends the query

    def _like(self, pattern: object, text: object, escape: object = None) -> int | None:
        if pattern is None or text is None:
            return None
        self._ways += _ways(str(pattern).casefold(), str(text).casefold())
        if self._ways > _MOST_WAYS * (1 + self.taken // _PATIENCE):
            raise ValueError
        asked = "SELECT ? LIKE ?" if escape is None else "SELECT ? LIKE ? ESCAPE ?"
        given = (text, pattern) if escape is None else (text, pattern, escape)
        return int(self._plain.execute(asked, given).fetchone()[0])


def _ways(pattern: str, text: str) -> int:
    """Return in how many ways the parts of a pattern between its `%` can be laid on a text."""
    parts = [part[:1] for part in pattern.split("%")[1:] if part]
    places = [len(text) if part == "_" else text.count(part) for part in parts]
    return math.prod(count for count in places if count) // math.factorial(len(places))
