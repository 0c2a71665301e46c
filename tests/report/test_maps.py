"""Maps on paper: every word has its glyph, every figure stands on the sheet, the scale holds."""

import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import which
from subprocess import run

import geopandas as gpd
import numpy as np
import pytest
import shapely
from fontTools.ttLib import TTFont
from matplotlib.ft2font import FT2Font
from PIL import Image
from pyproj import CRS
from scipy.ndimage import label
from shapely import Point, box

from analysis.evaluation import Evaluation
from geo.language import say, speaking
from report.briefing.content import Briefing, Drawn, MapSheet
from report.briefing.method import review_line
from report.maps.atlas import atlas, write_maps
from report.maps.letters import BOX, FAMILY, FONT, drawable, width_mm, without_glyph, wrapped
from report.maps.north import bar_m, central_meridian, degrees_to_true_north
from report.maps.page import Page, Pen, area_paths
from report.maps.paper import A4, Box
from report.maps.placing_names import Name, place_names
from report.maps.sheet import as_pdf, as_png, bounds_of, draw_sheet, picture
from report.maps.signs import signs_in
from report.maps.window import Window, denominator, rounded_up, window_on
from report.palette import MINUTES
from tests.report.on_paper import said
from tests.ui.toy import toy_evaluation

RARE = "𠮷㙍䶮𬭚〇"
needs_poppler = pytest.mark.skipif(which("pdftotext") is None, reason="needs poppler")


@pytest.fixture(scope="module")
def toy() -> Evaluation:
    return toy_evaluation()


def close(text: object) -> str:
    return re.sub(r"\s", "", str(text))


# --- letters


def known_letters() -> set[int]:
    """Return the characters of the bundled font, read by another library than draws it."""
    with TTFont(FONT) as font:
        return set(font.getBestCmap())


def test_no_glyph_is_missing_for_words_and_names_of_the_project(
    briefing: Briefing, drawn: dict[str, Page]
) -> None:
    known = known_letters()
    words = [word for page in drawn.values() for word in page.words]
    for layer in briefing.evaluation.study.layers.values():
        if "name" in layer:
            words += layer["name"].dropna().astype(str).tolist()
    for code in Path("report").rglob("*.py"):
        words.append(code.read_text(encoding="utf-8"))
    words.append(Path("locales/en/LC_MESSAGES/carecircle.po").read_text(encoding="utf-8"))
    missing = {letter for word in words for letter in word if ord(letter) not in known}
    assert {letter for letter in missing if letter.isprintable()} <= {"\ufffd"}  # looked for only


def test_the_font_holds_gbk_and_rare_characters() -> None:
    known = known_letters()
    pairs = (bytes([lead, trail]) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF))
    decoded = {pair.decode("gbk", "ignore") for pair in pairs}
    wanted = {ord(text) for text in decoded if len(text) == 1 and text > "\x7f"}
    wanted -= set(range(0xE000, 0xF900))  # for private use
    assert len(wanted) > 21_000
    assert wanted - known == {ord("≒")}  # which the original's face has not either
    assert {ord(letter) for letter in RARE} <= known
    assert FONT.stat().st_size < 10_000_000
    assert "SIL OPEN FONT LICENSE" in (FONT.parent / "OFL.txt").read_text(encoding="utf-8")
    assert FT2Font(str(FONT)).family_name == FAMILY


def test_what_has_no_glyph_is_a_box_and_told() -> None:
    nowhere = "\U000f1234"  # for private use: no font knows it
    assert drawable(f"甲{nowhere}乙") == f"甲{BOX}乙"
    assert without_glyph([f"甲{nowhere}乙", RARE]) == (nowhere,)
    assert drawable("甲\u202e乙\x07丙\n丁") == "甲·乙·丙·丁"  # what nobody sees has a dot


def test_lines_break_between_han_characters_and_keep_figures_whole() -> None:
    text = "可达人数由104,544人增至113,826人（分母152,560人）。"
    lines = wrapped(text, size_pt=10, within_mm=30)
    assert "".join(lines) == text
    assert all(width_mm(line, 10) <= 30 for line in lines)
    assert any("104,544人" in line for line in lines)
    assert not any(line[0] in "，。）" for line in lines)
    assert wrapped("字" * 30, size_pt=10, within_mm=20, most=2)[1].endswith("…")
    assert width_mm("赤峰", 72) == pytest.approx(2 * 25.4)  # a Han character is as wide as high


# --- scale and north


