"""Folium elements that hand the drawing over to `ui/static/map/care_map.js`.

The base map says only what never changes while a study is looked at, for streamlit-folium mounts
the map anew when it does; it goes to the browser with every change, so the legend, which is long,
is fetched like a layer. All that varies travels in `MapState`: a few tokens and two words.
Neither holds a name: names are in the layers, which the browser fetches as JSON.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import folium
from branca.element import MacroElement
from folium.template import Template

from analysis.study import Study
from geo.language import translate
from ui.map.goal import Goal
from ui.map.layer_store import store
from ui.map.offline import CareAssets
from ui.map.tiles import Tiles

Gesture = Literal["choose", "place", "edit"]
Mode = Literal["choose", "open", "move", "gate", "link", "block", "ask"]
__all__ = [
    "CareFrame", "Gesture", "Goal", "MapState", "Mode", "care_map", "script_json", "swiped",
    "varying", "view_name",
]  # fmt: skip


def script_json(value: object) -> str:
    """Return a value as JSON that cannot end the script it stands in."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


class CareFrame(CareAssets, MacroElement):
    """Opens the care map: panes, scale, north arrow, panel and caption."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "CareMap.open({{ this._parent.get_name() }}, {{ this.options }});"
        "{% endmacro %}"
    )

    def __init__(
        self,
        legend: Mapping[str, Any],
        bounds: tuple[float, float, float, float],
        *,
        gesture: Gesture = "choose",
        keep: str = "",
        tiles: Tiles | None = None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "CareFrame"
        west, south, east, north = bounds
        self.options = script_json(
            {
                "legend": store.keep(script_json(dict(legend)).encode()),
                "gone": translate("图层已过期，请刷新页面。"),
                "bounds": [[south, west], [north, east]], "gesture": gesture, "keep": keep,
                "tiles": None if tiles is None else tiles.for_browser(),
            }
        )


class MapState(MacroElement):
    """Shows layers by token, a colouring, the place now selected and a point that is marked.

    mark
        Longitude and latitude.
    goal
        What the map moves to once it is another than before.
    mode
        Where gestures edit: what the next one does.
    marked
        Ids of estates and facilities, by layer, that are drawn like the selected one.
    drawn
        What `about_chosen` gives of the place now selected.
    in_vain
        When the last gesture was made that changed nothing: what it drew is taken away.
    projected
        Whether letters are large; once it is switched on, the page fills the screen.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "CareMap.show({{ this.state }});"
        "{% endmacro %}"
    )

    def __init__(  # noqa: PLR0913 - a view has so many sides
        self,
        tokens: Mapping[str, str],
        *,
        colouring: str,
        selected: Mapping[str, str] | None,
        mark: tuple[float, float] | None = None,
        goal: Goal | None = None,
        mode: Mode = "choose",
        marked: Mapping[str, Sequence[str]] | None = None,
        drawn: Mapping[str, Any] | None = None,
        in_vain: float | None = None,
        projected: bool = False,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "MapState"
        self.state = script_json(
            {
                "tokens": dict(tokens),
                "colouring": colouring,
                "selected": None if selected is None else dict(selected),
                "mark": None if mark is None else [mark[1], mark[0]],
                "goal": None if goal is None else goal.for_browser(),
                "mode": mode,
                "marked": {name: list(ids) for name, ids in (marked or {}).items()},
                "drawn": dict(drawn or {}),
                "inVain": in_vain,
                "projected": projected,
            }
        )


def care_map(
    legend: Mapping[str, Any],
    bounds: tuple[float, float, float, float],
    *,
    gesture: Gesture = "choose",
    keep: str = "",
    tiles: Tiles | None = None,
) -> folium.Map:
    """Return the base map: no tiles, nothing that varies while one study is shown.

    gesture
        What a click means: `choose` an estate or facility, `place` something there, or `edit` a
        scenario as the state's mode says.
    keep
        Under which name the browser keeps centre and zoom until the tab is closed; empty: it does
        not.
    tiles
        What is shown below all layers.
    """
    west, south, east, north = bounds
    base = folium.Map(
        location=((south + north) / 2, (west + east) / 2),
        zoom_start=13,
        tiles=None,
        max_zoom=19,
        zoom_snap=0.05,  # fine enough to fill the frame with the study
        zoom_delta=0.5,
        track_resize=False,  # our own script looks at the size of the frame
        control_scale=False,
    )
    CareFrame(legend, bounds, gesture=gesture, keep=keep, tiles=tiles).add_to(base)
    return base


def varying(state: MapState) -> folium.FeatureGroup:
    """Return the feature group that carries the state into a map already standing."""
    group = folium.FeatureGroup(name="care")
    state.add_to(group)
    return group


SWIPED: Final = ("bands", "estates", "bubbles", "facilities")


def swiped(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Return the tokens of a divided map: left what was before, right what comes after."""
    beyond = {f"after_{name}": after[name] for name in SWIPED if name in after}
    told = {name: after[name] for name in ("caption", "marks") if name in after}
    return {**before, "names": after.get("names", ""), **told, **beyond}


def view_name(study: Study) -> str:
    """Return under which name the browser keeps the view of a study: no path is told."""
    return hashlib.sha256(str(study.path.resolve()).encode()).hexdigest()[:16]
