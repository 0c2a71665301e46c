"""Where the real layers are that acceptance runs on; without them the tests skip and say so."""

import os
from pathlib import Path

import pytest

BESIDE_THE_PROJECT = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture(scope="session")
def real_layers() -> Path:
    """Return the folder of real layers: beside the project, or where CARECIRCLE_SHARED says."""
    data = Path(os.environ.get("CARECIRCLE_SHARED", BESIDE_THE_PROJECT)) / "data"
    if not data.is_dir():
        pytest.skip(f"the real layers are not at {data}")
    return data
