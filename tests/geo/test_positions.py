"""Coordinates brought home or refused: zones, swaps, old systems, each with what to write."""

import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from geo.errors import CoordinateError
from geo.findings import Finding
from geo.ledgers.numbers import Cells
from geo.position.coordinates import parse_crs, require_trusted, spoken, wgs84_to_gcj02
from geo.position.positions import to_wgs84

CHIFENG = (118.80, 42.15, 119.05, 42.35)
LON, LAT = np.array([118.90, 118.95, 119.00]), np.array([42.20, 42.26, 42.28])
HOME = shapely.points(LON, LAT)


def cells(count: int) -> Cells:
    names = np.array([f"点{n}" for n in range(count)], dtype=object)
    return Cells(names, np.arange(2, 2 + count), "", "facilities", "设施.csv")


def placed(
    x: np.ndarray, y: np.ndarray, *, declared: int | None = None, said: str | None = None,
    near: tuple[float, float, float, float] | None = None,
) -> tuple[np.ndarray, list[Finding]]:
    crs = None if declared is None else CRS.from_epsg(declared)
    return to_wgs84(
        shapely.points(x, y), cells(len(x)), declared=crs, coordinates=said, near=near
    )


def metres(epsg: int, lon: np.ndarray = LON, lat: np.ndarray = LAT) -> tuple[np.ndarray, ...]:
    return Transformer.from_crs(4326, epsg, always_xy=True).transform(lon, lat)


def refused(*args: object, **options: object) -> str:
    with pytest.raises(CoordinateError) as refusal:
        placed(*args, **options)
    return str(refusal.value)


def told(findings: list[Finding], part: str) -> list[Finding]:
    return [finding for finding in findings if part in str(finding.line())]


def at_home(geometry: np.ndarray) -> bool:
    return bool((shapely.distance(geometry, HOME) < 1e-8).all())


# Metres without a name.


def test_the_study_names_the_zone() -> None:
    assert 'coordinates = "EPSG:4549"' in refused(*metres(4549), near=CHIFENG)
    alone = refused(*metres(4549))
    assert "EPSG:4534-4554" in alone
    assert "EPSG:4528" in refused(*metres(4528))
    assert at_home(placed(*metres(4549), said="EPSG:4549")[0])


def test_what_the_refusal_says_to_write_is_what_works() -> None:
    for epsg in (4549, 4528, 4501, 3857):
        x, y = metres(epsg)
        if epsg == 4501:
            x, y = metres(4501 - 3)  # zone 20, meridian 117
        for first, second in ((x, y), (y, x)):
            if epsg == 3857 and first is y:
                continue
            said = refused(first, second, near=CHIFENG).split('coordinates = "')[1].split('"')[0]
            assert at_home(placed(first, second, said=said)[0])


def test_northing_first_is_told() -> None:
    east, north = metres(4549)
    said = refused(north, east, near=CHIFENG)
    assert "北坐标写在了前面" in said
    assert 'coordinates = "EPSG:4549 yx"' in said
    assert 'coordinates = "EPSG:4549 yx"' in refused(north, east, said="EPSG:4549")
    assert at_home(placed(north, east, said="EPSG:4549 yx")[0])


def test_one_row_with_northing_first_is_unknown() -> None:
    east, north = metres(4549)
    east[1], north[1] = north[1], east[1]
    geometry, findings = placed(east, north, said="EPSG:4549")
    assert shapely.is_missing(geometry).tolist() == [False, True, False]
    assert [f.row for f in told(findings, "颠倒")] == [3]


def test_a_city_grid_is_refused_as_one() -> None:
    grid = refused(np.array([23_400.0, 25_100.0]), np.array([18_200.0, 17_700.0]))
    assert "独立" in grid
    with pytest.raises(CoordinateError, match="独立"):
        require_trusted(CRS.from_wkt('LOCAL_CS["城建坐标",UNIT["metre",1]]'))


# Several zones in one file.


