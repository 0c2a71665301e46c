/* Shapes as they are stored become what Leaflet draws; see `compact.py`. */
Care.shapes = (function () {
  "use strict";

  const [west, south] = Care.map.origin;
  const unit = 1 / Care.map.perDegree;

  function line(steps) {
    const corners = [];
    let x = 0;
    let y = 0;
    for (let at = 0; at < steps.length; at += 2) {
      x += steps[at];
      y += steps[at + 1];
      corners.push([south + y * unit, west + x * unit]);
    }
    return corners;
  }

  function drawn(shape, options) {
    if (shape[0] === 0) {
      return L.circleMarker(spot(shape), Object.assign({ radius: 6 }, options));
    }
    if (shape[0] === 1) return L.polyline(shape.slice(1).map(line), options);
    return L.polygon(areas(shape), options);
  }

  function spot(shape) {
    return [south + shape[2] * unit, west + shape[1] * unit];
  }

  function areas(shape) {
    return shape.slice(1).map(function (rings) { return rings.map(line); });
  }

  /* Whether a place lies in an area: how often a ray to the east meets its rings. */
  function holds(rings, at) {
    let inside = false;
    rings.forEach(function (ring) {
      for (let one = 0, other = ring.length - 1; one < ring.length; other = one, one += 1) {
        const [y, x] = ring[one];
        const [v, u] = ring[other];
        if (y > at.lat !== v > at.lat && at.lng < ((u - x) * (at.lat - y)) / (v - y) + x) inside = !inside;
      }
    });
    return inside;
  }

  return { drawn, spot, areas, holds };
})();
