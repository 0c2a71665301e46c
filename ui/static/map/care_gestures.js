/* Gestures that change a scenario: a click opens a facility or a gate, a drag moves a facility, two
 * clicks draw a link, several a block. Each is sent as degrees and ids; what it means, Python says.
 */
(function () {
  "use strict";

  const POINTS = { open: 1, ask: 1, gate: 1, link: 2, block: Infinity };
  const SKETCH = { link: { color: "#1d6b43", weight: 4 }, block: { color: "#a3123f", weight: 4, dashArray: "8 5" } };

  let state = null;

  function install(map, words, send) {
    state = { map, words, send, mode: "choose", spots: [], hint: addHint(map), sketch: L.layerGroup().addTo(map) };
    map.on("dblclick", finish);
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape") clear();
      if (event.key === "Enter") finish();
    });
    return { setMode, clicked, moved, isChoosing: () => state.mode === "choose", isMoving: () => state.mode === "move", clear, forget: draw };
  }

  function addHint(map) {
    const box = CarePanel.element("div", "care-hint");
    box.hidden = true;
    box.setAttribute("role", "status");
    map.getContainer().append(box);
    return box;
  }

  function setMode(mode) {
    if (mode === state.mode) return;
    state.mode = mode;
    clear();
    state.hint.textContent = state.words.hints[mode] || "";
    state.hint.hidden = !state.hint.textContent;
    state.hint.classList.toggle("care-low", mode === "ask"); // at the top it would cover what is shown
    state.map.getContainer().classList.toggle("care-drawing", mode in POINTS);
    state.map.doubleClickZoom[mode === "block" ? "disable" : "enable"]();
  }

  function clear() {
    state.spots = [];
    state.sketch.clearLayers();
  }

  /* A click while something is being drawn; `estate` is the id of the one clicked on, if any. */
  function clicked(at, estate) {
    const most = POINTS[state.mode];
    if (most === undefined) return;
    if (state.mode === "gate" && !estate) return; // a gate belongs to an estate
    const last = state.spots[state.spots.length - 1];
    if (last && last.equals(at)) return; // the second click of a double click
    state.spots.push(at);
    draw();
    if (state.spots.length === most) tell({ estate: estate || null });
  }

  function finish() {
    if (state.mode === "block" && state.spots.length > 1) tell({});
  }

  function draw() {
    state.sketch.clearLayers();
    const style = Object.assign({ color: "#c2185b", weight: 4, interactive: false, pane: "bubbles" }, SKETCH[state.mode]);
    if (state.spots.length > 1) L.polyline(state.spots, style).addTo(state.sketch);
    state.spots.forEach((at) => L.circleMarker(at, { ...style, radius: 6, fill: false }).addTo(state.sketch));
  }

  function tell(more) {
    const spots = state.spots.map((at) => [round(at.lng), round(at.lat)]);
    state.spots = []; // what was drawn stays until the scenario shows it
    state.send({ gesture: state.mode, spots, ...more });
  }

  function moved(id, at) {
    state.spots = [at];
    draw(); // where it was dropped, until the scenario shows it there
    state.spots = [];
    state.send({ gesture: "move", spots: [[round(at.lng), round(at.lat)]], facility: id });
  }

  function round(degrees) {
    return Math.round(degrees * 1e7) / 1e7;
  }

  window.CareGestures = { install };
})();
