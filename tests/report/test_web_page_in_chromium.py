"""The one-file page opened from a disk, in a browser that may reach nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from report.briefing.content import Briefing
from report.briefing.material import Material
from report.map_layers import estates
from report.place_card import PlaceCards
from report.web_page.page import write_web_page
from tests.chromium import engine
from tests.report.small_city import city_briefing
from tests.ui.clerk import HOSTILE, MORE_HOSTILE
from tests.ui.contrast import TOO_PALE

__all__ = ["engine"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
NAMES = (*HOSTILE, *MORE_HOSTILE)
# Where a click meets an estate itself, nearest to the middle of the map.
FIND_ESTATE = """() => {
  const map = Care.draw.map();
  const box = map.getContainer().getBoundingClientRect();
  const middle = L.point(box.width * 0.4, box.height * 0.5);
  const found = Care.draw.estates.map((layer, row) => {
    const at = map.latLngToContainerPoint(layer.getBounds().getCenter());
    const top = document.elementFromPoint(box.left + at.x, box.top + at.y);
    const meets = top && top.tagName === "CANVAS" && layer._containsPoint(
      map.containerPointToLayerPoint(at));
    return [row, box.left + at.x, box.top + at.y, meets ? at.distanceTo(middle) : 1e9];
  });
  return found.sort((one, other) => one[3] - other[3])[0];
}"""


@dataclass
class Opened:
    """One page from a file, what it asked for and what went wrong."""

    page: Page
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return how many estates of each class the legend tells."""
        rows = self.page.locator("#panel .count[data-count]")
        told = rows.evaluate_all("all => all.map(one => [one.dataset.class, one.textContent])")
        return {code: int(text.split()[0]) for code, text in told}


def opened(engine: Browser, file: Path) -> Opened:
    page = engine.new_page(viewport={"width": 1366, "height": 768})
    seen = Opened(page)

    def only_the_file(route: Route) -> None:
        seen.asked.append(route.request.url)
        if route.request.url == file.as_uri():
            route.continue_()
        else:
            route.abort()

    page.route("**/*", only_the_file)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda told: seen.errors.append(told.text))
    page.goto(file.as_uri())
    expect(page.locator("#panel .count").first).to_be_visible()
    return seen


Opener = Callable[[Briefing], Opened]


@pytest.fixture(scope="module")
def opener(engine: Browser, tmp_path_factory: pytest.TempPathFactory) -> Opener:
    def opening(briefing: Briefing) -> Opened:
        file = tmp_path_factory.mktemp("web") / "page.html"
        write_web_page(briefing, file)
        return opened(engine, file)

    return opening


@pytest.fixture(scope="module")
def chifeng(opener: Opener, briefing: Briefing) -> Opened:
    return opener(briefing)


@pytest.fixture
def seen(chifeng: Opened) -> Iterator[Opened]:
    chifeng.page.evaluate(
        "Care.turn('stage', 'before'); Care.turn('colouring', 'minutes');"
        "Care.choose(null); Care.draw.whole(); window.scrollTo(0, 0)"
    )
    yield chifeng
    assert chifeng.errors == []
    assert len(chifeng.asked) == 1


def test_figures_and_tables_are_seen_as_the_briefing_has_them(
    seen: Opened, briefing: Briefing
) -> None:
    figures = seen.page.locator(".figure-text").all_inner_texts()
    assert figures == [figure.text for figure in briefing.figures]
    rows = seen.page.locator("[data-table=streets] tbody tr, [data-table=streets] tfoot tr")
    cells = rows.evaluate_all(
        "all => all.map(row => Array.from(row.cells).map(cell => cell.textContent))"
    )
    assert cells == briefing.tables["streets"].texts()
    lines = seen.page.locator("#part-conclusion li").all_inner_texts()
    assert lines == [str(sentence) for sentence in briefing.headline]
    short = seen.page.locator("[data-table=short_estates]")
    expect(short.locator("tbody tr:visible")).to_have_count(5)
    short.locator(".more").click()
    expect(short.locator("tbody tr:visible")).to_have_count(392)
    short.locator(".more").click()
    expect(seen.page.locator("#notice")).to_have_text(briefing.notice)
    expect(seen.page.locator("#caption")).to_contain_text(briefing.notice)
    assert seen.page.title() == str(briefing.title)


