/* Areas: the three tiers of care by community, and planning units as borders with their names. */
(function () {
  "use strict";

  const { element, row, swatch } = window.CarePanel;

  function drawTiers(view, group, data) {
    const styles = view.legend.tiers;
    const style = (f) => {
      const { fill, line, dash } = styles.find((each) => each.code === f.properties.class);
      return { fillColor: fill, fillOpacity: 0.7, color: line, weight: 1, dashArray: dash || null };
    };
    group.addLayer(CareLayers.still("tiers", style).addData(data));
    return styles.filter((each) => data.numbers[each.code])
      .map((each) => row(swatch(each), each.label + " " + data.numbers[each.code]));
  }

  function drawUnits(view, group, data) {
    const colour = view.legend.colours.unit;
    group.addLayer(CareLayers.still("borders", () => ({ fill: false, color: colour, weight: 1.8, dashArray: "1 5" })).addData(data));
    const labels = L.layerGroup();
    data.features.map((f) => f.properties).filter((p) => p.name && p.label_x !== null).forEach((p) => {
      const icon = L.divIcon({ html: element("span", "", p.name), className: "care-label care-name-unit", iconSize: [0, 0] });
      labels.addLayer(L.marker([p.label_y, p.label_x], { icon, pane: "labels", interactive: false, keyboard: false }));
    });
    group.addLayer(labels);
    view.unitLabels = labels;
    CareNames.thinOut(view.map, labels);
    view.unitsWatched = view.unitsWatched || view.map.on("zoomend", () => CareNames.thinOut(view.map, view.unitLabels));
    const line = element("i", "care-line");
    line.style.borderTop = "2px dotted " + colour;
    return [row(line, view.legend.words.units)];
  }

  CareOptional.add("tiers", { title: "tiers", draw: drawTiers, off: ["estates", "bands"] });
  CareOptional.add("units", { title: "units", draw: drawUnits });
})();
