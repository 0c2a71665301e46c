"""Two evaluations of the toy city half a year apart, kept as snapshots.

Streets A-B-C-E along the x axis (0, 300, 600, 900 m) and D above B. At 0.9 m/s the circle is
810 m. Twenty people aged 60+ live at 100 m, thirty at 890 m.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from analysis.evaluation import evaluate
from analysis.periods.snapshot import Snapshot, read_snapshot
from analysis.scenario import apply
from analysis.scenario_text import read_scenario
from analysis.study import load_study
from report.tables import write_tables
from tests.analysis.toy_study import Row, area, box, estate, people, spot, toy_study, write_study

EARLIER, LATER = "2025-06-30", "2025-12-31"
IN_PERIOD, BEFORE_IT = pd.Timestamp("2025-09-01"), pd.Timestamp("2025-03-01")
PEOPLE = (people("p1", spot(100, 0), 100, 20), people("p2", spot(890, -10), 50, 30))
STREETS = (area("s1", "street", box(-100, -500, 450, 500)),
           area("s2", "street", box(450, -500, 1000, 500)))  # fmt: skip


def home(id_: str, x: float, care_m2: float | None, **more: Any) -> Row:  # noqa: ANN401
    """Return an estate of 100 households, which owes 20 m², with its care rooms in use."""
    care = {
        "care_floor_area_m2": care_m2, "care_area_basis": "building", "care_status": "operating",
    }  # fmt: skip
    return {**estate(id_, spot(x, 20)), **care, **more}


ESTATES = (home("r1", 200, 20.0), home("r2", 890, 5.0))


def files_of(
    folder: Path,
    on: str,
    *,
    head: str = "",
    replaced: Mapping[str, str] | None = None,
    walking: Mapping[str, float] | None = None,
    **layers: Sequence[Row],
) -> Path:
    """Write a toy study of a date, and return its file.

    head, replaced
        Lines to put at the beginning, and texts to put in the place of others.
    """
    rows = {"population": PEOPLE, "boundaries": STREETS, "residential": ESTATES, **layers}
    path = write_study(toy_study(folder, walking=walking, **rows), folder / "files")
    text = path.read_text(encoding="utf-8").replace("on = 2025-12-31", f"on = {on}")
    for old, new in (replaced or {}).items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(head + text, encoding="utf-8")
    return path


_KEPT: Final[dict[str, Snapshot]] = {}


def kept(folder: Path, on: str, *, plan: str = "", **study: Any) -> Snapshot:  # noqa: ANN401
    """Evaluate a toy study of a date, keep it, and return the snapshot.

    plan
        A scenario to evaluate it under.

    What has been kept before is not evaluated again: it is then in the folder of the first.
    """
    asked = repr((on, plan, sorted(study.items())))
    if asked not in _KEPT:
        _KEPT[asked] = _kept(folder, on, plan, study)
    return _KEPT[asked]


def _kept(folder: Path, on: str, plan: str, study: Mapping[str, Any]) -> Snapshot:
    study_ = load_study(files_of(folder, on, **study))
    if plan:
        (folder / "plan.toml").write_text(plan, encoding="utf-8")
        study_ = apply(read_scenario(folder / "plan.toml"), study_)
    write_tables(evaluate(study_, draw="when asked"), folder / "out")
    return read_snapshot(folder / "out")


def of_an_earlier_version(folder: Path) -> None:
    """Take from a kept folder what tells whether its figures are those that were evaluated."""
    content = json.loads((folder / "parameters.json").read_text(encoding="utf-8"))
    del content["snapshot"]["sha256"]
    text = json.dumps(content, ensure_ascii=False, indent=2)
    (folder / "parameters.json").write_text(text, encoding="utf-8")
