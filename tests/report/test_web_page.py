"""The one-file page, read back by another way than it is written."""

import base64
import dataclasses
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from pyproj import CRS

from geo.language import speaking
from report.briefing.content import Briefing, Shown
from report.briefing.making import brief
from report.briefing.material import Material
from report.estate_phases import projects_by_estate
from report.figures import percent
from report.map_layers import estates
from report.place_card import PlaceCards
from report.web_page.compact import compact
from report.web_page.page import embedded_json, write_web_page
from tests.ui.clerk import HOSTILE, MORE_HOSTILE

METRIC = CRS.from_epsg(4549)
ORIGIN = (118.9, 42.2)
MOST_BYTES = 5_000_000


class Parts(HTMLParser):
    """Collects a page's elements with their attributes, and the text of scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        self.tags.append((tag, dict(attrs)))
        self.texts.append("")

        self.open = True

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        """End it: what follows is another's."""
        self.open = False

    def handle_data(self, data: str) -> None:
        """Take the text of the element that began last."""
        if self.open:
            self.texts[-1] += data

    def of(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        """Return the attributes and text of every element of a name."""
        both = zip(self.tags, self.texts, strict=True)
        return [(attrs, text) for (name, attrs), text in both if name == tag]


def parsed(page: str) -> Parts:
    parts = Parts()
    parts.feed(page)
    return parts


def data_of(page: str) -> dict[str, Any]:
    blocks = [text for attrs, text in parsed(page).of("script") if attrs.get("id") == "data"]
    assert len(blocks) == 1
    content: dict[str, Any] = json.loads(blocks[0])
    return content


@pytest.fixture(scope="module")
def page(briefing: Briefing, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("web") / "page.html"
    write_web_page(briefing, file)
    assert file.stat().st_size < MOST_BYTES
    return file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def content(page: str) -> dict[str, Any]:
    return data_of(page)


def test_figures_sentences_and_tables_are_the_briefings(
    content: dict[str, Any], briefing: Briefing
) -> None:
    told = {figure["key"]: (figure["text"], figure["of"])
            for figure in content["stages"][0]["figures"]}  # fmt: skip
    assert told == {each.key: (each.text, "；".join(map(str, each.of)))
                    for each in briefing.figures}  # fmt: skip
    sections = {section["key"]: section["parts"] for section in content["sections"]}
    assert sections["conclusion"][0]["list"] == [str(each) for each in briefing.headline]
    assert sections["steps"][0]["list"] == [str(each) for each in briefing.steps]
    assert sections["caveats"][0]["list"] == [str(each) for each in briefing.caveats]
    for chapter in briefing.chapters:
        parts = sections[chapter.key]
        sentences = [str(part) for part in chapter.parts if not isinstance(part, Shown)]
        assert [part["text"] for part in parts if "text" in part] == sentences
        tables = [part for part in chapter.parts
                  if isinstance(part, Shown) and part.key in briefing.tables]  # fmt: skip
        assert [part["table"]["key"] for part in parts if "table" in part] == [
            *(part.key for part in tables), *(["streets"] if chapter.key == "streets" else []),
        ]


def test_cards_after_building_are_those_of_the_evaluation_after_it(
    content: dict[str, Any], material: Material
) -> None:
    """The second state has what the evaluation with the sites sums up, no number of its own."""
    assert material.proposed is not None
    now, then = content["stages"]
    assert [now["told"], then["told"]] == ["现状", "建议5处建成后"]
    coverage = material.proposed.after.summary["coverage"]
    told = {figure["key"]: figure for figure in then["figures"]}
    assert told["share_60plus"]["text"] == percent(coverage["share_60plus"])
    assert told["share_60plus"]["of"].startswith(
        f"{coverage['elderly_60plus']:,} 人（2020年人口）中 "
        f"{coverage['covered_60plus']:,} 人"
    )
    left = coverage["elderly_60plus"] - coverage["covered_60plus"]
    assert told["uncovered_60plus"]["text"] == f"{left:,}"
    assert told["share_areas"]["of"].startswith(
        f"{coverage['areas']:,} 个中 {coverage['covered_areas']:,} 个"
    )
    same = {figure["key"]: figure for figure in now["figures"]}
    assert told["rate"] == same["rate"]  # no estate's rooms are counted on yet
    assert told["share_60plus"] != same["share_60plus"]


def test_the_legend_says_how_many_facilities_count(
    content: dict[str, Any], material: Material
) -> None:
    layer, counted = material.evaluation.study.layers["facilities"], material.evaluation.counted
    kinds = {code: text for code, text, _ in content["map"]["kinds"]}
    stations = layer.loc[layer["category"].eq("community_station"), "id"]
    assert (len(stations), stations.isin(counted).sum()) == (34, 29)
    assert kinds["community_station"] == "社区养老服务站 34（计入29）"
    homes = layer.loc[layer["category"].eq("care_home"), "id"]
    assert not homes.isin(counted).any()
    assert kinds["care_home"].endswith(f" {len(homes)}")  # its sign is light, as on the map
    light = {code for code, _, counts in content["map"]["kinds"] if not counts}
    assert light == set(layer["category"]) - set(layer.loc[layer["id"].isin(counted), "category"])
    assert set(kinds) == set(layer["category"])


def test_the_legends_classes_of_coverage_are_those_of_the_summaries(
    content: dict[str, Any], material: Material
) -> None:
    """One rule on map and card: what the legend counts is what the figure 小区覆盖率 counts."""
    assert material.proposed is not None
    now = content["map"]["estates"]["coverage"]
    then = [content["map"]["after"]["coverage"].get(str(row), code) for row, code in enumerate(now)]
    before, after = (each.summary["coverage"] for each in
                     (material.evaluation, material.proposed.after))  # fmt: skip
    assert now.count("covered") == before["covered_areas"] == 404
    assert now.count("left") == before["areas"] - 404
    assert then.count("covered") + then.count("gained") == after["covered_areas"] == 431
    assert then.count("left") == after["areas"] - 431
    near = [code in ("to_5", "to_10", "to_15") for code in content["map"]["estates"]["minutes"]]
    assert near == [code == "covered" for code in now]  # blue on one is blue on the other


def test_the_page_points_to_no_annex(page: str) -> None:
    assert "附件" not in json.dumps(data_of(page)["sections"], ensure_ascii=False)


def test_a_table_has_all_of_its_rows_and_a_sum_with_its_word(
    content: dict[str, Any], briefing: Briefing
) -> None:
    tables = {part["table"]["key"]: part["table"] for section in content["sections"]
              for part in section["parts"] if "table" in part}  # fmt: skip
    streets, short = tables["streets"], tables["short_estates"]
    assert [*streets["rows"], streets["total"]] == briefing.tables["streets"].texts()
    assert len(short["rows"]) == 392
    assert short["most"] == 5
    assert short["total"][1] == "合计"  # its own column, the county, is not shown
    keys = ["number", "street", "name", "households", "deficit_m2", "remedy"]
    assert short["rows"] == briefing.tables["short_estates"].texts(keys)[:-1]
    names = content["map"]["estates"]["name"]
    for row, at in zip(short["rows"], short["link"]["rows"], strict=True):
        assert names[at] == row[short["link"]["column"]]


def test_classes_before_and_after_are_those_of_both_evaluations(
    content: dict[str, Any], material: Material
) -> None:
    told = content["map"]
    for colouring in ("minutes", "verdict"):
        now = estates(material.evaluation)[f"{colouring}_class"].tolist()
        assert told["estates"][colouring] == now
        assert material.proposed is not None
        then = estates(material.proposed.after)[f"{colouring}_class"].tolist()
        changed = [told["after"][colouring].get(str(row), code) for row, code in enumerate(now)]
        assert changed == then
    check = material.evaluation.summary["provision"]
    assert told["estates"]["verdict"].count("short") == check["short"]
    assert len(told["after"]["minutes"]) == 35


def test_sites_stand_where_their_rows_say_with_their_reasons(
    content: dict[str, Any], briefing: Briefing
) -> None:
    rows = briefing.tables["projects"].rows
    sites = content["map"]["sites"]
    assert [site["rank"] for site in sites] == [1, 2, 3, 4, 5]
    assert [site["name"] for site in sites] == rows["name"].tolist()
    assert [dict(site["card"])["理由"] for site in sites] == rows["reason"].tolist()
    assert [site["at"] for site in sites] == rows[["lat", "lon"]].to_numpy().tolist()


def test_an_estates_card_tells_people_walk_verdict_and_clause(material: Material) -> None:
    evaluation = material.evaluation
    phased = projects_by_estate(evaluation)  # theirs is another card
    alone = ~evaluation.provision["residential_id"].isin(phased)
    check = evaluation.provision.loc[evaluation.provision["verdict"].eq("short") & alone].iloc[0]
    card = PlaceCards(evaluation).estate(check["residential_id"])
    assert card is not None
    homes = evaluation.homes
    mine = homes.loc[homes["place_layer"].eq("residential")
                     & homes["place_id"].eq(check["residential_id"])]  # fmt: skip
    assert str(card.people[0][1]) == f"{mine['elderly_60plus'].sum():,.0f} 人"
    verdict = {str(label): str(value) for label, value in card.verdict}
    assert verdict["配建结论"] == "不达标"
    assert verdict["计算"].startswith(f"{check['households']:,.0f}户×0.2=")
    assert card.clause[0].startswith("赤政办发〔2023〕42号")


def test_only_the_pages_own_script_and_style_may_run(page: str) -> None:
    parts = parsed(page)
    tags = {tag for tag, _ in parts.tags}
    assert not tags & {"link", "iframe", "object", "embed", "base", "img", "form"}
    assert not [attrs for _, attrs in parts.tags if "src" in attrs or "style" in attrs]
    assert not [name for _, attrs in parts.tags for name in attrs if name.startswith("on")]
    policy = next(attrs["content"] or "" for attrs, _ in parts.of("meta") if "http-equiv" in attrs)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    run = [text for attrs, text in parts.of("script") if "type" not in attrs]
    for text, rule in ((run[0], "script-src"), (parts.of("style")[0][1], "style-src")):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert len(run) == 1
    assert "url(" not in parts.of("style")[0][1]
    assert "sourceMappingURL" not in run[0]
    assert "Redistribution and use" in run[0]  # the licence of what is built in


def test_the_script_is_understood_by_browsers_of_2018() -> None:
    folder = Path(write_web_page.__code__.co_filename).parent / "browser"
    young = (
        r"\?\.[a-z(\[]", r"\?\?", r"\.replaceChildren", r"\.append\(", r"\.at\(", r"\.flat\(",
        r"\{ ?\.\.\.", r"\bimport\b ", r"\.replaceAll", r"\.flatMap", r"catch \{", r"BigInt",
        r"innerHTML", r"insertAdjacent", r"\beval\b", r"document\.write", r"\basync\b",
    )  # fmt: skip
    scripts = sorted(folder.glob("*.js"))
    assert len(scripts) == 8
    for file in scripts:
        for form in young:
            assert not re.search(form, file.read_text(encoding="utf-8")), (file.name, form)
        assert len(file.read_text(encoding="utf-8").splitlines()) < 400


def test_the_same_study_gives_the_same_bytes(briefing: Briefing, page: str, tmp_path: Path) -> None:
    file = tmp_path / "again.html"
    write_web_page(briefing, file)
    assert file.read_text(encoding="utf-8") == page
    assert b"\r" not in file.read_bytes()


def test_texts_cannot_end_their_block_and_every_sign_is_seen() -> None:
    texts = [*HOSTILE, *MORE_HOSTILE, "a\u2028b\u2029c\ud800d", "𠮷㙍䶮", "<!--<script>"]
    written = embedded_json({"names": texts})
    assert not set("<>&\u2028\u2029\u202e\ud800") & set(written)
    read = json.loads(written)["names"]
    assert read[0] == HOSTILE[0]
    assert read[8] == "名·称·响"
    assert read[-2] == "𠮷㙍䶮"
    assert len(json.loads(embedded_json("长" * 9_000))) == 2_001


def test_english_where_english_is_spoken(material: Material, tmp_path: Path) -> None:
    # Without the proposal: what is only looked at is the language.
    with speaking("en"):
        write_web_page(brief(dataclasses.replace(material, proposed=None)), tmp_path / "en.html")
    page = (tmp_path / "en.html").read_text(encoding="utf-8")
    content = data_of(page)
    assert '<html lang="en">' in page
    assert content["map"]["after"] is None
    assert content["map"]["sites"] == []
    assert [stage["name"] for stage in content["stages"]] == ["As it stands"]
    alone = [*content["words"].values(), *(text for _code, text, _ in content["map"]["kinds"])]
    assert not [text for text in alone if text[0].islower()]
    assert "；" not in json.dumps(content["stages"], ensure_ascii=False)
    assert content["map"]["colourings"]["verdict"]["classes"][2]["label"] == "Short"


def test_shapes_come_back_within_what_was_left_out() -> None:
    ring = shapely.Point(500_000, 4_680_000).buffer(300, quad_segs=64)
    holed = ring.difference(shapely.Point(500_050, 4_680_000).buffer(60))
    line = shapely.LineString([(500_000, 4_680_000), (500_100, 4_680_000.4), (500_200, 4_680_000)])
    given = gpd.GeoSeries(
        [holed, line, shapely.Point(500_010, 4_680_020), None, shapely.Polygon()], crs=METRIC
    )
    coded = compact(given, ORIGIN, within_m=1.0)
    assert coded[3:] == [None, None]
    assert coded[1] is not None
    assert len(coded[1][1]) == 4  # the corner in the middle is 0.4 m off: left out
    back = gpd.GeoSeries([uncoded(shape) for shape in coded[:3]], crs=4326).to_crs(METRIC)
    for one, other in zip(given.iloc[:3], back, strict=True):
        assert one.hausdorff_distance(other) < 1.1
    assert len(back[0].interiors) == 1
    assert back[0].area == pytest.approx(holed.area, rel=0.01)


def uncoded(shape: Any) -> Any:  # noqa: ANN401 - any shape
    """Return a shape read by another hand than the page's script."""

    def corners(steps: list[int]) -> list[tuple[float, float]]:
        spots, x, y = [], 0, 0
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            spots.append((ORIGIN[0] + x / 1e6, ORIGIN[1] + y / 1e6))
        return spots

    kind, *parts = shape
    if kind == 0:
        return shapely.Point(corners(parts)[0])
    if kind == 1:
        return shapely.MultiLineString([corners(part) for part in parts])
    whole = [shapely.Polygon(corners(rings[0]), [corners(r) for r in rings[1:]]) for rings in parts]
    return whole[0] if len(whole) == 1 else shapely.MultiPolygon(whole)


def test_cards_of_communities_hold_the_annexs_figures(
    content: dict[str, Any], briefing: Briefing
) -> None:
    """The 60+, reached, uncovered and share on a card are those of the printed list."""
    table = briefing.tables["communities"]
    keys = ["elderly_60plus", "covered_60plus", "uncovered_60plus", "share_60plus"]
    titles = [str(column.title) for column in table.only(keys)]
    areas = content["map"]["areas"]
    cards = {area["name"]: dict(area["card"]) for area in areas if area["level"] == "community"}
    printed = table.texts(["name", *keys])[:-1]
    assert len(printed) > 50
    for name, *texts in printed[:-1]:  # the others, told together, stand last
        assert [cards[name][title] for title in titles] == texts
    assert len(cards) == 137  # the covered ones too
    assert all(cards.values())
    after = {area["name"]: dict(area["after"]) for area in areas if area["level"] == "community"}
    people = [
        sum(float(card["可达（人）"].replace(",", "")) for card in stage.values())
        for stage in (cards, after)
    ]
    # The headline, 104,544 and 113,826, each of 137 communities rounded to whole people.
    assert people == pytest.approx([104_544, 113_826], abs=70)
    streets = [dict(area["card"]) for area in areas if area["level"] == "street"]
    assert streets
    assert all({"60岁以上", "可达", "未覆盖"} <= set(card) for card in streets)