def test_the_scale_is_what_is_printed() -> None:
    window = window_on((0, 0, 11_000, 7_800), Box(10, 10, 316, 240), scale=35_000)
    placed = window.place([(5_500, 3_900), (6_550, 3_900)])
    assert placed[0] == pytest.approx((168, 130))  # the middle of the ground, of the box
    assert placed[1, 0] - placed[0, 0] == pytest.approx(30)  # 1,050 m are 30 mm at 1:35,000
    assert denominator((0, 0, 11_000, 7_800), Box(0, 0, 316, 240)) == pytest.approx(34_810, abs=1)
    assert [rounded_up(x) for x in (34_810, 35_000, 35_001, 99, 9_100)] == [
        35_000, 35_000, 40_000, 100, 10_000,
    ]  # fmt: skip
    assert [bar_m(x) for x in (999, 1_000, 4_900, 12)] == [500, 1_000, 2_000, 10]
    assert window.metres(placed) == pytest.approx(np.array([(5_500, 3_900), (6_550, 3_900)]))


def test_true_north_turns_as_the_meridians_converge() -> None:
    crs = CRS.from_epsg(4549)
    assert central_meridian(crs) == 120
    # By hand: the angle is (120° - longitude) x sin(latitude); chifeng lies west of the meridian.
    spot = gpd.GeoSeries([Point(118.93, 42.27)], crs="EPSG:4326").to_crs(crs).iloc[0]
    by_hand = (120 - 118.93) * np.sin(np.deg2rad(42.27))
    assert degrees_to_true_north(crs, spot.x, spot.y) == pytest.approx(by_hand, abs=0.002)
    assert degrees_to_true_north(crs, 500_000, spot.y) == pytest.approx(0, abs=1e-6)


def test_the_bar_and_the_ground_agree_in_the_picture(toy: Evaluation) -> None:
    """Measure an estate of 300 m in the pixels of a sheet, against the scale that it prints."""
    page = draw_sheet(MapSheet("coverage", Drawn.COVERAGE, "图", toy), papers=(A4,))
    (printed,) = re.findall(r"比例尺1:([\d,]+)", said(page))
    scale = int(printed.replace(",", ""))
    image = np.asarray(Image.open(io.BytesIO(as_png(page, dpi=127))).convert("RGB")).astype(int)
    fill = np.array([*bytes.fromhex(MINUTES["over_30"].fill[1:])])  # one estate of the toy city
    parts, _ = label((np.abs(image - fill) < 3).all(axis=2))
    largest = np.bincount(parts.ravel())[1:].argmax() + 1  # the legend has a small one
    _, columns = np.nonzero(parts == largest)
    wide_mm = (columns.max() - columns.min() + 1) / 127 * 25.4
    assert wide_mm * scale / 1000 == pytest.approx(300, rel=0.02)


# --- sheets


def test_sheets_say_what_the_briefing_says(briefing: Briefing, drawn: dict[str, Page]) -> None:
    for key, page in drawn.items():
        text, sheet = said(page), briefing.maps[key]
        for sentence in (sheet.title, *sheet.told, briefing.notice, *briefing.sources):
            assert close(sentence) in text, (key, str(sentence))
        assert "EPSG:4549" in text
        assert "中央经线120°" in text
        assert "坐标北" in text
        assert "资料时点：2025-12-31" in text
        assert "养老服务圈CareCircle" in text
        assert re.search(r"比例尺1:\d", text)
        assert "没有排下" not in text  # every legend is whole
        assert "审图号" not in text  # the source of these boundaries says nothing of it
    assert all(close(name) in said(drawn["sites"]) for name in briefing.maps["sites"].spots["name"])


def test_circles_are_the_table_of_communities(briefing: Briefing, drawn: dict[str, Page]) -> None:
    table = briefing.tables["communities"].rows
    told = [f"{people:,.0f}" for people in table["uncovered_60plus"].head(10)]
    assert set(told) <= set(drawn["gaps"].words)


def test_facilities_in_sight_are_those_of_the_layer(briefing: Briefing) -> None:
    evaluation = briefing.evaluation
    west, south, east, north = bounds_of(briefing.maps["standing"])
    window = window_on((west, south, east, north), Box(0, 0, 320, 240), scale=35_000)
    signs = signs_in(window, evaluation)
    layer = evaluation.study.layers["facilities"]
    seen = layer.geometry.within(box(*window.bounds))
    assert sorted(signs.table["name"]) == sorted(layer.loc[seen, "name"])
    assert signs.outside == int((~seen).sum())
    counted = layer.loc[layer["id"].isin(evaluation.counted) & seen]
    assert int(signs.table["counted"].sum()) == len(counted)