def test_rows_go_by_their_own_prefix() -> None:
    east, north = metres(4528)
    other = metres(4527, LON[:1], LAT[:1])
    x, y = np.r_[other[0], east[1:]], np.r_[other[1], north[1:]]
    for said in ("EPSG:4528", "EPSG:4527", "cgcs2000", "EPSG:4549"):
        geometry, findings = placed(x, y, said=said)
        assert at_home(geometry)
        (finding,) = told(findings, "带号")
        assert finding.severity == "warning"
        assert "39 带（EPSG:4527）1 行" in str(finding.message)
    assert "40 带（EPSG:4528）2 行" in str(told(placed(x, y, said="cgcs2000")[1], "带")[0].message)
    assert 'coordinates = "cgcs2000"' in refused(x, y)


def test_some_rows_without_prefix_are_refused_or_unknown() -> None:
    east, north = metres(4528)
    east[2] -= 40e6
    for said in (None, "cgcs2000"):
        refusal = refused(east, north, said=said)
        assert "40 带（EPSG:4528）2 行" in refusal
        assert "没有带号 1 行" in refusal
        assert "第 4 行没有" in refusal
    geometry, findings = placed(east, north, said="EPSG:4528")
    assert shapely.is_missing(geometry).tolist() == [False, False, True]
    assert [f.row for f in told(findings, "没有带号")] == [4]
    # Without prefix the CRS says the meridian, with it the row does.
    assert at_home(placed(east, north, said="EPSG:4549")[0])


def test_the_prefix_of_another_meridian_is_refused() -> None:
    assert 'coordinates = "EPSG:4527"' in refused(*metres(4527), said="EPSG:4549")
    assert 'coordinates = "EPSG:4549"' in refused(*metres(4549), said="EPSG:4528")
    geometry, findings = placed(*metres(4528), said="EPSG:4549")
    assert at_home(geometry)
    assert told(findings, "带号")


def test_the_wrong_zone_is_told_by_the_study() -> None:
    _, findings = placed(*metres(4549), said="EPSG:4548", near=CHIFENG)
    (finding,) = told(findings, "研究范围")
    assert "EPSG:4549" in str(finding.line())
    assert not told(placed(*metres(4549), said="EPSG:4549", near=CHIFENG)[1], "研究范围")


# Degrees.


def test_swapped_degrees_are_refused_with_what_to_write() -> None:
    assert 'coordinates = "wgs84 yx"' in refused(LAT, LON)
    assert 'coordinates = "gcj02 yx"' in refused(LAT, LON, said="gcj02")
    assert at_home(placed(LAT, LON, said="wgs84 yx")[0])
    there = wgs84_to_gcj02(LON, LAT)
    assert at_home(placed(there[1], there[0], said="gcj02 yx")[0])


def test_west_of_ninety_degrees_a_swap_is_seen_too() -> None:
    lon, lat = np.array([87.60, 87.61]), np.array([43.80, 43.81])  # Urumqi
    assert "颠倒" in refused(lat, lon)
    geometry, findings = placed(np.r_[lon, 43.82], np.r_[lat, 87.62])
    assert shapely.is_missing(geometry).tolist() == [False, False, True]
    assert [f.row for f in told(findings, "颠倒")] == [4]
    porto = (-51.3, -30.1, -51.1, -29.9)
    assert "颠倒" in refused(np.array([-30.0]), np.array([-51.2]), near=porto)
    assert not told(placed(np.array([-51.2]), np.array([-30.0]), near=porto)[1], "颠倒")


def test_a_place_without_coordinates_hides_no_swap() -> None:
    assert "颠倒" in refused(np.r_[LAT, 0.0], np.r_[LON, 0.0])


def test_degrees_under_a_name_of_metres_are_refused() -> None:
    refusal = refused(LON, LAT, declared=4549)
    assert "像是度" in refusal
    assert 'coordinates = "wgs84"' in refusal


def test_shifted_web_mercator_comes_home() -> None:
    there = metres(3857, *wgs84_to_gcj02(LON, LAT))
    assert at_home(placed(*there, declared=3857, said="gcj02")[0])


