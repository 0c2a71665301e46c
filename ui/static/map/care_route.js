/* What belongs to the place now chosen: an estate's route along the streets, a facility's estates. */
(function () {
  "use strict";

  const { element, row } = window.CarePanel;

  function drawRoute(view, group, route) {
    const colour = view.legend.colours.route;
    const renderer = CareLayers.canvas("route");
    const line = (corners, color, weight, dashArray) =>
      L.polyline(corners, { pane: "route", renderer, interactive: false, smoothFactor: 0, color, weight, dashArray }).addTo(group);
    const off = "2 6";
    const lines = [[route.streets, null], ...route.legs.map((leg) => [leg, off])].filter(([corners]) => corners.length > 1);
    lines.forEach(([corners]) => line(corners, "#ffffff", 8, null));
    lines.forEach(([corners, dashes]) => line(corners, colour, dashes ? 3 : 4.5, dashes));
    label(view, group, route);
    CareView.clearOfControls(view, L.latLngBounds(lines.flatMap(([corners]) => corners)));
    const key = (style) => {
      const made = element("i", "care-line");
      made.style.borderTop = style + colour;
      return made;
    };
    const { words } = view.legend;
    return [row(key("4px solid "), words.onStreets), row(key("3px dotted "), words.offStreets)];
  }

  function label(view, group, route) {
    const corners = route.streets.length ? route.streets : route.legs.flat();
    if (!corners.length) return;
    const text = view.legend.words.walk
      .replace("{minutes}", route.minutes.toFixed(1)).replace("{metres}", route.metres.toLocaleString("en"));
    const icon = L.divIcon({ html: element("span", "", text), className: "care-label care-route-label", iconSize: [0, 0] });
    L.marker(middle(view.map, corners), { icon, pane: "labels", interactive: false, keyboard: false }).addTo(group);
  }

  /* The spot half way along. */
  function middle(map, corners) {
    const steps = corners.slice(1).map((to, at) => map.distance(corners[at], to));
    let left = steps.reduce((sum, step) => sum + step, 0) / 2;
    for (let at = 0; at < steps.length; at += 1) {
      if (left <= steps[at] && steps[at] > 0) {
        const part = left / steps[at];
        return [0, 1].map((axis) => corners[at][axis] + part * (corners[at + 1][axis] - corners[at][axis]));
      }
      left -= steps[at];
    }
    return corners[0];
  }

  function drawArea(view) {
    const box = element("i", "care-swatch");
    box.style.border = "2.6px solid #111111";
    return [row(box, view.legend.words.areaKey + " " + view.area.size)];
  }

  function outline(view, ids) {
    const before = view.area;
    view.area = ids && new Set(ids);
    if (before || view.area) CareLayers.restyleEstates(view);
  }

  function show(view, drawn) {
    CareOptional.give(view, "route", drawn.route || null);
    CareOptional.give(view, "area", drawn.area || null);
  }

  function clear(view) {
    show(view, {});
  }

  CareOptional.add("route", { title: "route", draw: drawRoute, shown: true, given: true });
  CareOptional.add("area", { title: "area", draw: drawArea, changed: outline, shown: true, given: true });
  window.CareRoute = { show, clear };
})();
