/* The map: what never changes, what the proposal changes, and where a place is. */
Care.draw = (function () {
  "use strict";

  const { element, words, state } = Care;
  const told = Care.map;
  const { colours } = told;
  const PANES = { ground: 210, streets: 220, borders: 230, bands: 240, lines: 420, labels: 610, sites: 640 };
  const STREETS = {
    minor: { color: "#e6e2d9", weight: 0.7 }, middle: { color: "#d9d4c8", weight: 1.2 },
    major: { color: "#cbc4b4", weight: 2.4 },
  };
  const BANDS = { 5: [1.8, "1 5"], 10: [1.3, null], 15: [2.6, null] }; // width and dashes
  const NEAR = 16; // to a place one goes so close
  const ROOM = 14; // from this zoom on there is room for full lines
  const CHANGED = "#111111"; // seen in grey as well
  const layers = {};
  let edges = []; // of the bands now shown
  const estates = [];
  const facilities = [];
  const sites = [];
  const places = []; // outlines of the streets, for a click between estates
  let map = null;
  let tip = null;

  function begin() {
    map = L.map("map", { zoomControl: false, zoomSnap: 0.25, zoomDelta: 0.5, maxZoom: 19, minZoom: 8 });
    map.attributionControl.setPrefix("Leaflet");
    map.getContainer().style.background = colours.ground;
    Object.keys(PANES).forEach(function (name) {
      const pane = map.createPane(name);
      pane.style.zIndex = PANES[name];
      if (name !== "sites") pane.style.pointerEvents = "none"; // only places answer
    });
    tip = L.tooltip({ className: "care-tip", direction: "top" });
    whole();
    layers.ground = group([["ground", told.ground, groundStyle], ["streets", told.streets, streetStyle]]);
    layers.borders = borders();
    layers.bands = L.layerGroup();
    layers.estates = L.layerGroup();
    layers.facilities = L.layerGroup();
    layers.sites = L.layerGroup();
    addEstates();
    addFacilities();
    addSites();
    Object.keys(layers).forEach(function (name) { layers[name].addTo(map); });
    map.on("click", clicked);
    map.on("zoomend", zoomed);
    controls();
    restyle();
    zoomed();
    return map;
  }

  function whole() {
    map.fitBounds(told.bounds, { padding: [12, 12], animate: false });
  }

  function still(pane, style) {
    return Object.assign({ pane, renderer: canvas(pane), interactive: false }, style);
  }

  const canvases = {};
  function canvas(pane) {
    if (!canvases[pane]) canvases[pane] = L.canvas({ pane, padding: 0.3 });
    return canvases[pane];
  }

  function group(parts) {
    const made = L.layerGroup();
    parts.forEach(function (part) {
      const [pane, rows, style] = part;
      rows.forEach(function (row) { Care.shapes.drawn(row[1], still(pane, style(row[0]))).addTo(made); });
    });
    return made;
  }

  function groundStyle(kind) {
    const water = /water|river|水|河|湖/.test(kind);
    const colour = water ? colours.water : colours.green;
    return { stroke: water, color: colour, weight: 1.5, fillColor: colour, fillOpacity: 1 };
  }

  function streetStyle(kind) {
    return Object.assign({ fill: false }, STREETS[kind] || STREETS.minor);
  }

  function borders() {
    const made = L.layerGroup();
    told.areas.forEach(function (area, row) {
      if (!area.shape) return;
      const fine = area.level === "community";
      Care.shapes.drawn(area.shape, still("borders", {
        fill: false, color: "#6c7580", opacity: fine ? 0.45 : 0.9, weight: fine ? 0.7 : 1.6,
        dashArray: fine ? "2 4" : "9 4 2 4",
      })).addTo(made);
      if (area.level !== "street" || area.shape[0] !== 2) return;
      places.push([row, [].concat.apply([], Care.shapes.areas(area.shape))]);
      if (area.label) label(area.label, area.name, "care-label").addTo(made);
    });
    return made;
  }

  function label(at, name, className) {
    const icon = L.divIcon({ html: element("span", "", name), className, iconSize: [0, 0] });
    return L.marker(at, { icon, pane: "labels", interactive: false, keyboard: false });
  }

  /* Layers that answer: a click chooses, the mouse tells the name. */
  function answers(layer, name, row, text) {
    layer.on("click", function () { Care.choose({ layer: name, row }); });
    layer.on("mouseover", function (event) { tip.setLatLng(event.latlng).setContent(element("strong", "", text)).addTo(map); });
    layer.on("mouseout", function () { map.removeLayer(tip); });
    return layer;
  }

  function addEstates() {
    const renderer = L.canvas({ padding: 0.3, tolerance: 2 });
    told.estates.shape.forEach(function (shape, row) {
      if (!shape) { estates.push(null); return; }
      const made = Care.shapes.drawn(shape, { renderer, bubblingMouseEvents: false });
      estates.push(answers(made, "estates", row, told.estates.name[row]).addTo(layers.estates));
    });
  }

  function sign(style, facility) {
    const outer = element("span", "care-sign care-" + style.shape);
    if (facility.operating === false) outer.className += " care-idle";
    else if (facility.counted === false) outer.className += " care-uncounted";
    outer.style.setProperty("--sign", style.colour);
    outer.appendChild(element("b", "", style.sign));
    return outer;
  }

  function addFacilities() {
    told.facilities.forEach(function (facility, row) {
      if (!facility.shape) { facilities.push(null); return; }
      const icon = L.divIcon({ html: sign(told.signs[facility.category], facility), className: "care-icon", iconSize: [22, 22] });
      const raised = facility.counted ? 1000 : facility.operating ? 500 : 0;
      const made = L.marker(Care.shapes.spot(facility.shape), { icon, zIndexOffset: raised, keyboard: false });
      facilities.push(answers(made, "facilities", row, facility.name).addTo(layers.facilities));
    });
  }

  function addSites() {
    told.sites.forEach(function (site, row) {
      const icon = L.divIcon({ html: element("b", "", String(site.rank)), className: "care-site", iconSize: [30, 30] });
      const made = L.marker(site.at, { icon, pane: "sites", keyboard: true, title: "" });
      sites.push(answers(made, "sites", row, site.rank + " " + site.name));
      made.on("add", function () { made.getElement().setAttribute("aria-label", words.site + " " + site.rank + " " + site.name); });
      made.on("keypress", function (event) { if (event.originalEvent.key === "Enter") Care.choose({ layer: "sites", row }); });
    });
  }

  function classOf(row, colouring) {
    const by = colouring || state.colouring;
    const changed = state.stage === "after" && told.after ? told.after[by][row] : undefined;
    return changed === undefined ? told.estates[by][row] : changed;
  }

  function estateStyle(row) {
    const { classes } = told.colourings[state.colouring];
    const code = classOf(row);
    const style = classes.filter(function (one) { return one.code === code; })[0] || classes[classes.length - 1];
    const strong = isChosen("estates", row) ? 3.5 : isChanged(row) ? 2.4 : 0;
    return {
      fillColor: style.fill, fillOpacity: 0.86, color: strong ? CHANGED : style.line,
      weight: strong || 0.9, opacity: 1, dashArray: strong || !style.dash ? null : style.dash,
    };
  }

  /* Whether the proposal puts an estate into another class. */
  function isChanged(row) {
    return classOf(row) !== told.estates[state.colouring][row];
  }

  function isChosen(layer, row) {
    return Boolean(state.chosen) && state.chosen.layer === layer && state.chosen.row === row;
  }

  function restyle() {
    const after = state.stage === "after" ? told.after : null;
    estates.forEach(function (layer, row) { if (layer) layer.setStyle(estateStyle(row)); });
    layers.bands.clearLayers();
    edges = [];
    (after ? after.bands : told.bands).forEach(addBand);
    const closed = after ? after.closed : [];
    facilities.forEach(function (marker, row) {
      if (marker) mark(marker, { "care-shut": closed.indexOf(row) >= 0, "care-chosen": isChosen("facilities", row) });
    });
    layers.sites.clearLayers();
    if (after) sites.forEach(function (marker) { layers.sites.addLayer(marker); });
    sites.forEach(function (marker, row) { mark(marker, { "care-chosen": isChosen("sites", row) }); });
    layers.chosen = layers.chosen || L.layerGroup().addTo(map);
    layers.chosen.clearLayers();
    const area = state.chosen && state.chosen.layer === "areas" ? told.areas[state.chosen.row] : null;
    if (area && area.shape) Care.shapes.drawn(area.shape, still("lines", { fill: false, color: "#111111", weight: 3 })).addTo(layers.chosen);
  }

  function addBand(band) {
    Care.shapes.drawn(band[1], still("bands", { stroke: false, fillColor: colours.band, fillOpacity: 0.07 })).addTo(layers.bands);
    const edge = Object.assign({ fill: false, color: colours.band, opacity: 0.95 }, bandLine(band[0]));
    edges.push([band[0], Care.shapes.drawn(band[1], still("lines", edge)).addTo(layers.bands)]);
  }

  function bandLine(minutes) {
    const [width, dashes] = BANDS[minutes] || BANDS[15];
    const near = map.getZoom() >= ROOM;
    return { weight: near ? width : width * 0.55, dashArray: near ? dashes : null };
  }

  function mark(marker, classes) {
    const node = marker.getElement();
    if (node) Object.keys(classes).forEach(function (name) { node.classList[classes[name] ? "add" : "remove"](name); });
  }

  function clicked(event) {
    const found = places.filter(function (place) { return Care.shapes.holds(place[1], event.latlng); })[0];
    Care.choose(found ? { layer: "areas", row: found[0] } : null);
  }

  function zoomed() {
    const zoom = map.getZoom();
    const box = map.getContainer();
    box.classList[zoom < 13 ? "add" : "remove"]("care-far");
    box.classList[zoom >= 13 && zoom < 14 ? "add" : "remove"]("care-middle");
    edges.forEach(function (edge) { edge[1].setStyle(bandLine(edge[0])); });
    thinOut();
  }

  /* No name over another. */
  function thinOut() {
    const taken = [];
    layers.borders.eachLayer(function (layer) {
      const text = layer.getElement && layer instanceof L.Marker ? layer.getElement() : null;
      if (!text) return;
      const at = map.latLngToContainerPoint(layer.getLatLng());
      const half = (Math.min(text.textContent.length, 20) * 15) / 2;
      const covered = taken.some(function (other) { return Math.abs(other.y - at.y) < 18 && Math.abs(other.x - at.x) < half + other.half; });
      text.style.visibility = covered ? "hidden" : "";
      if (!covered) taken.push({ x: at.x, y: at.y, half });
    });
  }

  function goTo(chosen) {
    const bounds = boundsOf(chosen);
    const card = document.getElementById("card").offsetWidth; // it covers the right
    const closest = chosen.layer === "areas" ? map.getMaxZoom() : Math.max(map.getZoom(), NEAR);
    const room = { paddingTopLeft: [40, 60], paddingBottomRight: [card + 30, 40], maxZoom: closest };
    if (bounds) map.fitBounds(bounds, room);
  }

  function boundsOf(chosen) {
    if (chosen.layer === "areas") {
      const { shape } = told.areas[chosen.row];
      return shape ? Care.shapes.drawn(shape, {}).getBounds() : null;
    }
    const layer = { estates, facilities, sites }[chosen.layer][chosen.row];
    if (!layer) return null;
    return layer.getBounds ? layer.getBounds() : L.latLngBounds([layer.getLatLng()]);
  }

  function controls() {
    const north = L.control({ position: "topleft" });
    north.onAdd = northArrow;
    north.addTo(map);
    L.control.zoom({ position: "topleft", zoomInTitle: "+", zoomOutTitle: "−" }).addTo(map);
    const home = L.control({ position: "topleft" });
    home.onAdd = function () {
      const made = Care.button("whole", words.whole, whole);
      L.DomEvent.disableClickPropagation(made);
      return made;
    };
    home.addTo(map);
    L.control.scale({ imperial: false, maxWidth: 140, position: "bottomleft" }).addTo(map);
  }

  function northArrow() {
    const box = element("div", "north");
    const ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg");
    svg.setAttribute("viewBox", "0 0 20 26");
    [["M10 1 L17 25 L10 19 Z", "#1c2733"], ["M10 1 L3 25 L10 19 Z", "#ffffff"]].forEach(function (part) {
      const half = document.createElementNS(ns, "path");
      half.setAttribute("d", part[0]);
      half.setAttribute("fill", part[1]);
      half.setAttribute("stroke", "#1c2733");
      svg.appendChild(half);
    });
    return Care.add(box, element("span", "", words.north), svg);
  }

  function shown(name, on) {
    if (on) layers[name].addTo(map);
    else map.removeLayer(layers[name]);
    if (on && name === "borders") thinOut();
  }

  return { begin, whole, restyle, classOf, isChanged, goTo, shown, sign, BANDS, map() { return map; }, estates, facilities, sites };
})();
