"""The map's script: nothing from outside, nothing that remounts it, no name inside."""
# ruff: noqa: SLF001 - streamlit-folium's door is private

import asyncio

import folium
import pytest
import streamlit_folium
from starlette.requests import Request
from starlette.responses import Response
from toy import BACKTICK, HOSTILE

from geo.language import speaking
from ui.map import offline, script
from ui.map.layers import MapState, care_map, script_json, varying
from ui.map.legend import legend


@pytest.fixture
def base() -> folium.Map:
    offline.install()
    return care_map(legend(), (118.0, 42.0, 119.0, 43.0))


def test_the_base_map_asks_for_nothing_outside(base: folium.Map) -> None:
    assert "http" not in "".join(link for _, link in [*base.default_js, *base.default_css])
    offline.refuse_far_links(*(link for _, link in [*base.default_js, *base.default_css]))


def test_a_far_link_is_refused() -> None:
    with pytest.raises(RuntimeError, match="needs the internet"):
        offline.refuse_far_links("https://d3js.org/d3.v4.min.js")


def test_every_script_of_the_map_is_sent_and_only_of_this_version() -> None:
    assert {*script.FILES} == {path.name for path in script.FOLDER.glob("*.js")}
    sent = asked_for(script.link().removeprefix(script.BASE).removesuffix(".js"))
    for name in script.FILES:
        assert (script.FOLDER / name).read_bytes() in sent.body
    assert asked_for("0123456789ab").status_code == 404


def asked_for(digest: str) -> Response:
    return asyncio.run(script.answer(Request({"type": "http", "path_params": {"digest": digest}})))


def test_installing_twice_guards_once() -> None:
    offline.install()
    guard = streamlit_folium._component_func
    offline.install()
    assert streamlit_folium._component_func is guard


def test_folium_lists_are_rebound_not_changed() -> None:
    from folium.folium import _default_js  # noqa: PLC0415 - folium's own, untouched

    offline.install()
    assert any("http" in link for _, link in _default_js)
    assert folium.Map.default_js is not _default_js


def test_the_base_map_is_the_same_script_every_time() -> None:
    scripts = {
        streamlit_folium.generate_js_hash(
            streamlit_folium.generate_leaflet_string(care_map(legend(), (118.0, 42.0, 119.0, 43.0)))
        )
        for _ in range(2)
    }
    assert len(scripts) == 1


def test_the_state_reaches_the_script_whole() -> None:
    state = MapState(
        {"estates": "ab12"}, colouring="verdict", selected={"layer": "estates", "id": HOSTILE}
    )
    base = folium.Map()
    group = varying(state)
    script = streamlit_folium._get_feature_group_string(group, base)
    assert '"estates": "ab12"' in script
    assert "CareMap.show(" in script
    assert "<img" not in script


@pytest.mark.parametrize("text", [HOSTILE, BACKTICK, "</script>", "\u2028"])
def test_no_text_can_end_the_script(text: str) -> None:
    written = script_json({"id": text})
    assert "<" not in written
    assert ">" not in written
    assert "\u2028" not in written


def test_the_legend_speaks_both_languages() -> None:
    with speaking("zh"):
        chinese = legend()
    assert chinese["words"]["panel"] == "图层与图例"
    assert list(chinese["facilities"])[0] == "community_station"  # noqa: RUF015
