/* Where one more facility would help most: squares in five steps, a legend of their own, and the
 * best spots with their rank; a click on one of these opens a facility there.
 *
 * Texts are shown with textContent only: nothing here builds HTML from a string.
 */
(function () {
  "use strict";

  const ORDER = 415; // above the estates, below lines, facilities and names
  let shown = null;
  let shownOn = null;

  function show(map, data, open) {
    hide();
    const pane = map.getPane("gains") || map.createPane("gains");
    pane.style.zIndex = ORDER;
    pane.style.pointerEvents = "none";
    const renderer = L.canvas({ pane: "gains", padding: 0.3 });
    const squares = L.layerGroup(data.cells.map(([step, people, ring]) => L.polygon(ring, {
      pane: "gains", renderer, interactive: false, stroke: false,
      fillColor: data.classes[step].fill, fillOpacity: 0.78,
    })));
    const spots = L.layerGroup(data.spots.map((spot, place) => mark(spot, place, open)));
    const legend = L.control({ position: "bottomleft" });
    legend.onAdd = () => box(data);
    shown = { squares: squares.addTo(map), spots: spots.addTo(map), legend: legend.addTo(map) };
    shownOn = map;
    map.getPane("bubbles").style.opacity = 0.35; // the squares are what is looked at
    window.careMapCounts.gains = data.cells.length;
  }

  function mark([lon, lat, people], place, open) {
    const text = CarePanel.element("b", "", String(place + 1));
    const icon = L.divIcon({ html: text, className: "care-spot", iconSize: [26, 26] });
    const marker = L.marker([lat, lon], { icon, zIndexOffset: 2000, keyboard: true });
    marker.bindTooltip(CarePanel.element("span", "", "+" + Math.round(people).toLocaleString()), { direction: "top", className: "care-tip" });
    marker.toGeoJSON = () => window.__GLOBAL_DATA__.last_active_drawing; // told already by `open`
    marker.on("click", () => open([lon, lat]));
    return marker;
  }

  function box(data) {
    const legend = CarePanel.element("div", "care-control care-gains");
    L.DomEvent.disableClickPropagation(legend).disableScrollPropagation(legend);
    legend.append(CarePanel.element("strong", "", data.title));
    const rows = CarePanel.element("div", "care-rows care-across");
    data.classes.forEach((step) => {
      const row = CarePanel.element("div", "care-row");
      const swatch = CarePanel.element("i", "care-swatch");
      swatch.style.background = step.fill;
      row.append(swatch, CarePanel.element("span", "", step.label));
      rows.append(row);
    });
    legend.append(rows, CarePanel.element("div", "care-note", data.note));
    return legend;
  }

  function hide() {
    if (!shown) return;
    Object.values(shown).forEach((layer) => layer.remove());
    shown = null;
    shownOn.getPane("bubbles").style.opacity = "";
    window.careMapCounts.gains = 0;
  }

  window.CareGains = { show, hide };
})();
