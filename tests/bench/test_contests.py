"""The rows: each has its targets, and the ways of reckoning agree on a tiny city."""

import importlib
from pathlib import Path

import numpy as np
import pytest

from analysis.evaluation import evaluate
from analysis.what_if.live import Live
from bench import bundled
from bench.contest import LIMIT_MM, Contest, Task
from bench.contests import MODULES, gains, least_walk, nearest, set_cover, table, what_if
from bench.given import as_matrix, as_networkx, as_osmnx
from bench.peak import peak_mb
from bench.settled import Size
from bench.workspace import make_workspace
from tests.analysis.toy_study import facility, people, spot
from tests.analysis.what_if_city import PEOPLE, city

TINY = Size(
    nodes=1_200, facilities=6, places=150, candidates=14, demand=50, estates=4
)
# What is promised at size M, of each row; memory is promised at L, and these take what time allows.
PROMISED_AT_M = set(MODULES) - {"memory", "set_cover", "least_walk"}

SITING = ("max_cover", "set_cover", "least_walk")


def contests() -> list[Contest]:
    return [importlib.import_module(module).CONTEST for module in MODULES.values()]


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> Task:
    return make_workspace(tmp_path_factory.mktemp("tiny"), TINY)


def given(task: Task, how: str) -> Task:
    return Task(task.folder, task.size, how)  # type: ignore[arg-type]


def test_every_row_is_named_as_it_is_asked_for() -> None:
    assert [contest.name for contest in contests()] == [*MODULES]
    assert {each.name for each in contests() if "M" in each.targets} == PROMISED_AT_M


def test_every_row_has_us_first_and_targets_against_somebody_there() -> None:
    for contest in contests():
        names = [each.name for each in contest.contenders]
        assert names[0] == "ours"
        assert len(names) == len(set(names))
        against = {target.against for target in contest.targets.values()} - {None}
        assert against <= set(names)


def test_both_orders_hold_the_same_crossings(task: Task) -> None:
    raw, loaded = given(task, "raw"), given(task, "loaded")
    some = np.array([0, 5, 17])
    np.testing.assert_array_equal(raw.network.x[some], loaded.network.x[loaded.here(some)])


def test_libraries_are_given_the_same_streets(task: Task) -> None:
    network = given(task, "raw").network
    metres = network.length_mm.sum() / 1000
    assert as_matrix(network).sum() / 2000 == pytest.approx(metres)
    assert as_networkx(network).size("length_mm") / 1000 == pytest.approx(metres)
    assert as_osmnx(network).size("length") / 2 == pytest.approx(metres)


def test_everybody_finds_the_same_nearest_facility(task: Task) -> None:
    one = nearest.ours(given(task, "loaded"))().answer()
    for peer in (nearest.scipy_search, nearest.networkx_search, nearest.osmnx_search):
        other = peer(given(task, "raw"))().answer()
        assert nearest.agree(one, other).same
        assert (other["walk_mm"] <= LIMIT_MM).all()
    spoiled = {"walk_mm": one["walk_mm"] + 100}
    assert not nearest.agree(one, spoiled).same


def test_everybody_fills_the_same_table(task: Task) -> None:
    one = table.ours(given(task, "loaded"))().answer()
    for peer in (table.scipy_table, table.networkx_table):
        assert table.agree(one, peer(given(task, "raw"))().answer()).same
    short = {name: values[1:] for name, values in one.items()}
    assert not table.agree(one, short).same


def test_changes_are_possible_when_their_turn_comes() -> None:
    is_open = what_if.first_open(12)
    for change in what_if.changes(12, 500):
        if change.what == what_if.ADD:
            assert not is_open[change.site]
        else:
            assert is_open[change.site]
        if change.what == what_if.MOVE:
            assert not is_open[change.to]
        is_open = what_if.after(change, is_open)
        assert 0 < is_open.sum() < 12


def test_what_if_is_what_everything_anew_is(task: Task) -> None:
    ours = what_if.ours(given(task, "loaded"))().answer()
    assert what_if.check(given(task, "raw"), ours).same
    assert what_if.agree(ours, what_if.scipy_anew(given(task, "raw"))().answer()).same


@pytest.mark.parametrize("name", ["evaluate", "snap", "isochrones", "pbf", "reload", *SITING])
def test_the_truth_of_a_row_is_ours(task: Task, name: str) -> None:
    contest: Contest = importlib.import_module(MODULES[name]).CONTEST
    if contest.make_ready is not None:
        contest.make_ready(task)
    ours = contest.contenders[0]
    answer = ours.prepare(given(task, ours.given))().answer()
    assert answer
    if contest.check is not None:
        agreement = contest.check(given(task, "raw"), answer)
        assert agreement.same, str(agreement.how)
    fast = {"snap": "shapely", "pbf": "pyosmium", **dict.fromkeys(SITING, "highs")}.get(name)
    if fast is not None:
        peer = next(each for each in contest.contenders if each.name == fast)
        agreement = contest.agree(answer, peer.prepare(given(task, peer.given))().answer())
        assert agreement.same, str(agreement.how)


def test_better_than_can_be_is_not_believed() -> None:
    bound = {"chosen": np.arange(3), "covered": np.array([9.0]), "bound": np.array([2.0])}
    for sites, covered, same in ((2, 9.0, True), (1, 9.0, False), (3, 8.0, False)):
        other = {"chosen": np.arange(sites), "covered": np.array([covered])}
        assert set_cover.agree(bound, other).same is same
    ours = {"average_m": np.array([100.0]), "bound": np.array([99.95])}
    for metres, same in ((120.0, True), (99.96, True), (99.94, False)):
        assert least_walk.agree(ours, {"average_m": np.array([metres])}).same is same


def test_scipy_finds_the_same_gains(
    task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gains, "EVERY", 1)
    # D, E and somebody between B and D are uncovered, and reached from other streets too.
    everybody = (*PEOPLE, people("between", spot(300, 300), 20, 7))
    study = city(tmp_path, facilities=(facility("f1", spot(0, 0)),), population=everybody)
    live = Live(evaluate(study, draw="when asked"))
    monkeypatch.setattr(bundled, "live", lambda: live)
    here = Task(tmp_path, task.size)
    gains.make_ready(here)
    one = gains.ours(here)().answer()
    other = gains.scipy_searches(here)().answer()
    assert {0, 7, 17, 30, 47} <= {*one["gain"]}
    assert len(other["gain"]) == len(one["gain"])
    assert gains.agree(one, other).same
    assert not gains.agree({"gain": one["gain"] + 1e-3}, other).same


def test_the_memory_of_this_process_is_known() -> None:
    assert 10 < peak_mb() < 100_000
