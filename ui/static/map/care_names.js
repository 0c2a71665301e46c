/* Names on the map: those of estates, facilities and communities where something is placed by hand,
 * and none over another.
 *
 * Names arrive as JSON and are shown with textContent only: nothing here builds HTML from a string.
 */
(function () {
  "use strict";

  const NAMES_ZOOM = 15; // farther out they would cover each other
  const NAMES_MAX = 200; // written at one time
  const KINDS = { facilities: "care-name-facility", estates: "care-name-estate", borders: "care-name-area" };
  const ROOM = { x: 15, y: 17 }; // pixels of one sign and of one line

  function write(map) {
    const features = {};
    const group = L.layerGroup().addTo(map);
    const again = () => {
      group.clearLayers();
      if (map.getZoom() < NAMES_ZOOM) return;
      const taken = [];
      const seen = map.getBounds();
      Object.keys(KINDS).forEach((name) => (features[name] || []).forEach((named) => {
        if (taken.length < NAMES_MAX && seen.contains(named.at)) putName(map, group, taken, KINDS[name], named);
      }));
      window.careMapCounts.names = taken.length;
    };
    map.on("moveend", again);
    return (name, data) => {
      if (!KINDS[name]) return;
      features[name] = data.map(named).filter(Boolean);
      again();
    };
  }

  function named(feature) {
    const { name, level, label_x: x, label_y: y } = feature.properties;
    if (!name || (level && level !== "community")) return null; // streets have their names already
    if (x !== undefined) return x === null ? null : { name, at: L.latLng(y, x) };
    const drawn = L.GeoJSON.geometryToLayer(feature);
    return { name, at: drawn.getLatLng ? drawn.getLatLng() : drawn.getBounds().getCenter() };
  }

  function putName(map, group, taken, className, { name, at }) {
    const spot = map.latLngToContainerPoint(at);
    const half = Math.min(name.length, 14) * ROOM.x / 2;
    if (covered(spot, half, taken)) return; // the mouse still tells it
    taken.push({ x: spot.x, y: spot.y, half });
    const icon = L.divIcon({ html: CarePanel.element("span", "", name), className: "care-label care-name " + className, iconSize: [0, 0] });
    L.marker(at, { icon, pane: "labels", interactive: false, keyboard: false }).addTo(group);
  }

  function covered(spot, half, taken) {
    return taken.some((other) =>
      Math.abs(other.y - spot.y) < ROOM.y && Math.abs(other.x - spot.x) < half + other.half);
  }

  function thinOut(map, group) {
    const taken = [];
    group.eachLayer((marker) => {
      const text = marker.getElement();
      if (!text) return;
      const spot = map.latLngToContainerPoint(marker.getLatLng());
      const span = text.firstElementChild; // its width is that of the letters, whatever their size
      const half = (span && span.offsetWidth / 2) || text.textContent.length * ROOM.x / 2;
      const hidden = covered(spot, half, taken);
      text.style.visibility = hidden ? "hidden" : "";
      if (!hidden) taken.push({ x: spot.x, y: spot.y, half });
    });
  }

  window.CareNames = { write, thinOut };
})();
