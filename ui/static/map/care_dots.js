/* Dot density: discs for elders within reach, squares for those out of it. */
(function () {
  "use strict";

  const { element, row } = window.CarePanel;
  const SIZE = 2.5; // half the width of a dot at the usual zoom
  const USUAL_ZOOM = 14;

  const Dot = L.CircleMarker.extend({
    _updatePath() {
      if (this.options.shape === "round") this._renderer._updateCircle(this);
      else square(this);
    },
  });

  function square(dot) {
    const renderer = dot._renderer;
    if (!renderer._drawing || dot._empty()) return;
    const { x, y } = dot._point;
    const half = dot._radius;
    renderer._ctx.beginPath();
    renderer._ctx.rect(x - half, y - half, 2 * half, 2 * half);
    renderer._fillStroke(renderer._ctx, dot);
  }

  function radius(map) {
    return SIZE * Math.min(2, Math.max(0.6, 2 ** (0.5 * (map.getZoom() - USUAL_ZOOM))));
  }

  function draw(view, group, data) {
    const renderer = CareLayers.canvas("dots");
    const styles = view.legend.dots;
    data.features.forEach((feature) => {
      const { shape, colour } = styles[feature.properties.kind];
      const style = { pane: "dots", renderer, interactive: false, shape, radius: radius(view.map), ...ink(shape, colour) };
      feature.geometry.coordinates.forEach(([x, y]) => new Dot([y, x], style).addTo(group));
    });
    view.dotsZoom = view.dotsZoom || view.map.on("zoomend", () =>
      view.optional.dots.group.eachLayer((dot) => dot.setRadius(radius(view.map))));
    window.careMapCounts.dotsDrawn = group.getLayers().length;
    return rows(view, data);
  }

  function ink(shape, colour) {
    return shape === "round"
      ? { color: colour, weight: 1, fillColor: "#ffffff", fillOpacity: 0.85 }
      : { color: "#ffffff", weight: 1.3, fillColor: colour, fillOpacity: 1 };
  }

  function rows(view, data) {
    const { words, dots } = view.legend;
    const key = (kind) => {
      const mark = element("i", "care-dot care-dot-" + dots[kind].shape);
      mark.style.setProperty("--dot", dots[kind].colour);
      return mark;
    };
    const found = [
      row(key("covered"), words.dotCovered), row(key("left"), words.dotLeft),
      element("div", "care-note", words.dotEach.replace("{each}", data.each)),
    ];
    if (data.unknown) found.push(element("div", "care-note", words.dotUnknown.replace("{unknown}", data.unknown)));
    return found;
  }

  CareOptional.add("dots", { title: "dots", draw, off: ["bubbles"] });
})();
