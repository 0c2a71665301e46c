/* The layers of the care map and how each is drawn.
 *
 * Of what a scenario changes there is a second set, drawn in panes of its own: the right-hand side
 * of a divided map. Texts are shown with textContent only.
 */
(function () {
  "use strict";

  const PANES = {
    ground: 210, streets: 220, tiers: 225, borders: 230, bands: 240, after_bands: 241, after_estates: 405,
    bandLines: 420, after_bandLines: 421, circles: 425, dots: 430, route: 440, bubbles: 450, after_bubbles: 451,
    ring: 455, labels: 460, after_facilities: 601,
  };
  const ANSWERING = new Set(["after_estates", "after_facilities"]);
  const STREETS = {
    minor: { color: "#e6e2d9", weight: 0.7 },
    middle: { color: "#d9d4c8", weight: 1.2 },
    major: { color: "#cbc4b4", weight: 2.4 },
  };
  const FAR_ZOOM = 12.25; // below this zoom the signs of facilities are too close to be read
  const NEAR_ZOOM = 14; // from this zoom on there is room for full signs and lines

  const { BANDS, element, sign } = window.CarePanel;

  function addPanes(map) {
    Object.entries(PANES).forEach(([name, order]) => {
      const pane = map.createPane(name);
      pane.style.zIndex = order;
      if (!ANSWERING.has(name)) pane.style.pointerEvents = "none"; // only estates and facilities answer
    });
  }

  function canvas(pane) {
    return L.canvas({ pane, padding: 0.3 });
  }

  function still(pane, style) {
    return L.geoJSON(null, { pane, renderer: canvas(pane), interactive: false, style });
  }

  function add(view, answers) {
    view.bubbleCanvas = canvas("bubbles");
    view.ringCanvas = canvas("ring");
    view.layers = {
      ground: still("ground", (f) => groundStyle(view, f.properties.kind)),
      streets: still("streets", (f) => Object.assign({ fill: false }, STREETS[f.properties.class])),
      borders: still("borders", (f) => borderStyle(f.properties.level)),
      labels: L.layerGroup(),
      ...changing(view, answers, ""),
      scenario: L.featureGroup(),
    };
    view.ring = L.layerGroup().addTo(view.map);
    view.mark = L.layerGroup().addTo(view.map);
    Object.values(view.layers).forEach((layer) => layer.addTo(view.map));
  }

  /* The layers that a scenario changes; `twin` is empty or the prefix of the second set. */
  function changing(view, answers, twin) {
    const { colours } = view.legend;
    const bubbles = twin ? canvas(twin + "bubbles") : view.bubbleCanvas;
    const estatePane = twin ? twin + "estates" : "overlayPane";
    return {
      [twin + "bands"]: still(twin + "bands", () => ({ stroke: false, fillColor: colours.band, fillOpacity: 0.07 })),
      [twin + "bandLines"]: still(twin + "bandLines", (f) => ({
        fill: false, color: colours.band, opacity: 0.95, ...bandLine(view, f.properties.minutes),
      })),
      [twin + "estates"]: L.geoJSON(null, {
        pane: estatePane, renderer: L.canvas({ pane: estatePane, padding: 0.3, tolerance: 2 }),
        bubblingMouseEvents: view.placing, style: (f) => estateStyle(view, f, Boolean(twin)), onEachFeature: answers("estates"),
        pointToLayer: (f, at) => L.circleMarker(at, { pane: estatePane, radius: 6 }),
      }),
      [twin + "bubbles"]: L.geoJSON(null, {
        pane: twin + "bubbles", interactive: false,
        pointToLayer: (f, at) => L.circleMarker(at, {
          pane: twin + "bubbles", renderer: bubbles, interactive: false, radius: f.properties.radius,
          color: colours.bubbleLine, weight: 1.4, fillColor: colours.bubble, fillOpacity: 0.66,
        }),
      }),
      [twin + "facilities"]: L.geoJSON(null, {
        pointToLayer: (f, at) => facilityMarker(view, f, at, twin ? twin + "facilities" : "markerPane"),
        onEachFeature: answers("facilities"),
      }),
    };
  }

  function bubbleScale(map) {
    // Discs grow with the map, more slowly, so that a whole town is not one blot.
    return Math.min(1.8, Math.max(0.45, 2 ** (0.75 * (map.getZoom() - NEAR_ZOOM))));
  }

  function markZoom(view) {
    const box = view.map.getContainer();
    const zoom = view.map.getZoom();
    const scale = bubbleScale(view.map);
    box.classList.toggle("care-far", zoom < FAR_ZOOM);
    box.classList.toggle("care-middle", zoom >= FAR_ZOOM && zoom < NEAR_ZOOM);
    ["", "after_"].filter((twin) => view.layers[twin + "bubbles"]).forEach((twin) => {
      view.layers[twin + "bandLines"].setStyle((f) => bandLine(view, f.properties.minutes));
      view.layers[twin + "bubbles"].eachLayer((disc) => disc.setRadius(radiusOf(view, disc.feature.properties, twin) * scale));
    });
    CareScenario.fit(view, scale);
    view.fill.bubbles(view.samples, scale);
    CareNames.thinOut(view.map, view.layers.labels);
  }

  function groundStyle(view, kind) {
    const { colours } = view.legend;
    const water = /water|river|水|河|湖/.test(kind || "");
    const colour = water ? colours.water : colours.green;
    return { stroke: water, color: colour, weight: 1.5, fillColor: colour, fillOpacity: 1 };
  }

  function bandLine(view, minutes) {
    const [width, dashes] = BANDS[minutes] || BANDS[15];
    const near = view.map.getZoom() >= NEAR_ZOOM;
    return { weight: near ? width : width * 0.55, dashArray: (near && dashes) || null };
  }

  function borderStyle(level) {
    const fine = level === "community";
    return {
      fill: false, color: "#6c7580", opacity: fine ? 0.45 : 0.9,
      weight: fine ? 0.7 : 1.6, dashArray: fine ? "2 4" : "9 4 2 4",
    };
  }

  function putLabels(view, features) {
    view.layers.labels.clearLayers();
    features.map((f) => f.properties).filter((p) => p.level === "street" && p.label_x !== null && p.name).forEach((p) => {
      const icon = L.divIcon({ html: element("span", "", p.name), className: "care-label", iconSize: [0, 0] });
      L.marker([p.label_y, p.label_x], { icon, pane: "labels", interactive: false, keyboard: false })
        .addTo(view.layers.labels);
    });
    CareNames.thinOut(view.map, view.layers.labels);
  }

  function classOf(view, properties) {
    if (view.colouring === "reach" && view.changed[properties.id]) return view.changed[properties.id];
    return properties[view.colouring + "_class"];
  }

  function radiusOf(view, properties, twin) {
    const people = twin ? undefined : view.people[properties.place];
    return people === undefined ? properties.radius : CareScenario.radius(people, view.most);
  }

  function estateStyle(view, feature, twin) {
    const { id } = feature.properties;
    const classes = view.legend.colourings[view.colouring].classes;
    const code = classOf(view, feature.properties);
    const style = classes.find((c) => c.code === code) || classes[classes.length - 1];
    const chosen = CareChoosing.isChosen(view, "estates", id);
    const served = view.area && view.area.has(id);
    const paler = view.area && !served;
    const marked = CareMarks.outline(view, id, twin);
    if (marked && !chosen && !served) {
      return { fillColor: style.fill, fillOpacity: 0.86, opacity: 1, ...marked };
    }
    return {
      fillColor: style.fill, fillOpacity: paler ? 0.3 : 0.86,
      color: chosen || served ? "#111111" : style.line, weight: chosen ? 3.5 : served ? 2.6 : 0.9,
      opacity: paler ? 0.45 : 1, dashArray: chosen || served || !style.dash ? null : style.dash,
    };
  }

  function restyleEstates(view) {
    ["estates", "after_estates"].filter((name) => view.layers[name]).forEach((name) =>
      view.layers[name].setStyle((f) => estateStyle(view, f, name !== "estates")));
  }

  function facilityMarker(view, feature, at, pane) {
    const style = view.legend.facilities[feature.properties.category];
    const node = sign(style, feature.properties);
    const icon = L.divIcon({ html: node, className: "care-icon", iconSize: [22, 22] });
    const marker = L.marker(at, { icon, pane: pane || "markerPane", zIndexOffset: height(feature), keyboard: false, bubblingMouseEvents: view.placing });
    marker.on("dragstart", () => view.tip.remove());
    marker.on("dragend", () => {
      view.gestures.moved(feature.properties.id, marker.getLatLng());
      marker.setLatLng(placeIn(feature)); // until the scenario says where it goes
    });
    return marker;
  }

  function height({ properties }) {
    return properties.counted ? 1000 : properties.operating ? 500 : 0;
  }

  /* What is marked lies above all signs that are not. */
  function raise(marker, up) {
    marker.setZIndexOffset(height(marker.feature) + (up ? 3000 : 0));
  }

  function placeIn(feature) {
    const [x, y] = feature.geometry.coordinates;
    return L.latLng(y, x);
  }

  window.CareLayers = {
    addPanes, add, changing, canvas, still, bubbleScale, markZoom, putLabels, radiusOf, estateStyle, restyleEstates, facilityMarker, raise, placeIn,
  };
})();
