"""Sites sought for a study that a scenario has changed, as for one whose files say so.

The straight road of `test_choosing`. With f1 closed nobody is covered: c2 covers 150, then c1 50.
"""

from pathlib import Path

import pytest

from analysis.evaluation import evaluate
from analysis.scenario import Opened, Resized, Scenario, apply
from analysis.siting.as_scenario import as_scenario, changes
from analysis.siting.asked import Asked
from analysis.siting.choosing import choose_sites
from analysis.what_if.live import Live
from tests.acceptance.terminal import carecircle_here
from tests.analysis.test_choosing import HOMES, PLOTS, ROAD, ids, plot, town
from tests.analysis.toy_study import facility, people, spot, toy_study, write_study


def files(folder: Path, *facilities: str) -> Path:
    study = toy_study(
        folder,
        streets=ROAD,
        facilities=[facility(id_, spot(0, 0), status="operating") for id_ in facilities],
        population=[people(f"p{x}", spot(x, 0), 5 * n, n) for x, n in HOMES.items()],
        candidates=[plot(id_, x, cost_wan=10.0) for id_, x in PLOTS.items()],
    )
    return write_study(study, folder / "files")


def test_closing_is_the_same_as_files_without_it(tmp_path: Path) -> None:
    both, one = files(tmp_path / "a", "f1", "f2"), files(tmp_path / "b", "f2")
    closing = tmp_path / "close.toml"
    closing.write_text('title = "关停"\nclose = ["f1"]\n', encoding="utf-8")
    words = ("--count", 2, "--out")
    done = [
        carecircle_here("site", both, "--scenario", closing, *words, tmp_path / "x"),
        carecircle_here("site", one, *words, tmp_path / "y"),
    ]
    assert [each.returncode for each in done] == [0, 0], [each.stderr for each in done]
    for name in ("sites.csv", "site_areas.csv", "why_not.csv"):
        assert (tmp_path / "x" / name).read_bytes() == (tmp_path / "y" / name).read_bytes()
    then = carecircle_here(
        "evaluate", both, "--scenario", tmp_path / "x" / "scenario.toml", "--out", tmp_path / "z"
    )
    assert then.returncode == 0, then.stderr


def test_what_a_proposal_changes_is_told_once(tmp_path: Path) -> None:
    study = apply(Scenario(close=("f1",)), town(tmp_path).study)
    proposal = choose_sites(evaluate(study, draw="when asked"), Asked(count=2))
    live = Live(proposal.evaluation)
    assert live.to(changes(proposal)).table["covered_60plus"].iloc[0] == 200
    assert changes(proposal).close == ()
    assert as_scenario(proposal).close == ("f1",)


@pytest.mark.parametrize(
    ("base", "closable"),
    [
        # The first is opened at c4, where it covers 30: given up, two sites cover 200 in its place.
        (Scenario(open=(Opened(name="x", category="day_care", candidate_id="c4"),)), "s1"),
        (Scenario(resize=(Resized(facility_id="f9", beds=3.0),)), "f9"),
    ],
)
def test_what_is_given_up_is_not_changed_before(
    tmp_path: Path, base: Scenario, closable: str
) -> None:
    study = town(tmp_path, more=[facility("f9", spot(5900, 0))]).study
    moved = evaluate(apply(base, study), draw="when asked")
    proposal = choose_sites(moved, Asked(count=1, may_close=(closable,)))
    assert [*proposal.eligible.table["candidate_id"].iloc[proposal.closed]] == [closable]
    opened = evaluate(apply(as_scenario(proposal), study), draw="when asked")
    assert opened.summary["coverage"]["covered_60plus"] == proposal.covered[-1]
    assert ids(proposal)