def test_names_do_not_collide() -> None:
    rng = np.random.default_rng(7)
    spots = rng.uniform(5, 195, (400, 2))
    names = [Name(f"第{n}养老服务站", x, y, 7, "#000", clear_mm=1.5)
             for n, (x, y) in enumerate(spots)]  # fmt: skip
    signs = np.hstack([spots - 1.1, spots + 1.1])
    placed = place_names(names, Box(0, 0, 200, 200), signs)
    assert 100 < len(placed) < 400
    boxes = [box(x - width_mm(line, 7) / 2, y - 1.2, x + width_mm(line, 7) / 2, y + 1.2)
             for one in placed for line, x, y in one.lines]  # fmt: skip
    tree = shapely.STRtree(boxes)
    first, second = tree.query(boxes, predicate="overlaps")
    of = np.repeat(np.arange(len(placed)), [len(one.lines) for one in placed])
    assert (of[first] == of[second]).all()  # only lines of one name come near each other
    hit, _ = shapely.STRtree([box(*sign) for sign in signs]).query(boxes, predicate="overlaps")
    assert not len(hit)
    again = place_names(names, Box(0, 0, 200, 200), signs)
    assert [one.lines for one in again] == [one.lines for one in placed]


def test_the_name_of_an_area_never_leaves_it() -> None:
    area = box(0, 0, 20, 20)
    name = Name("西屯街道", 10, 10, 8, "#000", area=area)
    taken = np.array([[0.0, 5.0, 20.0, 15.0]])  # only strips above and below are free
    (placed,) = place_names([name], Box(-50, -50, 200, 200), taken)
    assert area.contains(Point(placed.lines[0][1:]))
    assert not place_names([name], Box(-50, -50, 200, 200), np.array([[-9.0, -9.0, 29.0, 29.0]]))


def test_sheets_drawn_in_several_threads_are_alike(toy: Evaluation) -> None:
    sheet = MapSheet("coverage", Drawn.COVERAGE, "图", toy)
    with ThreadPoolExecutor(4) as pool:
        pictures = list(pool.map(lambda _: picture(sheet, 100, 70), range(8)))
    assert len(set(pictures)) == 1
    assert pictures[0] == picture(sheet, 100, 70)


