"""The toy city: five nodes, four streets, sums that can be done on paper.

        D (300,400)
        |
        | 400
        |
A ----- B ----- C ----- E
   300     300     300

Coordinates are metres of EPSG:4549 moved to (500000, 4680000), near Chifeng.
"""
# ruff: noqa: E402 - what is imported is kept compiled, which has to be said before

import gc
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

# Where nothing may be kept compiled, every process that a test starts compiles the project again,
# and every worker all tests: collecting them takes 16 s of a core in place of 9 s.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

import geopandas as gpd
import pytest
import shapely
from pyproj import CRS

from analysis.evaluation import Evaluation, evaluate
from analysis.study import load_study
from geo import ingest
from geo.door.limits import FOR_STREETS
from geo.ingest import Door, one_door
from geo.streets.lines import read_lines
from geo.streets.network import WalkNetwork
from geo.walks.nearest_street import StreetIndex
from geo.walks.places import usable_streets

TESTS = Path(__file__).parent
METRIC = CRS.from_epsg(4549)
EAST, NORTH = 500_000.0, 4_680_000.0
TOY_STREETS = (
    ((0, 0), (300, 0)),
    ((300, 0), (600, 0)),
    ((300, 0), (300, 400)),
    ((600, 0), (900, 0)),
)
Lines = tuple[tuple[tuple[float, float], ...], ...]
# Long files go first: the last of them would else run alone, with the other core idle.
LONGEST_FIRST = (
    "ui/test_journeys_in_chromium.py", "bench/test_contests.py", "ui/test_data_in_chromium.py",
    "analysis/test_comparison.py", "ui/test_map_in_chromium.py", "ui/test_bundled_in_chromium.py",
    "ui/test_data_page.py", "analysis/test_catchments_agree.py", "acceptance/test_porto_alegre.py",
    "bench/test_race.py", "report/test_same_numbers.py", "test_cli.py",
    "analysis/test_capacity_towns.py", "analysis/test_columns_and_rows.py",
)  # fmt: skip
LONG_FIRST = (
    "bench", "acceptance", "ui", "test_cli.py", "test_cli_data.py", "analysis", "report", "data"
)  # fmt: skip
COMPILED = Path(os.environ["NUMBA_CACHE_DIR"]) / "compiled-first"
COMPILING_S = 180.0
# Libraries and thousands of collected tests make half a million objects that stay: the collector of
# garbage looked through all of them again and again, a quarter of the time until the first test.
gc.set_threshold(20_000, 20, 20)
_compiling: list[subprocess.Popen[bytes]] = []


def pytest_xdist_auto_num_workers() -> int:
    """Let one file more than there are cores run: files of the browser mostly wait."""
    with_affinity = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if with_affinity else os.cpu_count() or 1
    return cores + 1


def pytest_collection_finish() -> None:
    """Leave out of every later search for garbage what stays until the end."""
    gc.collect()
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    """Let each worker begin to collect at another folder, so that they do not rewrite the same.

    A rewritten file of tests is kept, and the others find it there.
    """
    worker = getattr(config, "workerinput", {}).get("workerid", "")
    if worker and [Path(one).resolve() for one in config.args] == [TESTS]:
        folders = [TESTS / name for name in ("analysis", "geo", "report")]
        others = sorted(
            one for one in TESTS.iterdir()
            if one not in folders and (one.is_dir() or one.name.startswith("test_"))
        )  # fmt: skip
        first = int(worker.removeprefix("gw")) % len(folders)
        config.args[:] = [str(one) for one in (*folders[first:], *others, *folders[:first])]


def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - a worker of xdist
    """Have the kernels compiled once for all workers, while these collect."""
    if not _compiling and not COMPILED.exists():
        command = [sys.executable, str(TESTS / "kernels_first.py"), str(COMPILED)]
        _compiling.append(subprocess.Popen(command))  # noqa: S603 - our own command
    node.workerinput["wait_s"] = COMPILING_S if _compiling else 0.0


def pytest_unconfigure() -> None:
    """Do not leave before what was begun is done."""
    for one in _compiling:
        one.wait(COMPILING_S)


@pytest.fixture(scope="session", autouse=True)
def _kernels(request: pytest.FixtureRequest) -> None:
    """Wait for the kernels instead of compiling the same."""
    wait_s = getattr(request.config, "workerinput", {}).get("wait_s", 0.0)
    until = time.monotonic() + wait_s
    while time.monotonic() < until and not COMPILED.exists():
        time.sleep(0.1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first, then the folders of long tests; files stay together and in order."""

    def turn(item: pytest.Item) -> tuple[int, int, str]:
        path = item.path.relative_to(TESTS)
        file, folder = path.as_posix(), path.parts[0]
        return (
            LONGEST_FIRST.index(file) if file in LONGEST_FIRST else len(LONGEST_FIRST),
            LONG_FIRST.index(folder) if folder in LONG_FIRST else len(LONG_FIRST),
            file,
        )

    items.sort(key=turn)


def at(x: float, y: float) -> tuple[float, float]:
    """Return the metric position of a toy position."""
    return EAST + x, NORTH + y


def frame_of(lines: Lines, **columns: list[object]) -> gpd.GeoDataFrame:
    """Return toy lines as a line layer."""
    geometry = [shapely.LineString([at(*xy) for xy in line]) for line in lines]
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=METRIC)


@pytest.fixture(scope="session", autouse=True)
def door() -> Iterator[Door]:
    """Let all readings of a run go through one reading process: starting it takes a second.

    Threads, as pages run in, do not know the door of the main one, and would start two each study.
    """
    for_threads: ContextVar[Door | None]
    with one_door(FOR_STREETS) as opened, pytest.MonkeyPatch.context() as patch:
        for_threads = ContextVar("open_door", default=opened)
        patch.setattr(ingest, "_open_door", for_threads)
        yield opened


@pytest.fixture(scope="session")
def bundled() -> Evaluation:
    """Give the bundled study of Chifeng, evaluated once; no test may change its tables."""
    study = load_study(TESTS.parent / "data" / "chifeng.study.toml")
    return evaluate(study, draw="when asked")


@pytest.fixture(scope="session")
def network_of() -> Callable[..., WalkNetwork]:
    """Give a maker of networks from toy lines."""

    def make(lines: Lines, *, cross: bool = False, **columns: list[object]) -> WalkNetwork:
        network, _ = read_lines(frame_of(lines, **columns), METRIC, name="toy", cross=cross)
        return network

    return make


@pytest.fixture(scope="session")
def toy(network_of: Callable[..., WalkNetwork]) -> WalkNetwork:
    """Give the toy city's streets."""
    return network_of(TOY_STREETS)


@pytest.fixture(scope="session")
def toy_index(toy: WalkNetwork) -> StreetIndex:
    """Give the toy city's streets ready for snapping; its one piece is its longest."""
    return StreetIndex(toy, usable_streets(toy, component_min_m=2000))


@pytest.fixture(autouse=True)
def _no_internet(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse every connection but loopback, unless a test is marked `network`."""
    if request.node.get_closest_marker("network"):
        yield
        return
    connect = socket.socket.connect

    def only_loopback(self: socket.socket, address: object) -> object:
        host = address[0] if isinstance(address, tuple) else "local"
        if isinstance(address, tuple) and host not in ("127.0.0.1", "::1", "localhost"):
            msg = f"a test reached for the network: {host}"
            raise AssertionError(msg)
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_loopback)
    yield
