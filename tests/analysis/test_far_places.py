"""Places far from the study are not used; a table of addresses may still have to be written."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from analysis.placing.by_hand import hand_file, metres_moved, place_by_hand, rows_and_ground
from analysis.placing.far_places import FAR_M, far_away, metres_from
from analysis.placing.unplaced import places_told, unplaced
from analysis.study import load_study
from geo.errors import StudyError
from report.data.data_report import report_on_study_file
from tests.analysis.toy_study import facility, spot, toy_study, write_study
from tests.test_cli_names import run


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Give a study of three facilities near 118.9, 42.3, two without a place."""
    rows = [facility("f1", spot(0, 0), name="甲站"), facility("f2", None, name="乙站"),
            facility("f3", None, name="丙站")]  # fmt: skip
    return write_study(toy_study(tmp_path, facilities=rows), tmp_path)


def here(study: Path) -> tuple[float, float]:
    point = rows_and_ground(study, "facilities")[0].geometry.iloc[0]
    return point.x, point.y


def with_table(study: Path) -> None:
    text = study.read_text(encoding="utf-8")
    text = text.replace("facilities = { path", 'facilities = { places = "地址表.csv", '
                        'places_coordinates = "wgs84", path')  # fmt: skip
    assert "地址表" in text
    study.write_text(text, encoding="utf-8")


def test_distances_are_those_of_the_globe() -> None:
    # One degree of latitude at 42.5 N is 111.08 km on the ellipsoid; one of longitude there is
    # 111.32 km · cos 42.5° · 1.0015 = 82.2 km; inside a shape it is nothing.
    ground = np.array([shapely.box(118, 42, 119, 43)], dtype=object)
    points = shapely.points([[118.5, 44.0], [120.0, 42.5], [118.5, 42.5]])
    metres = metres_from(points, ground)
    assert metres == pytest.approx([111_100, 82_200, 0], rel=0.002)


def test_what_is_fifty_kilometres_away_is_told_with_the_distance() -> None:
    ground = np.array([shapely.Point(118.9, 42.3)], dtype=object)
    step = FAR_M / 111_080
    near, far = far_away(shapely.points([[118.9, 42.3 + 0.99 * step], [118.9, 42.3 + 1.01 * step]]),
                         ground)  # fmt: skip
    assert near is None
    assert "约 5" in str(far)
    none = np.empty(0, dtype=object)
    (home, abroad) = far_away(shapely.points([[118.9, 42.3], [18.96, 42.265]]), none)
    assert home is None
    assert "不在中国" in str(abroad)


def test_a_place_in_europe_is_refused_and_nothing_is_kept(study: Path) -> None:
    with pytest.raises(StudyError, match="公里"):
        place_by_hand(study, "facilities", "f2", 18.96, 42.265)
    assert not hand_file(study).exists()


def test_a_row_is_placed_and_taken_back_by_its_name(study: Path) -> None:
    lon, lat = here(study)
    said = run("place", study, "facilities", "甲站", "--at", f"{lon + 0.01:.6f},{lat:.6f}")
    assert "（f1）" in said
    # 0.01° at 42.3 N: 1113.2 m · cos 42.3° = 823 m, 825 m on the ellipsoid.
    assert "台账里原有坐标，改放后相距 82" in said
    place = place_by_hand(study, "facilities", "乙站", lon, lat)
    assert (place.id, metres_moved(rows_and_ground(study, "facilities")[0], place)) == ("f2", None)
    assert "已撤销设施“f1”的位置" in run("place", study, "facilities", "甲站", "--undo")


def test_a_name_of_two_rows_is_asked_back_with_their_ids(tmp_path: Path) -> None:
    rows = [facility("f1", spot(0, 0), name="甲站"), facility("f2", None, name="甲站")]
    path = write_study(toy_study(tmp_path, facilities=rows), tmp_path)
    with pytest.raises(StudyError, match="f1、f2"):
        place_by_hand(path, "facilities", "甲站", *here(path))
    with pytest.raises(StudyError, match="--list"):
        place_by_hand(path, "facilities", "丁站", *here(path))


def test_a_row_of_an_address_table_far_away_is_told_and_not_used(study: Path) -> None:
    with_table(study)
    lon, lat = here(study)
    (study.parent / "地址表.csv").write_text(
        f"编号,名称,经度,纬度\nf2,乙站,118.9,30.0\nf3,丙站,{lon},{lat}\n", encoding="utf-8"
    )
    read = load_study(study)
    assert [*unplaced(read)["id"]] == ["f2"]
    (told,) = [finding for finding in places_told(read) if "公里" in str(finding.message)]
    assert (told.file, told.row, told.value) == ("地址表.csv", 2, "乙站")
    findings = report_on_study_file(study).findings
    assert [f.row for f in findings if "公里" in str(f.message)] == [2]


def test_a_table_that_is_not_there_yet_is_a_warning(study: Path) -> None:
    with_table(study)
    read = load_study(study)
    assert [*unplaced(read)["id"]] == ["f2", "f3"]
    (told,) = places_told(read)
    assert (told.severity, told.file) == ("warning", "地址表.csv")
    assert [f.severity for f in report_on_study_file(study).findings
            if f.file == "地址表.csv"] == ["warning"]  # fmt: skip
    run("match", study)
    run("place", study, "--out", study.parent / "地址表.csv")
    assert (study.parent / "地址表.csv").is_file()
    assert "设施：2 行没有位置" in run("place", study)  # written, not filled in yet
