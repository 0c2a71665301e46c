"""What each sheet is to prove: what is proposed, who is left out, what a street has."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from matplotlib.colors import to_hex
from shapely import box

from analysis.evaluation import evaluate
from analysis.scenario import Scenario, apply
from analysis.walking.around import isochrone_around
from report.areas import area_of
from report.briefing.content import MAP_MM, Briefing
from report.coverage_classes import counted_classes, coverage_classes
from report.maps.contents import Entry, draw_contents
from report.maps.estate_classes import estates_of
from report.maps.ground import served_by
from report.maps.labels import label
from report.maps.page import Page
from report.maps.paper import A4, Box
from report.maps.placing_names import Name, place_names
from report.maps.proposed import spots_of
from report.maps.sheet import draw_sheet, picture_page
from report.maps.street_sheet import sites_that_serve
from report.ordering import Order, fulfil
from report.palette import REACH
from tests.analysis.toy_study import write_study
from tests.analysis.what_if_city import ESTATES, city, full_city
from tests.report.on_paper import said


def test_what_the_proposal_covers_anew_is_all_that_is_dark(
    briefing: Briefing, drawn: dict[str, Page]
) -> None:
    """Classes by the rule of the tables: 404 estates are covered as it stands, 431 afterwards."""
    sheet = briefing.maps["sites"]
    assert sheet.after is not None
    classes = coverage_classes(sheet.evaluation, sheet.after)
    counts = classes.value_counts().to_dict()
    covered = [each.evaluation.summary["coverage"]["covered_areas"]
               for each in (sheet, replace(sheet, evaluation=sheet.after))]  # fmt: skip
    assert counts["covered"] + counts.get("lost", 0) == covered[0]
    assert counts["covered"] + counts["gained"] == covered[1]
    assert sum(counts.values()) == 600
    text = said(drawn["sites"])
    for word in ("现状已覆盖", "建设后新增覆盖", "仍未覆盖", "建议设施15分钟步行范围"):
        assert word in text
    assert "5分钟步行范围" not in text.replace("15分钟步行范围", "")
    dark = REACH["gained"].fill
    areas = [each for each in drawn["sites"].axes.collections if 2 <= each.get_zorder() < 3]
    colours = [np.asarray(each.get_facecolor()) for each in areas]
    fills = {to_hex(tuple(colour[0].tolist())) for colour in colours if len(colour)}
    lightness = {fill: sum(bytes.fromhex(fill[1:])) for fill in fills}
    assert min(lightness, key=lambda fill: lightness[fill]) == dark


def test_both_maps_of_the_proposal_count_as_the_summaries_do(
    briefing: Briefing, drawn: dict[str, Page]
) -> None:
    """The same rule and the same numbers on either: 404 before, 27 more, 169 of 196 still left."""
    for key in ("sites", "change"):
        sheet = briefing.maps[key]
        assert sheet.after is not None
        before, after = (each.summary["coverage"] for each in (sheet.evaluation, sheet.after))
        text = said(drawn[key])
        for line in (
            "小区（15分钟内过半走得到算覆盖）",
            f"现状已覆盖 {before['covered_areas']} 个",
            f"建设后新增覆盖 {after['covered_areas'] - before['covered_areas']} 个",
            f"仍未覆盖 {after['areas'] - after['covered_areas']} 个",
            f"建设前未覆盖 {before['areas'] - before['covered_areas']} 个",
        ):  # fmt: skip
            assert line.replace(" ", "") in text


def test_a_small_legend_holds_rule_and_counts_within_its_panel(briefing: Briefing) -> None:
    """On the picture of a slide too, and no word of it lies on the map above."""
    page = picture_page(briefing.maps["change"], *MAP_MM)
    text = said(page)
    for line in ("小区（过半走得到算覆盖）", "现状已覆盖404个", "建设后新增覆盖27个",
                 "仍未覆盖169个"):  # fmt: skip
        assert line in text
    legend = next(each for each in page.axes.texts if each.get_text() == "图例")
    blank = [each for each in page.axes.texts if "没有居住用地" in each.get_text()]
    assert blank
    assert all(each.get_position()[1] <= legend.get_position()[1] for each in blank)


def test_an_estate_that_a_proposal_loses_is_counted_before_and_named(tmp_path: Path) -> None:
    """f2 is closed: r2 beside it is lost; it is one of those covered before."""
    study = full_city(tmp_path)
    now = evaluate(study, draw="when asked")
    after = evaluate(apply(Scenario(close=("f2",)), study), draw="when asked")
    classes = coverage_classes(now, after)
    count = classes.value_counts()
    told = {code: str(each) for code, each in counted_classes(classes, now).items()}
    covered = now.summary["coverage"]["covered_areas"]
    assert count["lost"] == covered - after.summary["coverage"]["covered_areas"] > 0
    assert told["lost"] == f"其中建设后不再覆盖 {count['lost']} 个"
    assert count.get("covered", 0) + count["lost"] == covered


def test_a_street_tells_its_own_part_of_a_gain(briefing: Briefing) -> None:
    """Site 2 gains 2,688 in two streets; over all streets the parts of a site are its gain."""
    sheets = [sheet for key, sheet in briefing.maps.items() if key.startswith("street")]
    songzhou = next(each for each in sheets if "松州街道" in str(each.title))
    assert songzhou.spots is not None
    second = songzhou.spots.iloc[1]
    assert (second["gain_60plus"], second["gain_here"]) == (2688, 1952)
    here = sum(np.array(each.spots["gain_here"]) for each in sheets if each.spots is not None)
    assert list(here) == songzhou.spots["gain_60plus"].tolist()
    text = said(draw_sheet(songzhou))
    assert "2,688（本街道1,952）" in text
    assert "其中过半的7个已计入覆盖" in text  # 20 are covered, 13 of them throughout
    assert "2,319㎡（不达标的23个小区之和）" in text


def test_the_ground_of_the_sites_is_that_of_each_alone(briefing: Briefing) -> None:
    sheet = briefing.maps["sites"]
    assert sheet.after is not None
    assert sheet.spots is not None
    ground = served_by(sheet.after, spots_of(sheet, sheet.after))
    spot = sheet.spots.geometry.iloc[0]
    alone = isochrone_around(sheet.evaluation.study, spot.x, spot.y, minutes=[15])
    one = alone.to_crs(sheet.evaluation.study.crs).geometry.iloc[0]
    assert one.difference(ground).area < 1
    assert all(shapely.intersects(ground, shapely.points(spots_of(sheet, sheet.after))))


def test_figures_of_circles_can_be_read(briefing: Briefing, drawn: dict[str, Page]) -> None:
    """On A3 no smaller than 8 points, in a document no smaller than 7; so is every name."""
    def sizes(page: Page, figures: set[str]) -> list[float]:
        return [float(text.get_fontsize()) for text in page.axes.texts
                if text.get_text() in figures]  # fmt: skip

    people = briefing.tables["communities"].rows["uncovered_60plus"]
    printed = sizes(drawn["gaps"], {f"{each:,.0f}" for each in people})
    assert len(printed) > 100
    assert min(printed) >= 8
    for key in ("standing", "coverage", "gaps", "sites", "change"):
        page = picture_page(briefing.maps[key], *MAP_MM)
        assert min(float(text.get_fontsize()) for text in page.axes.texts) >= 6.99, key
        assert "没有排下" not in said(page), key
        assert "内部使用，未经地图审核" in said(page), key


def test_simulated_is_said_by_the_badge_and_in_tables_but_not_at_every_place(
    briefing: Briefing, drawn: dict[str, Page]
) -> None:
    assert not [word for word in drawn["standing"].words if word.endswith("(模拟)")]
    assert "全宁街道闲置商业30号(模拟)" in said(drawn["sites"])  # in the table of the sheet
    study = briefing.evaluation.study
    assert label(study, "永巨街道第2社区(模拟)") == "永巨街道第2社区"
    assert label(study, "英金河、锡伯河(模拟走向)") == "英金河、锡伯河"
    assert label(study, "(模拟)") == "(模拟)"
    real = replace(study, description=study.description.model_copy(update={"notice": ""}))
    assert label(real, "永巨街道第2社区(模拟)") == "永巨街道第2社区(模拟)"


def test_every_sheet_names_its_counties_waters_office_and_review(
    briefing: Briefing, drawn: dict[str, Page]
) -> None:
    for page in drawn.values():
        assert "内部使用，未经地图审核" in said(page)
    for key in ("standing", "coverage", "gaps", "sites"):
        text = said(drawn[key])
        assert "松山区" in text
        assert "红山区" in text
        assert "英金河、锡伯河" in text
        assert "空白：没有居住用地的地方" in text
    page = draw_sheet(briefing.maps["gaps"], papers=(A4,), unit="赤峰市民政局")
    assert "制图单位：赤峰市民政局" in said(page)
    assert "CareCircle" not in said(page)
    long = draw_sheet(briefing.maps["gaps"], papers=(A4,), unit="很长的单位名称" * 30)
    assert "…" in said(long)


def test_the_page_of_a_street_has_the_sites_in_it_or_serving_it(briefing: Briefing) -> None:
    titles = {str(sheet.title): sheet for sheet in briefing.maps.values()}
    sheet = titles["全宁街道养老服务圈分图"]
    assert sheet.spots is not None
    page = draw_sheet(sheet, papers=(A4, A4.turned))
    text = said(page)
    assert "全宁街道闲置商业30号" in text
    assert "建议新增设施及编号" in text
    estates = estates_of(sheet.evaluation)
    own = np.array(area_of(sheet.evaluation, estates.geometry, "street", column="id")) == sheet.area
    serving = sites_that_serve(sheet, estates, own)
    streets = sheet.evaluation.study.layers["boundaries"].set_index("id")
    spots = sheet.spots.to_crs(streets.crs)
    inside = spots.within(streets.geometry[sheet.area]).to_numpy()
    assert inside.any()
    assert serving[inside].all()
    # By another way: whom each site reaches, of this street's own estates.
    after = sheet.after
    assert after is not None
    walks = after.places.set_index("place_id").loc[estates["id"][own]]
    reached = walks.loc[walks["minutes"].le(15), "nearest_facility_id"]
    by_id = {f"s{rank}" for rank in spots["rank"][serving]}
    assert {each for each in reached if str(each).startswith("s")} <= by_id
    names = set(estates["name"][~own]) - set(estates["name"][own])
    assert not names & set(page.words)  # only this street's estates are named


def test_a_name_rather_stays_within_its_area() -> None:
    area = box(0, 0, 40, 20)
    name = Name("小区名称", 38, 10, 8, "#000", clear_mm=1, led=False, within=area)
    (placed,) = place_names([name], Box(-50, -50, 200, 200), np.empty((0, 4)))
    assert placed.lines[0][1] < 38  # to the left of its spot, where it does not cross the edge
    (free,) = place_names([replace(name, within=None)], Box(-50, -50, 200, 200), np.empty((0, 4)))
    assert free.lines[0][1] > 38
    taken = np.array([[-1.0, -1.0, 37.0, 21.0]])  # no room within: beside it all the same
    assert place_names([name], Box(-50, -50, 200, 200), taken)


def test_the_office_of_an_order_stands_on_its_maps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = write_study(city(tmp_path, residential=ESTATES), tmp_path / "files")
    made: list[Briefing] = []

    def keep(briefing: Briefing, _folder: Path, **_how: object) -> list[Path]:
        made.append(briefing)
        return []

    monkeypatch.setattr("report.ordering.write_documents", keep)
    fulfil(Order(study, count=0, maker="  某某市民政局 "), tmp_path / "out")
    fulfil(Order(study, count=0), tmp_path / "out")
    assert [each.maker for each in made] == ["某某市民政局", ""]
    entries = [Entry("图01", "覆盖", 2)]
    page = draw_contents(made[0], entries, paper=A4, turn="")
    assert "制图单位：某某市民政局" in said(page)
    assert "制图：养老服务圈CareCircle" in said(draw_contents(made[1], entries, paper=A4, turn=""))