# Names.


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("GCJ-02", "gcj02"), ("gcj02", "gcj02"), ("火星坐标", "gcj02"), ("BD-09", "bd09"),
        ("WGS 84", "wgs84"), ("CGCS2000", "cgcs2000"), ("2000国家大地坐标系", "cgcs2000"),
        ("EPSG:4549", "epsg:4549"),
    ],
)
def test_systems_have_several_spellings(text: str, word: str) -> None:
    assert spoken(text) == (word, False)
    assert spoken(f"{text} yx") == (word, True)


GEOGCS = (
    'GEOGCS["{name}",DATUM["{datum}",SPHEROID["{ball}",{axis},{flat}]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]]'
)
PROJCS = (
    'PROJCS["{title}",{degrees},PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],'
    'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
XIAN = {"ball": "Xian_1980", "axis": "6378140.0", "flat": "298.257"}
KRASSOVSKY = {"ball": "Krasovsky_1940", "axis": "6378245.0", "flat": "298.3"}


@pytest.mark.parametrize(
    ("title", "name", "datum", "ball", "reason"),
    [
        ("Xian_1980_3_Degree_GK_CM_120E", "GCS_Xian_1980", "D_Xian_1980", XIAN, "Xian 1980"),
        ("Xian_1980_3_Degree_GK_Zone_40", "GCS_Xian_1980", "D_Xian_1980", XIAN, "Xian 1980"),
        ("某市坐标", "GCS_Unknown", "D_Unknown", XIAN, "Xian 1980"),
        ("西安80_120", "GCS_Assumed", "D_Assumed", XIAN, "Xian 1980"),
        ("Beijing_1954_3_Degree_GK_CM_120E", "GCS_Beijing_1954", "D_Beijing_1954", KRASSOVSKY,
         "Beijing 1954"),
        ("New_Beijing_3_Degree_Gauss_Kruger_CM_120E", "GCS_New_Beijing", "D_New_Beijing",
         KRASSOVSKY, "New Beijing"),
        ("unnamed", "GCS_Krasovsky_1940", "D_Krasovsky_1940", KRASSOVSKY, "Beijing 1954"),
        ("unnamed", "Unknown datum", "Not_specified_based_on_Krassowsky_1940_ellipsoid",
         KRASSOVSKY, "Beijing 1954"),
    ],
)  # fmt: skip
def test_old_systems_are_known_by_name_or_ellipsoid(
    title: str, name: str, datum: str, ball: dict[str, str], reason: str
) -> None:
    degrees = GEOGCS.format(name=name, datum=datum, **ball)
    for text in (degrees, PROJCS.format(title=title, degrees=degrees)):
        with pytest.raises(CoordinateError, match=reason):
            require_trusted(CRS.from_wkt(text))


def test_an_order_nobody_heeds_is_refused() -> None:
    with pytest.raises(CoordinateError, match="EPSG:4549 yx"):
        parse_crs("EPSG:4549 yx")  # of streets, or of a study


@pytest.mark.parametrize("text", ["北京54", "西安80", "Xian 1980", "beijing54", "EPSG:4555"])
def test_old_systems_are_refused_by_what_users_call_them(text: str) -> None:
    with pytest.raises(CoordinateError, match="精度"):
        parse_crs(text)


@pytest.mark.parametrize("epsg", [4284, 4179, 4326, 4490, 4528, 4549, 3857, 32650, 32722, 3414])
def test_systems_of_others_are_not_taken_for_the_old_ones(epsg: int) -> None:
    assert require_trusted(CRS.from_epsg(epsg)).to_epsg() == epsg


def test_an_esri_zone_of_cgcs2000_is_trusted() -> None:
    degrees = GEOGCS.format(
        name="GCS_China_Geodetic_Coordinate_System_2000", datum="D_China_2000", ball="CGCS2000",
        axis="6378137.0", flat="298.257222101",
    )
    crs = CRS.from_wkt(PROJCS.format(title="CGCS2000_3_Degree_GK_CM_120E", degrees=degrees))
    x, y = metres(4528)
    geometry, findings = to_wgs84(
        shapely.points(x, y), cells(3), declared=crs, coordinates=None
    )
    assert at_home(geometry)
    assert told(findings, "带号")
