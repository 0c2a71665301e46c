"""Downloading at the terminal: from a stub on loopback, and with nobody there."""

import socket
import time
from pathlib import Path

import pytest

from tests.overpass_stub import overpass_stub

from .terminal import carecircle

BOX = "118.89,42.26,118.91,42.28"


@pytest.fixture(autouse=True)
def no_proxy_for_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def test_a_download_is_saved_and_can_be_inspected(tmp_path: Path) -> None:
    saved = tmp_path / "streets.npz"
    with overpass_stub() as stub:
        run = carecircle("download", BOX, "--out", saved, "--overpass", stub.url)
    assert run.returncode == 0, run.stderr
    assert carecircle("inspect", saved, "--as", "streets").returncode == 0


def test_without_internet_it_says_so_within_ten_seconds(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    saved = tmp_path / "streets.npz"
    started = time.monotonic()
    run = carecircle("download", BOX, "--out", saved, "--overpass", f"http://127.0.0.1:{port}/api")
    assert time.monotonic() - started < 10
    assert run.returncode == 1
    assert "需要互联网" in run.stderr
    assert "Traceback" not in run.stderr
    assert list(tmp_path.iterdir()) == []
