"""Places that were sent in and cannot be used: exchanged degrees, bad rows of a table."""

from pathlib import Path

import pytest

from analysis.placing.by_hand import hand_file, place_by_hand
from analysis.placing.unplaced import places_told, unplaced
from analysis.study import load_study
from geo.errors import StudyError
from tests.analysis.toy_study import area, box, facility, spot, toy_study, write_study


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Give a study of two facilities near 118.9, 42.3, one without a place."""
    rows = [facility("f1", spot(0, 0)), facility("f2", None, address="东街1号")]
    return write_study(toy_study(tmp_path, facilities=rows), tmp_path)


def here(study: Path) -> tuple[float, float]:
    point = load_study(study).layers["facilities"].to_crs(4326).geometry.iloc[0]
    return point.x, point.y


def test_exchanged_degrees_are_refused_in_plain_words(study: Path) -> None:
    lon, lat = here(study)
    with pytest.raises(StudyError) as refusal:
        place_by_hand(study, "facilities", "f2", round(lat, 3), round(lon, 3))
    line = str(refusal.value.messages[0])
    assert "经度、纬度像是写反了" in line
    assert f"{lon:g}"[:5] in line
    assert not hand_file(study).exists()
    assert place_by_hand(study, "facilities", "f2", lon, lat).id == "f2"


@pytest.mark.parametrize(("lon", "lat"), [(118.9, 142.0), (300.0, 42.0), (-181.0, 10.0)])
def test_what_is_no_degree_is_refused_in_plain_words(study: Path, lon: float, lat: float) -> None:
    with pytest.raises(StudyError, match="不是经纬度"):
        place_by_hand(study, "facilities", "f2", lon, lat)


def test_exchanged_degrees_inside_the_globe_are_seen_by_the_other_rows(tmp_path: Path) -> None:
    # 42.3 E, 18.9 N is a place on the globe, but no other row is near it.
    drawn = toy_study(tmp_path, facilities=[facility("f1", spot(0, 0)), facility("f2", None)])
    path = write_study(drawn, tmp_path)
    frame = drawn.layers["facilities"].set_geometry([None, None], crs=drawn.crs)
    with pytest.raises(StudyError, match="写反"):
        place_by_hand(path, "facilities", "f2", 42.3, 88.0, rows=frame)


def test_a_bad_row_of_an_address_table_is_told_beside_the_rows_without_a_place(
    study: Path,
) -> None:
    lon, lat = here(study)
    rows = ("编号,名称,经度,纬度", f"f2,care f2,abc,{lat}", "f9,没填的,,", "f8,也没填,,",
            f"f7,好的,{lon},{lat}", "")  # fmt: skip
    table = "\n".join(rows)
    (study.parent / "地址.csv").write_text(table, encoding="utf-8")
    text = study.read_text(encoding="utf-8").replace(
        'path = "facilities.gpkg"',
        'path = "facilities.gpkg", places = "地址.csv", places_coordinates = "wgs84"',
    )
    study.write_text(text, encoding="utf-8")
    read = load_study(study)
    told = places_told(read)
    assert {finding.row for finding in told} == {2}
    # Rows that nobody has filled in yet are told once, not one by one.
    empty = [str(f.message) for f in read.findings if "还没有填" in str(f.message)]
    assert empty == ["2 行还没有填经度和纬度，没有用到。"]


def test_a_community_waits_for_its_name_and_is_not_asked_where_it_is(tmp_path: Path) -> None:
    people = [
        {"id": "p1", "population": 9.0, "geometry": None, "name": "新社区"},
        {"id": "p2", "population": 9.0, "geometry": None, "name": None},
        {"id": "p3", "population": 9.0, "geometry": spot(5, 5), "name": "甲"},
    ]
    areas = [area("c1", "community", box(0, 0, 50, 50), name="老社区")]
    rows = unplaced(toy_study(tmp_path, population=people, boundaries=areas))
    assert [*zip(rows["id"], rows["effect"], strict=True)] == [
        ("p1", "by_name"), ("p2", "unlocated"),
    ]  # fmt: skip
    bare = unplaced(toy_study(tmp_path, population=people))
    assert [*bare["effect"]] == ["unlocated", "unlocated"]
