"""Where compiled kernels are kept: beside the code, apart for every state of the code.

The compiler notices when a kernel's own file changes, but not when a file does that the kernel has
taken constants or other kernels from. So all that is compiled is kept under the checksum of all
code together, and a changed line anywhere compiles anew.
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
KEPT = HOUSE / "geo" / "__pycache__"
ROOMS = ("geo", "analysis")  # those with kernels


def keep_compiled() -> None:
    """Tell the compiler where to keep kernels, unless `NUMBA_CACHE_DIR` says where already."""
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    folder = KEPT / f"kernels-{state_of_the_code()}"
    for old in KEPT.glob("kernels-*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    if "numba" in sys.modules:  # it has read the environment before us
        sys.modules["numba"].config.reload_config()


def state_of_the_code(house: Path = HOUSE) -> str:
    """Return a short checksum of all code that kernels may take from."""
    digest = hashlib.sha256()
    for file in sorted(path for room in ROOMS for path in (house / room).rglob("*.py")):
        digest.update(file.relative_to(house).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
