"""What a reading process may not do is refused in it, and what it must do is not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TRIED = """
import json, os, pathlib, shutil, socket, sqlite3, subprocess, sys, urllib.request
sys.path.insert(0, sys.argv[1])
from geo.door.confinement import confine
room, elsewhere = pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
confine(room)
tried = {
    "write inside": lambda: (room / "new").write_text("x"),
    "rename inside": lambda: (room / "mine").rename(room / "yours"),
    "database inside": lambda: sqlite3.connect((room / "a.db").as_uri() + "?mode=rwc", uri=True),
    "read outside": lambda: (elsewhere / "theirs").read_text(),
    "write outside": lambda: (elsewhere / "new").write_text("x"),
    "append outside": lambda: (elsewhere / "theirs").open("a"),
    "rename out": lambda: (room / "yours").rename(elsewhere / "stolen"),
    "rename in": lambda: (elsewhere / "theirs").rename(room / "stolen"),
    "link out": lambda: os.link(room / "yours", elsewhere / "linked"),
    "symlink out": lambda: os.symlink(room / "yours", elsewhere / "pointed"),
    "remove outside": lambda: (elsewhere / "theirs").unlink(),
    "chmod outside": lambda: (elsewhere / "theirs").chmod(0o777),
    "database outside": lambda: sqlite3.connect(elsewhere / "b.db"),
    "above by dots": lambda: (room / ".." / "new").write_text("x"),
    "start a program": lambda: subprocess.run([sys.executable, "-c", ""]),
    "shell": lambda: os.system("true"),
    "ask a server": lambda: urllib.request.urlopen("http://127.0.0.1:9"),
    "look up a name": lambda: socket.getaddrinfo("localhost", 80),
    "listen": lambda: socket.socket().bind(("127.0.0.1", 0)),
}
ended = {}
for what, do in tried.items():
    try:
        do()
        ended[what] = "done"
    except PermissionError:
        ended[what] = "refused"
    except OSError as error:
        cause = getattr(error, "reason", None)
        ended[what] = "refused" if isinstance(cause, PermissionError) else repr(error)
print(json.dumps(ended))
"""
ALLOWED = {"write inside", "rename inside", "database inside", "read outside"}


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    room, elsewhere = tmp_path_factory.mktemp("room"), tmp_path_factory.mktemp("elsewhere")
    (room / "mine").write_text("x", encoding="utf-8")
    (elsewhere / "theirs").write_text("x", encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", TRIED, str(ROOT), str(room), str(elsewhere)],
        check=True, capture_output=True, text=True,
    )
    assert sorted(each.name for each in elsewhere.iterdir()) == ["theirs"]
    result: dict[str, str] = json.loads(done.stdout)
    return result


def test_what_reading_needs_is_allowed(ended: dict[str, str]) -> None:
    assert {what for what, how in ended.items() if how == "done"} == ALLOWED


def test_everything_else_is_refused(ended: dict[str, str]) -> None:
    others = {what: how for what, how in ended.items() if what not in ALLOWED}
    assert others
    assert set(others.values()) == {"refused"}, others
