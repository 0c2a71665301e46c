"""Pools confirmed on the page: kept beside the study, and read by every evaluation of it."""

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.description import Pool, read_description
from analysis.evaluation import evaluate
from analysis.files_of_study import files_of_study
from analysis.periods.evaluated_again import study_of
from analysis.periods.snapshot import read_snapshot
from analysis.pooling.kept import (
    drop_pool,
    keep_pool,
    pools_file,
    put_pools_back,
    read_pools,
    with_kept_pools,
)
from analysis.study import load_study
from geo.errors import StudyError
from tests.acceptance.terminal import carecircle_here
from tests.analysis.toy_study import estate, facility, spot, toy_study, write_study
from ui.studies import fingerprint

# 500 households owe 100 m² each and have none; f1 has 150 m²: enough for one of them, not for both.
NONE = {"care_floor_area_m2": 0.0, "care_area_basis": "building", "care_status": "operating"}
ROWS = {
    "facilities": [
        facility("f1", spot(0, 0), status="operating", floor_area_m2=150.0),
        facility("f2", spot(300, 0), status="operating", floor_area_m2=120.0),
    ],
    "residential": [
        estate("r1", spot(100, 0), 500, **NONE), estate("r2", spot(150, 0), 500, **NONE),
    ],
}  # fmt: skip
FIRST = Pool(name="一组", estates=("r1",), facilities=("f1",), document="会议纪要〔2025〕3号",
             date=dt.date(2025, 6, 1))  # fmt: skip
SECOND = Pool(name='二组 "=1"', estates=("r2",), facilities=("f2",), document="函")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    layers: dict[str, Any] = ROWS
    return write_study(toy_study(tmp_path, **layers), tmp_path / "files")


def verdicts(study: Path) -> dict[str, str]:
    table = evaluate(load_study(study), draw="when asked").provision
    return dict(zip(table["residential_id"], table["verdict"], strict=True))


def test_a_kept_pool_changes_the_verdict_of_its_members_alone(study: Path) -> None:
    assert verdicts(study) == {"r1": "short", "r2": "short"}
    before = fingerprint(study)
    keep_pool(study, FIRST)
    assert verdicts(study) == {"r1": "met_pooled", "r2": "short"}
    assert fingerprint(study) != before  # no page goes on with what it has kept
    keep_pool(study, SECOND)
    assert verdicts(study) == {"r1": "met_pooled", "r2": "met_pooled"}
    drop_pool(study, FIRST)
    assert verdicts(study) == {"r1": "short", "r2": "met_pooled"}
    drop_pool(study, SECOND)
    assert not pools_file(study).exists()


def test_it_is_written_as_a_study_file_writes_it(study: Path) -> None:
    for pool in (FIRST, SECOND):
        keep_pool(study, pool)
    text = pools_file(study).read_text(encoding="utf-8")
    assert tomllib.loads(text) == {
        "pools": [
            {"name": "一组", "estates": ["r1"], "facilities": ["f1"],
             "document": "会议纪要〔2025〕3号", "date": dt.date(2025, 6, 1)},
            {"name": '二组 "=1"', "estates": ["r2"], "facilities": ["f2"], "document": "函"},
        ]
    }  # fmt: skip
    assert read_pools(study) == (FIRST, SECOND)
    study.write_text(study.read_text(encoding="utf-8") + "\n" + text, encoding="utf-8")
    assert read_description(study).pools == (FIRST, SECOND)


@pytest.mark.parametrize(
    ("pool", "said"),
    [
        (FIRST.model_copy(update={"facilities": ("f2",)}), "r1 已在 toy.pools.toml 的统筹组“一组”"),
        (SECOND.model_copy(update={"facilities": ("f1",)}), "f1 已在 toy.pools.toml"),
        (SECOND.model_copy(update={"document": " "}), "确认的文件"),
        (SECOND.model_copy(update={"estates": ()}), "要有小区和设施"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_not_kept(study: Path, pool: Pool, said: str) -> None:
    keep_pool(study, FIRST)
    before = pools_file(study).read_bytes()
    with pytest.raises(StudyError, match=said):
        keep_pool(study, pool)
    assert pools_file(study).read_bytes() == before


def test_an_estate_of_the_study_files_own_pools_is_refused_too(study: Path) -> None:
    block = '[[pools]]\nname = "甲"\nestates = ["r1"]\nfacilities = ["f1"]\n'
    study.write_text(study.read_text(encoding="utf-8") + block, encoding="utf-8")
    with pytest.raises(StudyError, match=r"toy\.study\.toml 的统筹组“甲”"):
        keep_pool(study, FIRST)


def test_written_by_hand_twice_the_second_is_told_with_its_file(study: Path) -> None:
    put_pools_back(study, [FIRST, SECOND.model_copy(update={"estates": ("r1",)})])
    found = [each for each in evaluate(load_study(study), draw="when asked").findings
             if each.column == "[[pools]]"]  # fmt: skip
    assert [(each.file, each.value) for each in found] == [("toy.pools.toml", SECOND.name)]
    assert "已在另一统筹组中" in str(found[0].message)
    assert "toy.pools.toml" in str(found[0].remedy)


def test_a_file_that_is_none_is_refused_by_name(study: Path) -> None:
    pools_file(study).write_text('[[pools]]\nname = "一组"\nestate = ["r1"]\n', encoding="utf-8")
    with pytest.raises(StudyError, match=r"toy\.pools\.toml"):
        load_study(study)


def test_the_terminal_reads_it_and_names_it(study: Path, tmp_path: Path) -> None:
    keep_pool(study, FIRST)
    out = tmp_path / "out"
    done = carecircle_here("evaluate", study, "--out", out)
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(out / "provision.csv", encoding="utf-8-sig").set_index("residential_id")
    assert table["verdict"].to_dict() == {"r1": "met_pooled", "r2": "short"}
    told = json.loads((out / "parameters.json").read_text(encoding="utf-8"))
    assert "toy.pools.toml" in told["inputs_sha256"]
    assert [pool["name"] for pool in told["description"]["pools"]] == ["一组"]
    assert "file" not in told["description"]["pools"][0]
    assert pools_file(study) in files_of_study(study)  # nothing is written over it


def test_a_snapshot_with_kept_pools_can_be_evaluated_again(study: Path, tmp_path: Path) -> None:
    keep_pool(study, FIRST)
    out = tmp_path / "out"
    done = carecircle_here("evaluate", study, "--out", out)
    assert done.returncode == 0, done.stderr
    again = study_of(read_snapshot(out))
    assert again.description.pools == with_kept_pools(read_description(study), study).pools
