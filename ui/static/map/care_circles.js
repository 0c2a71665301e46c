/* Plain circles around the facilities that count, to be held against what the streets give. */
(function () {
  "use strict";

  const { element, row } = window.CarePanel;
  const RADII = { 300: "2 4", 500: "7 5", 1000: null }; // metres, and the dashes of each

  function draw(view, group, data) {
    const colour = view.legend.colours.circle;
    const renderer = CareLayers.canvas("circles");
    const source = view.layers.after_facilities || view.layers.facilities;
    source.eachLayer((marker) => {
      if (!marker.feature.properties.counted) return;
      Object.entries(RADII).forEach(([metres, dashArray]) =>
        L.circle(marker.getLatLng(), {
          pane: "circles", renderer, interactive: false, radius: Number(metres),
          color: colour, weight: 1.1, opacity: 0.85, dashArray, fill: false,
        }).addTo(group));
    });
    window.careMapCounts.circlesDrawn = group.getLayers().length;
    const keys = Object.entries(RADII).map(([metres, dashes]) => {
      const line = element("i", "care-line");
      line.style.borderTop = "2px " + (dashes === null ? "solid " : dashes[0] === "2" ? "dotted " : "dashed ") + colour;
      return row(line, Number(metres).toLocaleString("en") + " " + view.legend.words.metres);
    });
    return [...keys, element("div", "care-note", sentence(view.legend.words, data))];
  }

  function sentence(words, told) {
    if (told.elders === null) return words.circleUnknown;
    const more = told.in_circle - told.walking;
    const values = { ...told, more: Math.abs(more) };
    return (more < 0 ? words.circleLess : words.circleTold)
      .replace(/\{(\w+)\}/g, (all, name) => Number(values[name]).toLocaleString("en"));
  }

  CareOptional.add("circles", { title: "circles", draw });
})();