def test_a_click_on_an_estate_shows_its_card(seen: Opened, material: Material) -> None:
    row, x, y, _ = seen.page.evaluate(FIND_ESTATE)
    seen.page.mouse.click(x, y)
    id_ = material.evaluation.study.layers["residential"]["id"].iloc[int(row)]
    card = PlaceCards(material.evaluation).estate(id_)
    assert card is not None
    box = seen.page.locator("#card")
    expect(box.locator("h2")).to_have_text(card.name)
    shown = box.locator("dd").all_inner_texts()
    for _label, value in (*card.people, *card.walk, *card.verdict):
        assert str(value) in shown
    assert box.locator(".clause").all_inner_texts() == [*card.clause]
    seen.page.locator("#card .close").click()
    expect(box).to_be_hidden()


def test_the_switch_shows_the_classes_of_the_evaluation_with_the_proposal(
    seen: Opened, material: Material
) -> None:
    assert material.proposed is not None
    for colouring in ("minutes", "verdict"):
        seen.page.locator(f"input[value={colouring}]").check()
        for stage, evaluation in (
            ("before", material.evaluation), ("after", material.proposed.after)
        ):  # fmt: skip
            seen.page.locator(f"input[value={stage}]").check()
            told = estates(evaluation)[f"{colouring}_class"].value_counts().to_dict()
            assert {code: n for code, n in seen.counts().items() if n} == told
    expect(seen.page.locator(".leaflet-sites-pane .care-site")).to_have_count(5)
    expect(seen.page.locator("#caption")).to_contain_text("建议方案")
    seen.page.locator("input[value=before]").check()
    expect(seen.page.locator(".leaflet-sites-pane .care-site")).to_have_count(0)


def test_the_figures_follow_the_switch_and_say_of_which_state_they_are(
    seen: Opened, briefing: Briefing
) -> None:
    texts, of = seen.page.locator(".figure-text"), seen.page.locator(".figure-stage")
    for value, stage in zip(("before", "after"), briefing.stages, strict=True):
        seen.page.locator(f"input[value={value}]").check()
        assert texts.all_inner_texts() == [figure.text for figure in stage.figures]
        assert of.all_inner_texts() == [str(stage.told)] * 5
    assert texts.first.inner_text() != briefing.figures[0].text
    seen.page.emulate_media(media="print")
    expect(of.first).to_be_visible()
    assert texts.first.inner_text() == briefing.stages[1].figures[0].text
    seen.page.emulate_media(media="screen")


def test_places_are_found_by_name_and_by_keys_alone(seen: Opened, briefing: Briefing) -> None:
    site = briefing.tables["projects"].rows.iloc[0]
    box = seen.page.locator("#find input")
    box.focus()
    seen.page.keyboard.type(site["name"])
    expect(seen.page.locator(".found li").first).to_be_visible()
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("#card h2")).to_have_text(f"1 {site['name']}")
    expect(seen.page.locator("#card dd").first).to_have_text(site["reason"])
    expect(seen.page.locator("input[value=after]")).to_be_checked()
    second = seen.page.locator(".care-site[aria-label*=' 2 ']")
    second.focus()
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("#card h2")).to_contain_text("2 ")
    street = seen.page.locator("[data-table=streets] .to-map").first
    street.focus()
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("#card h2")).to_have_text(street.inner_text())
    expect(seen.page.locator("#card dl")).to_contain_text("60岁以上")
    box.fill("没有这个地方")
    expect(seen.page.locator(".found")).to_have_text("没有找到")
    box.fill("")