def test_holes_stay_holes() -> None:
    ring = shapely.Polygon(box(0, 0, 100, 100).exterior, [box(40, 40, 60, 60).exterior.coords])
    window = Window(Box(0, 0, 100, 100), 0, 0, 1)
    page = Page(replace(A4, width_mm=100, height_mm=100))
    page.paint(area_paths(np.array([ring]), window), Pen(fill="#000000"))
    image = np.asarray(Image.open(io.BytesIO(as_png(page, dpi=51))).convert("L"))
    middle = len(image) // 2
    assert image[middle, middle] == 255
    assert image[middle, middle // 3] == 0


# --- hostile, empty, large


def test_hostile_names_are_letters_and_nothing_else(toy: Evaluation) -> None:
    """A name that is a formula of TeX, markup or a control character is drawn as it is written."""
    layer = toy.study.layers["facilities"].copy()
    layer["name"] = ["$\\wrong{1$", "=1+1 <b>𠮷</b>", "甲\u202e乙\x00", "很长" * 60]
    hostile = _with(toy, facilities=layer)
    sheet = MapSheet("standing", Drawn.STANDING, "图 $x$ <b>𠮷㙍䶮</b>", hostile)
    page = draw_sheet(sheet, papers=(A4,))
    assert as_png(page, dpi=60)
    assert "$\\wrong{1$" in page.words
    assert as_pdf([page], title=sheet.title, on=date(2025, 12, 31)).startswith(b"%PDF")


def _with(evaluation: Evaluation, **layers: gpd.GeoDataFrame) -> Evaluation:
    study = replace(evaluation.study, layers={**evaluation.study.layers, **layers})
    return replace(evaluation, study=study)


@pytest.mark.parametrize("kind", [Drawn.STANDING, Drawn.COVERAGE, Drawn.GAPS])
def test_nothing_at_all_still_makes_a_sheet(toy: Evaluation, kind: Drawn) -> None:
    bare = replace(toy.study, layers={})
    empty = replace(toy, study=bare, places=toy.places.head(0), provision=toy.provision.head(0),
                    homes=toy.homes.head(0), counted=())  # fmt: skip
    page = draw_sheet(MapSheet("map", kind, "空", empty), papers=(A4,))
    assert "比例尺" in said(page)
    one = _with(toy, residential=toy.study.layers["residential"].head(1))
    assert picture(MapSheet("map", kind, "一", one), 120, 80).startswith(b"\x89PNG")


def test_a_thousand_estates_and_facilities(toy: Evaluation) -> None:
    at = np.arange(1_000)
    x, y = 414_000 + 400.0 * (at % 40), 4_680_000 + 400.0 * (at // 40)
    squares = shapely.box(x, y, x + 350, y + 350)
    crs = toy.study.crs
    names = {"id": [f"r{n}" for n in at], "name": "小区"}
    estates = gpd.GeoDataFrame(names, geometry=squares, crs=crs)
    care = gpd.GeoDataFrame(
        {"id": [f"f{n}" for n in at], "name": [f"第{n}社区养老服务站" for n in at],
         "category": "community_station", "status": "operating"},
        geometry=shapely.points(x + 175, y + 175), crs=crs,
    )  # fmt: skip
    large = _with(toy, residential=estates, facilities=care)
    page = draw_sheet(MapSheet("standing", Drawn.STANDING, "千", large))
    told = re.compile(r"另有 \d+ 个名称因版面所限没有注出")
    words = [word for word in page.words if told.fullmatch(word)]
    assert len(words) == 1
    left = int(re.findall(r"\d+", words[0])[0])
    named = sum(re.fullmatch(r"第\d+社区养老服务站", word) is not None for word in page.words)
    assert 0 < left < 1_000
    assert named <= 1_000 - left


def test_what_lies_beyond_the_sheet_is_counted(toy: Evaluation) -> None:
    layer = toy.study.layers["facilities"].copy()
    layer.loc[layer.index[0], "geometry"] = Point(900_000, 4_680_000)
    page = draw_sheet(MapSheet("standing", Drawn.STANDING, "图", _with(toy, facilities=layer)))
    assert any(word.startswith("另有 1 处设施在图幅以外") for word in page.words)


def test_the_review_of_a_map_is_said_where_the_source_says_it(toy: Evaluation) -> None:
    def told(source: str) -> str:
        described = toy.study.description
        layers = {"boundaries": {"path": "a.gpkg", "source": source}}
        known = type(described).model_validate({**described.model_dump(), "layers": layers})
        line = review_line(replace(toy, study=replace(toy.study, description=known)))
        return "" if line is None else str(line)

    assert told("自然资源局，审图号：蒙S(2024)023号；2024年") == "审图号：蒙S(2024)023号"
    assert told("仅作内部参考，未经地图审核不得公开出版") == "未经地图审核，不得公开出版。"
    assert told("街道办提供") == ""


# --- files


@pytest.fixture(scope="module")
def small(briefing: Briefing) -> Briefing:
    """Give a briefing with two maps and a street, for what is made of all of them."""
    streets = [key for key in briefing.maps if key.startswith("street")][:1]
    return replace(briefing, maps={key: briefing.maps[key] for key in ("gaps", "sites", *streets)})


@pytest.fixture(scope="module")
def files(small: Briefing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Path]]:
    told: list[float] = []
    folder = tmp_path_factory.mktemp("maps")
    yield write_maps(small, folder, paper=A4, progress=lambda _what, part: told.append(part))
    assert told == sorted(told)
    assert told[-1] == 1


def test_files_are_named_and_as_large_as_their_paper(files: list[Path]) -> None:
    assert [path.name for path in files] == [
        "图01_缺口.png", "图01_缺口.pdf", "图02_建议.png", "图02_建议.pdf", "图集.pdf",
    ]  # fmt: skip
    with Image.open(files[0]) as image:
        assert {round(side / 300 * 25.4) for side in image.size} == {297, 210}
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)


@needs_poppler
def test_the_atlas_has_contents_and_a_page_a_street(files: list[Path], small: Briefing) -> None:
    about = run(["pdfinfo", files[-1]], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607
    assert re.search(r"Pages: +4\n", about)
    assert "Dec 31" in about  # the study's date, not today's
    pages = run(["pdftotext", "-layout", files[-1], "-"], capture_output=True, text=True,  # noqa: S603, S607
                check=True).stdout.split("\f")  # fmt: skip
    titles = [str(sheet.title) for sheet in small.maps.values()]
    for number, title in enumerate(titles, start=2):
        assert title in pages[0]
        assert title in pages[number - 1]
        assert f"第 {number} 页，共 4 页" in pages[number - 1]
        assert re.search(rf"{re.escape(title)}\s+{number}\b", pages[0])


def test_the_same_study_gives_the_same_bytes(small: Briefing, files: list[Path], tmp_path: Path
                                             ) -> None:  # fmt: skip
    again = atlas(small, tmp_path / "again.pdf", paper=A4)
    assert again.read_bytes() == files[-1].read_bytes()
    sheet = small.maps["gaps"]
    assert picture(sheet, 150, 100) == picture(sheet, 150, 100)


def test_a_picture_fits_its_place(small: Briefing) -> None:
    with Image.open(io.BytesIO(picture(small.maps["sites"], 160, 110))) as image:
        assert image.size == pytest.approx((160 / 25.4 * 200, 110 / 25.4 * 200), abs=1)


def test_sheets_speak_english_too(toy: Evaluation) -> None:
    with speaking("en"):
        page = draw_sheet(MapSheet("coverage", Drawn.COVERAGE, say("图例"), toy), papers=(A4,))
        assert as_png(page, dpi=40)


