"""Compiled kernels are kept apart for every state of the code."""

import os
import subprocess
import sys
from pathlib import Path

from geo.kernels import KEPT, state_of_the_code


def house(folder: Path, code: str) -> Path:
    (folder / "geo" / "streets").mkdir(parents=True, exist_ok=True)
    (folder / "analysis").mkdir(exist_ok=True)
    (folder / "geo" / "search.py").write_text("BITS = 24\n", encoding="utf-8")
    (folder / "geo" / "streets" / "lines.py").write_text(code, encoding="utf-8")
    return folder


def test_a_changed_line_in_any_room_compiles_anew(tmp_path: Path) -> None:
    first = state_of_the_code(house(tmp_path, "NEAR_M = 2\n"))
    assert state_of_the_code(house(tmp_path, "NEAR_M = 2\n")) == first
    assert state_of_the_code(house(tmp_path, "NEAR_M = 3\n")) != first


def test_a_moved_line_compiles_anew(tmp_path: Path) -> None:
    first = state_of_the_code(house(tmp_path, ""))
    (tmp_path / "geo" / "search.py").rename(tmp_path / "analysis" / "search.py")
    assert state_of_the_code(tmp_path) != first


def test_the_compiler_keeps_kernels_under_the_state_of_this_code() -> None:
    plain = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    asked = "import geo, numba; print(numba.config.CACHE_DIR)"
    told = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", asked], env=plain, capture_output=True, text=True, check=True
    )
    assert Path(told.stdout.strip()) == KEPT / f"kernels-{state_of_the_code()}"
