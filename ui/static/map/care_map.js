/* Draws the care map with Leaflet. Python sends styles, words and tokens; layers are fetched here.
 *
 * Names and every other text of a study arrive as JSON and are shown with textContent only:
 * nothing in this file builds HTML from a string.
 */
(function () {
  "use strict";

  const LAYERS = "../../layers/";
  const PANES = { ground: 210, streets: 220, borders: 230, bands: 240, bandLines: 420, bubbles: 450, labels: 460 };
  const STREETS = {
    minor: { color: "#e6e2d9", weight: 0.7 },
    middle: { color: "#d9d4c8", weight: 1.2 },
    major: { color: "#cbc4b4", weight: 2.4 },
  };
  const FAR_ZOOM = 13; // below this zoom the signs of facilities are too close to be read
  const GOAL_ZOOM = 16; // near enough for names, far enough for the next streets
  const NEAR_ZOOM = 14; // from this zoom on there is room for full signs and lines

  // Read by the browser test: how many features each layer holds, how often the map was opened.
  const counts = (window.careMapCounts = { opened: 0, shown: 0, recoloured: 0, fetched: 0 });

  const { BANDS, element, sign } = window.CarePanel;
  let view = null;

  /* ---- the frame: panes, controls, panel ---------------------------------------------------- */

  function open(map, options) {
    counts.opened += 1;
    view = {
      map, legend: options.legend, placing: options.gesture === "place", layers: {}, tokens: {}, hidden: new Set(),
      colouring: "minutes", selected: null, samples: [], most: 1, changed: {}, people: {}, closed: new Set(), index: {}, goal: "null", touched: false, tip: L.tooltip({ className: "care-tip", direction: "top" }),
    };
    stayWhenFocused(map.getContainer());
    map.getContainer().classList.toggle("care-placing", view.placing);
    map.getContainer().style.background = view.legend.colours.ground;
    map.attributionControl.setPrefix("Leaflet");
    Object.entries(PANES).forEach(([name, order]) => {
      const pane = map.createPane(name);
      pane.style.zIndex = order;
      pane.style.pointerEvents = "none"; // only estates and facilities answer the pointer
    });
    CarePanel.addNorthArrow(map, view.legend.words.north);
    L.control.scale({ imperial: false, maxWidth: 140, position: "bottomleft" }).addTo(map);
    view.fill = CarePanel.addPanel(map, view.legend, setShown);
    if (view.legend.words.hints) view.fill.scenario();
    view.writeCaption = CarePanel.addCaption(map, view.legend.words);
    addLayers();
    (view.legend.hidden || []).forEach(view.fill.hide);
    keepInView(map, options.bounds);
    map.on("click", (event) => (drawing() ? view.gestures.clicked(event.latlng, null) : pick(null)));
    map.on("zoomend", markZoom);
    if (view.placing) view.writeNames = CareNames.write(map);
    if (options.gesture === "edit") view.gestures = CareGestures.install(map, view.legend.words, (told) =>
      tellPage({ layer: "gesture", ...told, at: Date.now() }));
    markZoom();
  }

  function stayWhenFocused(box) {
    // Leaflet focuses the map when the button goes down. A map half out of sight would be scrolled
    // in then, and the click would be told of another place than was pointed at.
    box.focus = () => HTMLElement.prototype.focus.call(box, { preventScroll: true });
  }

  function keepInView(map, bounds) {
    // The frame gets its real size after its style sheet: fit until the user moves the map.
    const panel = map.getContainer().querySelector(".care-panel");
    const fit = () => {
      const size = map.getSize(); // before the style sheet it may be too small for any margin
      const roomy = size.x > 2 * panel.offsetWidth && size.y > 120;
      const margins = roomy ? [[48, 10], [panel.offsetWidth + 16, 34]] : [[0, 0], [0, 0]];
      map.fitBounds(bounds, { paddingTopLeft: margins[0], paddingBottomRight: margins[1], animate: false });
    };
    ["mousedown", "wheel", "touchstart", "keydown"].forEach((event) =>
      map.getContainer().addEventListener(event, () => { view.touched = true; }, { passive: true }));
    fit();
    new ResizeObserver(() => {
      map.invalidateSize({ animate: false });
      if (!view.touched) fit();
    }).observe(map.getContainer());
  }

  function drawing() {
    return Boolean(view.gestures) && !view.gestures.isChoosing() && !view.gestures.isMoving();
  }

  function markZoom() {
    const box = view.map.getContainer();
    const zoom = view.map.getZoom();
    box.classList.toggle("care-far", zoom < FAR_ZOOM);
    box.classList.toggle("care-middle", zoom >= FAR_ZOOM && zoom < NEAR_ZOOM);
    view.layers.bandLines.setStyle((f) => bandLine(f.properties.minutes));
    view.layers.bubbles.eachLayer((disc) => disc.setRadius(radiusOf(disc.feature.properties) * bubbleScale()));
    CareScenario.fit(view, bubbleScale());
    view.fill.bubbles(view.samples, bubbleScale());
    CareNames.thinOut(view.map, view.layers.labels);
  }

  /* ---- the layers ---------------------------------------------------------------------------- */

  function addLayers() {
    const { colours } = view.legend;
    const canvas = (pane) => L.canvas({ pane, padding: 0.3 });
    const still = (pane, style) =>
      L.geoJSON(null, { pane, renderer: canvas(pane), interactive: false, style });
    view.layers = {
      ground: still("ground", (f) => groundStyle(f.properties.kind)),
      streets: still("streets", (f) => Object.assign({ fill: false }, STREETS[f.properties.class])),
      borders: still("borders", (f) => borderStyle(f.properties.level)),
      labels: L.layerGroup(),
      bands: still("bands", () => ({ stroke: false, fillColor: colours.band, fillOpacity: 0.07 })),
      bandLines: still("bandLines", (f) => ({
        fill: false, color: colours.band, opacity: 0.95, ...bandLine(f.properties.minutes),
      })),
      estates: L.geoJSON(null, {
        renderer: L.canvas({ padding: 0.3, tolerance: 2 }), bubblingMouseEvents: view.placing,
        style: estateStyle, onEachFeature: answers("estates"),
        pointToLayer: (f, at) => L.circleMarker(at, { radius: 6 }),
      }),
      bubbles: L.geoJSON(null, {
        pane: "bubbles", interactive: false,
        pointToLayer: (f, at) => L.circleMarker(at, {
          pane: "bubbles", renderer: view.bubbleCanvas, interactive: false, radius: f.properties.radius,
          color: colours.bubbleLine, weight: 0.9, fillColor: colours.bubble, fillOpacity: 0.66,
        }),
      }),
      facilities: L.geoJSON(null, { pointToLayer: facilityMarker, onEachFeature: answers("facilities") }),
      scenario: L.featureGroup(),
    };
    view.bubbleCanvas = canvas("bubbles");
    view.ring = L.layerGroup().addTo(view.map);
    view.mark = L.layerGroup().addTo(view.map);
    Object.values(view.layers).forEach((layer) => layer.addTo(view.map));
  }

  function bubbleScale() {
    // Discs grow with the map, more slowly, so that a whole town is not one blot.
    return Math.min(1.8, Math.max(0.45, 2 ** (0.75 * (view.map.getZoom() - NEAR_ZOOM))));
  }

  function groundStyle(kind) {
    const { colours } = view.legend;
    const water = /water|river|水|河|湖/.test(kind || "");
    const colour = water ? colours.water : colours.green;
    return { stroke: water, color: colour, weight: 1.5, fillColor: colour, fillOpacity: 1 };
  }

  function bandLine(minutes) {
    const [width, dashes] = BANDS[minutes] || BANDS[15];
    const near = view.map.getZoom() >= NEAR_ZOOM;
    return { weight: near ? width : width * 0.55, dashArray: (near && dashes) || null };
  }

  function borderStyle(level) {
    const fine = level === "community" || level === "planning_unit";
    return {
      fill: false, color: "#6c7580", opacity: fine ? 0.45 : 0.9,
      weight: fine ? 0.7 : 1.6, dashArray: fine ? "2 4" : "9 4 2 4",
    };
  }

  function putLabels(features) {
    view.layers.labels.clearLayers();
    features.map((f) => f.properties).filter((p) => p.level === "street" && p.label_x !== null && p.name).forEach((p) => {
      const icon = L.divIcon({ html: element("span", "", p.name), className: "care-label", iconSize: [0, 0] });
      L.marker([p.label_y, p.label_x], { icon, pane: "labels", interactive: false, keyboard: false })
        .addTo(view.layers.labels);
    });
    CareNames.thinOut(view.map, view.layers.labels);
  }

  function classOf(properties) {
    if (view.colouring === "reach" && view.changed[properties.id]) return view.changed[properties.id];
    return properties[view.colouring + "_class"];
  }

  function radiusOf(properties) {
    const people = view.people[properties.place];
    return people === undefined ? properties.radius : CareScenario.radius(people, view.most);
  }

  function estateStyle(feature) {
    const classes = view.legend.colourings[view.colouring].classes;
    const code = classOf(feature.properties);
    const style = classes.find((c) => c.code === code) || classes[classes.length - 1];
    const chosen = isSelected("estates", feature.properties.id);
    return {
      fillColor: style.fill, fillOpacity: 0.86,
      color: chosen ? "#111111" : style.line, weight: chosen ? 3.5 : 0.9,
      dashArray: chosen || !style.dash ? null : style.dash,
    };
  }

  function facilityMarker(feature, at) {
    const style = view.legend.facilities[feature.properties.category];
    const node = sign(style, feature.properties);
    const icon = L.divIcon({ html: node, className: "care-icon", iconSize: [22, 22] });
    const raised = feature.properties.counted ? 1000 : feature.properties.operating ? 500 : 0;
    const marker = L.marker(at, { icon, zIndexOffset: raised, keyboard: false, bubblingMouseEvents: view.placing });
    marker.on("dragend", () => view.gestures.moved(feature.properties.id, marker.getLatLng()));
    return marker;
  }

  /* ---- pointing and choosing ----------------------------------------------------------------- */

  function answers(name) {
    return (feature, layer) => {
      // streamlit-folium sends toGeoJSON() of what was clicked: the id is all the page needs.
      layer.toGeoJSON = () => ({ layer: name, id: feature.properties.id });
      layer.on("click", (event) => {
        if (drawing()) view.gestures.clicked(event.latlng, name === "estates" ? feature.properties.id : null);
        else pick(layer.toGeoJSON());
      });
      layer.on("mousemove mouseover", (event) => point(name, feature.properties, event.latlng));
      layer.on("mouseout", () => view.tip.remove());
    };
  }

  function point(name, properties, at) {
    const box = element("div");
    box.append(element("strong", "", properties.name || properties.id));
    if (!view.placing) box.append(element("span", "", name === "estates" ? estateLine(properties) : facilityLine(properties)));
    view.tip.setLatLng(at).setContent(box).addTo(view.map);
  }

  function estateLine(properties) {
    const { words, colourings } = view.legend;
    const walk = properties.minutes === null
      ? words.unknownMinutes : properties.minutes.toFixed(1) + " " + words.minutes;
    const verdict = colourings.verdict.classes.find((c) => c.code === properties.verdict_class);
    return walk + " · " + verdict.label;
  }

  function facilityLine(properties) {
    const kind = view.legend.facilities[properties.category].label;
    return properties.operating ? kind : kind + " · " + view.legend.words.idle;
  }

  function isSelected(name, id) {
    return Boolean(view.selected) && view.selected.layer === name && view.selected.id === id;
  }

  function pick(chosen) {
    if (view.placing) return; // a click is a place: streamlit-folium sends it
    select(chosen);
    // Sent at once instead of after streamlit-folium's quarter of a second; its own later message
    // then finds nothing new to say.
    tellPage(chosen);
  }

  function tellPage(told) {
    const data = { last_active_drawing: told };
    window.__GLOBAL_DATA__.last_active_drawing = told;
    window.__GLOBAL_DATA__.previous_data = data;
    window.Streamlit.setComponentValue(data);
  }

  function select(chosen) {
    view.selected = chosen;
    view.layers.estates.setStyle(estateStyle);
    view.layers.facilities.eachLayer((marker) => {
      const on = isSelected("facilities", marker.feature.properties.id);
      if (marker.getElement()) marker.getElement().classList.toggle("care-chosen", on);
    });
    ringAround(chosen && placeOf(chosen));
  }

  function placeOf(chosen) {
    let found = null;
    const names = chosen.layer === "facilities" ? ["scenario", "facilities"] : [chosen.layer];
    names.forEach((name) => view.layers[name].eachLayer((layer) => {
      if (!found && layer.feature && layer.feature.properties.id === chosen.id) found = layer;
    }));
    return found;
  }

  function centreOf(layer) {
    return layer.getLatLng ? layer.getLatLng() : layer.getBounds().getCenter();
  }

  function ringAround(layer) {
    view.ring.clearLayers();
    if (!layer) return;
    if (layer.bringToFront) layer.bringToFront();
    [["#111111", 7], ["#ffd43b", 3.5]].forEach(([color, weight]) =>
      L.circleMarker(centreOf(layer), {
        pane: "bubbles", renderer: view.bubbleCanvas, interactive: false, fill: false, radius: 19, color, weight,
      }).addTo(view.ring));
  }

  function mark(at) {
    view.mark.clearLayers();
    if (!at) return;
    [["#ffffff", 9, 7], ["#c2185b", 9, 4], ["#c2185b", 1.5, 3]].forEach(([color, radius, weight]) =>
      L.circleMarker(at, {
        pane: "bubbles", renderer: view.bubbleCanvas, interactive: false, fill: false, radius, color, weight,
      }).addTo(view.mark));
  }

  function goToGoal(goal) {
    if (JSON.stringify(goal) === view.goal) return;
    view.goal = JSON.stringify(goal);
    ringAround(goal && goal.chosen && placeOf(goal.chosen));
    if (!goal) return;
    view.touched = true; // the frame may still be growing: it must not fit the whole again
    view.map.fitBounds(goal.bounds, { maxZoom: GOAL_ZOOM, padding: [30, 30], animate: false });
  }

  function goTo(chosen) {
    const found = placeOf(chosen);
    if (found && !view.map.getBounds().pad(-0.2).contains(centreOf(found))) {
      view.map.panTo(centreOf(found));
    }
  }

  /* ---- what Python says ---------------------------------------------------------------------- */

  function show(state) {
    counts.shown += 1;
    const recolour = state.colouring !== view.colouring || counts.recoloured === 0;
    view.colouring = state.colouring;
    if (recolour) {
      counts.recoloured += 1;
      view.fill.estates(view.colouring);
      view.layers.estates.setStyle(estateStyle);
    }
    const moved = JSON.stringify(state.selected) !== JSON.stringify(view.selected);
    if (moved) select(state.selected);
    mark(state.mark);
    if (view.gestures) {
      view.gestures.setMode(state.mode);
      letMove();
    }
    if (view.tokens.gains && !state.tokens.gains) { delete view.tokens.gains; CareGains.hide(); }
    const loads = Object.entries(state.tokens).map(([name, token]) => load(name, token));
    Promise.all(loads).then(() => {
      if (moved && state.selected) goTo(state.selected);
      goToGoal(state.goal);
    });
  }

  async function load(name, token) {
    if (view.tokens[name] === token) return;
    view.tokens[name] = token;
    const answer = await fetch(LAYERS + token + ".geojson");
    if (view.tokens[name] !== token) return; // a later evaluation overtook this one
    if (!answer.ok) { view.writeCaption({ notice: view.legend.words.gone, title: "", on: "", sources: [] }); return; }
    const data = await answer.json();
    counts.fetched += 1;
    if (name === "scenario") { showScenario(data); return; }
    if (name === "gains") { CareGains.show(view.map, data, openAt); return; }
    if (name === "caption") { view.writeCaption(data); return; }
    put(name, data);
    if (name === "bands") { put("bandLines", data); view.fill.bands(data.features); }
    if (name === "borders") putLabels(data.features);
    if (view.writeNames) view.writeNames(name, data.features);
    if (name === "bubbles") { view.samples = data.samples; view.most = data.most; markZoom(); }
    if (name === "facilities") view.fill.facilities(data.features);
    if (name === "facilities" || name === "estates") select(view.selected);
    if (name === "facilities") markClosed();
  }

  function openAt(spot) {
    tellPage({ layer: "gesture", gesture: "open", spots: [spot], at: Date.now() });
  }

  /* ---- a scenario: only what differs from things as they stand ------------------------------- */

  function showScenario(data) {
    const estates = { ...view.changed, ...data.estates };
    const people = { ...view.people, ...data.people };
    Object.assign(view, { changed: data.estates, people: data.people, closed: new Set(data.closed) });
    restyle("estates", "id", estates, (layer) => layer.setStyle(estateStyle(layer.feature)));
    restyle("bubbles", "place", people, (disc) => disc.setRadius(radiusOf(disc.feature.properties) * bubbleScale()));
    markClosed();
    CareScenario.draw(view, data.features, { marker: facilityMarker, answers: answers("scenario"), scale: bubbleScale() });
    letMove();
    if (view.gestures) view.gestures.clear();
    counts.scenarios = (counts.scenarios || 0) + 1;
    counts.changed = Object.keys(data.estates).length;
  }

  function restyle(name, key, wanted, change) {
    if (!view.index[name]) {
      view.index[name] = new Map();
      view.layers[name].eachLayer((layer) => view.index[name].set(layer.feature.properties[key], layer));
    }
    Object.keys(wanted).forEach((id) => view.index[name].has(id) && change(view.index[name].get(id)));
  }

  function markClosed() {
    view.layers.facilities.eachLayer((marker) => {
      const node = marker.getElement();
      if (node) node.classList.toggle("care-shut", view.closed.has(marker.feature.properties.id));
    });
  }

  function letMove() {
    const free = Boolean(view.gestures) && view.gestures.isMoving();
    [view.layers.facilities, view.layers.scenario].forEach((group) => group.eachLayer((marker) => {
      if (!marker.dragging) return;
      if (!free || marker.feature.properties.kind === "gate") marker.dragging.disable();
      else if (!view.closed.has(marker.feature.properties.id) || group === view.layers.scenario) marker.dragging.enable();
    }));
  }

  function put(name, data) {
    delete view.index[name];
    view.layers[name].clearLayers().addData(data);
    counts[name] = data.features.length;
  }

  function setShown(name, on) {
    if (on) view.layers[name].addTo(view.map);
    else view.layers[name].remove();
  }

  window.CareMap = { open, show };
})();