def test_the_very_name_is_found_first_and_enter_opens_it(seen: Opened) -> None:
    box = seen.page.locator("#find input")
    box.fill("全宁街道")
    first = seen.page.locator(".found li").first
    expect(first.locator("span")).to_have_text("全宁街道")  # no community of it
    expect(first.locator("small")).to_have_text("街道")
    box.press("Enter")
    expect(seen.page.locator("#card h2")).to_have_text("全宁街道")
    box.press("Escape")
    box.fill("第1社区")  # nothing is so called, no name begins so
    names = seen.page.locator(".found li span").all_inner_texts()
    assert names
    assert all("第1社区" in name for name in names)
    box.fill("全宁街道第2社区")
    box.blur()
    expect(seen.page.locator(".found")).to_be_hidden()
    box.press("Enter")  # the list is closed: what is best is opened all the same
    card = seen.page.locator("#card")
    expect(card.locator("h2")).to_have_text("全宁街道第2社区(模拟)")
    told = dict(zip(card.locator("dt").all_inner_texts(), card.locator("dd").all_inner_texts(),
                    strict=True))  # fmt: skip
    assert {"60岁以上（人）", "可达（人）", "未覆盖（人）", "可达率"} <= set(told)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_nothing_is_too_pale_nor_too_wide(seen: Opened, width: int, height: int) -> None:
    seen.page.set_viewport_size({"width": width, "height": height})
    seen.page.evaluate("Care.show({ layer: 'sites', row: 0 })")
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    size = seen.page.locator("#map").bounding_box()
    assert size is not None
    assert size["y"] + size["height"] <= height  # the whole map in the first screen
    assert seen.page.evaluate(TOO_PALE) == {}
    seen.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    smaller = seen.page.evaluate(
        "document.documentElement.style.getPropertyValue('--smaller') * "
        "document.getElementById('stage').offsetWidth"
    )
    assert smaller == pytest.approx(1030)  # A4 across


def test_the_policy_lets_nothing_out_and_no_other_script_in(opener: Opener, tmp_path: Path) -> None:
    seen = opener(city_briefing(tmp_path, estates=1))
    refused = seen.page.evaluate(
        """async () => {
          const told = [];
          document.addEventListener("securitypolicyviolation",
            (one) => told.push(one.effectiveDirective));
          await fetch("http://127.0.0.1:9/y").catch(() => {});
          new Image().src = "http://127.0.0.1:9/x.png";
          const script = document.createElement("script");
          script.textContent = "window.__xss = 1";
          document.body.appendChild(script);
          await new Promise((then) => setTimeout(then, 200));
          return told;
        }"""
    )
    assert sorted(refused) == ["connect-src", "img-src", "script-src-elem"]
    assert seen.page.evaluate("window.__xss") is None
    assert len(seen.asked) == 1
    seen.page.close()


def test_hostile_names_stay_names(opener: Opener, tmp_path: Path) -> None:
    seen = opener(city_briefing(tmp_path, estates=len(NAMES), names=NAMES, sites=1))
    told = seen.page.evaluate(
        """(names) => {
          const cards = [];
          const many = { estates: Care.map.estates.name.length };
          for (const name of ["facilities", "areas", "sites"]) many[name] = Care.map[name].length;
          Object.keys(many).forEach((layer) => {
            for (let row = 0; row < many[layer]; row += 1) {
              Care.show({ layer, row });
              cards.push(document.querySelector("#card h2").textContent);
              const marks = { estates: Care.draw.estates, facilities: Care.draw.facilities }[layer];
              if (marks) marks[row].fire("mouseover", { latlng: Care.draw.map().getCenter() });
            }
          });
          const box = document.querySelector("#find input");
          let found = 0;
          names.forEach((name) => {
            box.value = name;
            box.dispatchEvent(new Event("input"));
            found += document.querySelector(".found li[role=option]") ? 1 : 0;
          });
          return { cards, found, many };
        }""",
        [name for name in NAMES if not set(name) & set("\u202e\u0007\u2066\u2069\u200b\ufeff")],
    )
    assert told["many"] == {"estates": 20, "facilities": 20, "areas": 2, "sites": 1}
    assert told["cards"][:3] == [*NAMES[:3]]
    assert told["found"] == 18
    page = seen.page
    assert page.title().startswith(NAMES[0])
    assert page.evaluate("window.__xss") is None
    assert page.locator("img, iframe, textarea, details, #page script").count() == 0
    assert page.locator("a[href]:not([href^='#'])").count() == 0  # Leaflet's own have "#"
    assert page.locator("#page svg").count() == 1  # the north arrow
    assert seen.errors == []
    assert len(seen.asked) == 1
    page.close()


@pytest.mark.parametrize("many", [0, 1000])
def test_no_estate_and_a_thousand(opener: Opener, tmp_path: Path, many: int) -> None:
    seen = opener(city_briefing(tmp_path, estates=many))
    assert sum(seen.counts().values()) == many
    assert seen.page.locator("input[value=after]").count() == 0  # nothing is proposed
    expect(seen.page.locator("#notice")).to_be_hidden()  # the study has none
    assert seen.errors == []
    seen.page.close()
