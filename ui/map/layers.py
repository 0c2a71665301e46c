"""Folium elements that hand the drawing over to `ui/static/map/care_map.js`.

The base map says only what never changes while a study is looked at, for streamlit-folium mounts
the map anew when it does. All that varies travels in `MapState`: a few tokens and two words.
Neither holds a name: names are in the layers, which the browser fetches as JSON.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import folium
from branca.element import MacroElement
from folium.template import Template

from ui.map.offline import CareAssets

Gesture = Literal["choose", "place", "edit"]
Mode = Literal["choose", "open", "move", "gate", "link", "block", "ask"]


@dataclass(frozen=True)
class Goal:
    """A known place that the map moves to.

    layer, id
        Of the estate or facility that is ringed there; the layer is empty for an area.
    bounds
        West, south, east, north, in degrees.
    """

    layer: str
    id: str
    bounds: tuple[float, float, float, float]

    def for_browser(self) -> dict[str, Any]:
        """Return it as the map's script reads it: bounds are corners, latitude first."""
        west, south, east, north = self.bounds
        chosen = {"layer": self.layer, "id": self.id} if self.layer else None
        return {"bounds": [[south, west], [north, east]], "chosen": chosen}


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
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "CareFrame"
        west, south, east, north = bounds
        self.options = script_json(
            {
                "legend": dict(legend), "bounds": [[south, west], [north, east]],
                "gesture": gesture,
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
            }
        )


def care_map(
    legend: Mapping[str, Any],
    bounds: tuple[float, float, float, float],
    *,
    gesture: Gesture = "choose",
) -> folium.Map:
    """Return the base map: no tiles, nothing that varies while one study is shown.

    gesture
        What a click means: `choose` an estate or facility, `place` something there, or `edit` a
        scenario as the state's mode says.
    """
    west, south, east, north = bounds
    base = folium.Map(
        location=((south + north) / 2, (west + east) / 2),
        zoom_start=13,
        tiles=None,
        max_zoom=19,
        zoom_snap=0.25,
        zoom_delta=0.5,
        control_scale=False,
    )
    CareFrame(legend, bounds, gesture=gesture).add_to(base)
    return base


def varying(state: MapState) -> folium.FeatureGroup:
    """Return the feature group that carries the state into a map already standing."""
    group = folium.FeatureGroup(name="care")
    state.add_to(group)
    return group
