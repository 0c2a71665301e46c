"""A study begun from files that were brought: what it says, leaves alone and refuses."""

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from analysis import own_study
from analysis.evaluation import evaluate
from analysis.own_study import BroughtLayer, begin_study, data_files, is_own, put_into
from analysis.study import load_study
from geo.errors import StudyError
from tests.analysis.toy_study import area, box, estate, facility, spot, toy_study, write_study

DAY = dt.date(2026, 3, 1)
LEDGER = "编号,小区名称,总户数,街道,新建或已建成,竣工\n{rows}\n"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    toy = toy_study(
        tmp_path / "toy",
        residential=[estate("r1", box(0, 0, 100, 100), households=100)],
        facilities=[facility("f1", spot(0, 0))],
        boundaries=[area("a", "street", box(-500, -500, 900, 900))],
    )
    path = write_study(toy, tmp_path / "desk")
    said = path.read_text(encoding="utf-8")
    pool = '[[pools]]\nname = "一组"\nestates = ["r1"]\nfacilities = ["f1"]\n'
    path.write_text(f'notice = "原来的说明"\n{said}{pool}', encoding="utf-8")
    return path


def ledger(*households: int) -> BroughtLayer:
    rows = "\n".join(
        f"n{at},{name}小区,{count},a,已建成,2020-01-01"
        for at, (name, count) in enumerate(zip("甲乙丙", households, strict=False))
    )
    content = LEDGER.format(rows=rows).encode("gb18030")
    return BroughtLayer("residential", {"小区.csv": content}, source="民政局", date=DAY)


def begun(base: Path, brought: BroughtLayer, **options: object) -> own_study.Written:
    asked = {"title": "新的", "name": "新的", "on": DAY} | options
    return begin_study(base, brought, **asked)  # type: ignore[arg-type]


def test_all_else_is_as_the_other_study_has_it(base: Path) -> None:
    before = base.read_bytes()
    written = begun(base, ledger(300, 50))
    assert base.read_bytes() == before
    study = load_study(written.path)
    assert (study.title, study.on) == ("新的", DAY)
    assert study.notice == "原来的说明；小区已换成自己的文件"
    assert study.layers["residential"]["households"].tolist() == [300, 50]
    assert study.layers["facilities"]["id"].tolist() == ["f1"]
    told = tomllib.loads(written.path.read_text(encoding="utf-8"))
    assert told["layers"]["residential"] == {
        "path": "新的/小区/小区.csv", "source": "民政局", "date": DAY,
    }  # fmt: skip
    # 0.2 m² a household, as the pack has it: 60 and 10.
    provision = evaluate(study).provision
    assert provision["required_m2"].tolist() == [60.0, 10.0]


def test_what_names_the_old_rows_is_left_out_and_said(base: Path) -> None:
    (base.parent / f"{base.name.removesuffix('.study.toml')}.matches.toml").write_text(
        "", encoding="utf-8"
    )
    written = begun(base, ledger(300))
    assert "pools" not in tomllib.loads(written.path.read_text(encoding="utf-8"))
    said = "".join(map(str, written.left_out))
    assert "统筹" in said
    assert "确认的名称" in said


def test_another_layer_goes_into_it_and_comes_out_again(base: Path) -> None:
    written = begun(base, ledger(300))
    was = written.path.read_text(encoding="utf-8")
    again = put_into(written.path, ledger(40, 50, 60))
    assert again.folder.name == "小区-2"
    assert (written.folder / "小区.csv").is_file()  # what was brought before stays
    households = load_study(written.path).layers["residential"]["households"]
    assert households.tolist() == [40, 50, 60]
    again.take_back()
    assert written.path.read_text(encoding="utf-8") == was
    assert not again.folder.exists()
    written.take_back()
    assert not written.path.exists()
    assert not written.folder.parent.exists()


def test_what_somebody_changed_or_added_stays(base: Path) -> None:
    written = begun(base, ledger(300))
    (written.folder / "小区.csv").write_text("改过的", encoding="utf-8")
    (written.folder / "别的.txt").write_text("会议纪要", encoding="utf-8")
    written.take_back()
    assert not written.path.exists()
    assert sorted(path.name for path in written.folder.iterdir()) == ["别的.txt", "小区.csv"]


def test_several_files_are_one_layer(base: Path) -> None:
    one, two = (ledger(count).files["小区.csv"] for count in (300, 40))
    two = two.replace(b"n0", b"w0")
    written = begun(base, BroughtLayer("residential", {"东街.csv": one, "西街.csv": two}))
    found = load_study(written.path).layers["residential"]
    assert sorted(found["households"]) == [40, 300]


def test_streets_and_addresses_have_places_of_their_own(base: Path) -> None:
    streets = (base.parent / tomllib.loads(base.read_text(encoding="utf-8"))["streets"]["path"])
    written = begun(base, BroughtLayer("streets", {streets.name: streets.read_bytes()}))
    told = tomllib.loads(written.path.read_text(encoding="utf-8"))
    assert told["streets"] == {"path": f"新的/道路/{streets.name}"}
    assert "crs" not in told
    table = "编号,小区名称,经度,纬度\nr1,一号,119,42\n".encode()
    put_into(written.path, BroughtLayer("places", {"地址.csv": table}, coordinates="gcj02"))
    told = tomllib.loads(written.path.read_text(encoding="utf-8"))
    for layer in ("residential", "facilities"):
        assert told["layers"][layer]["places"] == "新的/地址表/地址.csv"
        assert told["layers"][layer]["places_coordinates"] == "gcj02"


def test_nothing_is_written_over(base: Path) -> None:
    begun(base, ledger(300))
    with pytest.raises(StudyError, match="已经有"):
        begun(base, ledger(40))
    (base.parent / "另一个").mkdir()
    with pytest.raises(StudyError, match="已经有"):
        begun(base, ledger(40), name="另一个")
    with pytest.raises(StudyError, match="不能改写"):
        put_into(base, ledger(40))
    assert not is_own(base)


def test_what_would_be_no_study_leaves_nothing(base: Path) -> None:
    there = sorted(base.parent.rglob("*"))
    with pytest.raises(StudyError):
        begun(base, ledger(300), assume={"care_status": "不知道"})
    assert sorted(base.parent.rglob("*")) == there


def test_hostile_words_are_values(base: Path) -> None:
    title = '"]\n[streets]\npath = "/etc/passwd" #'
    written = begun(base, ledger(300), title=title)
    told = tomllib.loads(written.path.read_text(encoding="utf-8"))
    assert told["title"] == title
    assert told["streets"]["path"] != "/etc/passwd"


def test_a_shapefile_is_one_data_set() -> None:
    assert data_files(["a.shp", "a.dbf", "a.shx", "b.csv", "c.dbf"]) == ["a.shp", "b.csv", "c.dbf"]
