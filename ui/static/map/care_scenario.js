/* What a scenario brings: facilities opened or moved, links, gates, blocks, and people newly left out.
 *
 * Names arrive as JSON and are shown with textContent only: nothing here builds HTML from a string.
 */
(function () {
  "use strict";

  const RADIUS_MAX = 20; // of the place with the most people, before it is fitted to the zoom
  const WORKS = {
    link: { color: "#1d6b43", weight: 5, opacity: 0.95 },
    block: { color: "#a3123f", weight: 5, opacity: 0.95, dashArray: "9 6" },
  };

  function radius(people, most) {
    return people < 1 ? 0 : RADIUS_MAX * Math.sqrt(people / most);
  }

  function draw(view, features, tools) {
    view.layers.scenario.clearLayers();
    layers(view, features, tools).forEach((made) => made.addTo(view.layers.scenario));
  }

  function layers(view, features, tools) {
    return features.map((feature) => Object.assign(layerOf(view, feature, tools), { feature }));
  }

  function layerOf(view, feature, tools) {
    const { kind, people } = feature.properties;
    const spots = feature.geometry.coordinates;
    if (WORKS[kind]) return L.polyline(spots.map(([x, y]) => [y, x]), { ...WORKS[kind], interactive: false, pane: "bandLines" });
    const at = L.latLng(spots[1], spots[0]);
    if (kind === "people") return disc(view, at, radius(people, view.most) * tools.scale);
    if (kind === "gate") {
      const icon = L.divIcon({ html: CarePanel.element("span", "care-gate"), className: "care-icon", iconSize: [14, 14] });
      return L.marker(at, { icon, interactive: false, keyboard: false });
    }
    const marker = tools.marker(feature, at);
    tools.answers(feature, marker);
    marker.on("add", () => marker.getElement().classList.add("care-" + kind));
    return marker;
  }

  function disc(view, at, pixels) {
    const { colours } = view.legend;
    return L.circleMarker(at, {
      pane: "bubbles", renderer: view.bubbleCanvas, interactive: false, radius: pixels,
      color: colours.bubbleLine, weight: 1.4, fillColor: colours.bubble, fillOpacity: 0.66,
    });
  }

  function fit(view, scale) {
    view.layers.scenario.eachLayer((layer) => {
      const told = layer.feature && layer.feature.properties;
      if (told && told.kind === "people") layer.setRadius(radius(told.people, view.most) * scale);
    });
  }

  window.CareScenario = { draw, fit, layers, radius };
})();
