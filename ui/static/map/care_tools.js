/* Whole study, full screen, a measuring line, and the intranet's tiles below everything. */
(function () {
  "use strict";

  const { control, element, row } = window.CarePanel;
  const KM = 1000;

  function install(view, options) {
    control("topleft", "care-tools", (box) => {
      box.append(button(view.legend.words.whole, () => whole(view, options.keep)));
      if (document.fullscreenEnabled) box.append(fullButton(view.legend.words));
      view.measuring = measureButton(view);
      box.append(view.measuring.button);
    }).addTo(view.map);
    if (options.tiles) addTiles(view, options.tiles);
  }

  function button(word, act) {
    const made = element("button", "", word);
    made.type = "button";
    made.onclick = act;
    return made;
  }

  function whole(view, name) {
    view.fit();
    view.touched = false;
    CareView.forget(name);
  }

  function fullButton(words) {
    const made = button(words.full, () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen();
    });
    document.addEventListener("fullscreenchange", () => {
      made.textContent = document.fullscreenElement ? words.leaveFull : words.full;
    });
    return made;
  }

  /* Larger letters for a projector. Whoever has just pressed the switch is given the full screen too:
   * the page's own, which only a frame of the same server may ask for. */
  function project(view, on) {
    const before = view.projected;
    view.projected = on;
    view.map.getContainer().classList.toggle("care-projected", on);
    if (before === on) return;
    view.resized(); // the panel has another width
    if (before === undefined) return;
    const page = window.parent.document; // of the same server: the frame is its own
    const asked = on ? page.documentElement.requestFullscreen() : page.fullscreenElement && page.exitFullscreen();
    if (asked) asked.catch(() => { /* a browser that does not allow it: F11 does */ });
    CareNames.thinOut(view.map, view.layers.labels);
  }

  /* ---- measuring ------------------------------------------------------------------------------ */

  function measureButton(view) {
    const { map } = view;
    const sketch = L.layerGroup();
    const state = { on: false, spots: [] };
    const made = button(view.legend.words.measure, () => turn(!state.on));
    made.title = view.legend.words.measureHint;
    made.setAttribute("aria-pressed", "false");

    function turn(on) {
      Object.assign(state, { on, spots: [] });
      sketch.clearLayers();
      if (on) sketch.addTo(map);
      else sketch.remove();
      made.setAttribute("aria-pressed", String(on));
      map.getContainer().classList.toggle("care-measuring", on);
      map.doubleClickZoom[on ? "disable" : "enable"]();
    }

    function clicked(at) {
      const last = state.spots[state.spots.length - 1];
      if (last && last.equals(at)) return; // the second click of a double click
      state.spots.push(at);
      drawLine(map, view, sketch, state.spots);
    }

    map.getContainer().addEventListener("keydown", (event) => { if (event.key === "Escape" && state.on) turn(false); });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && state.on) turn(false); });
    return { button: made, clicked, isOn: () => state.on };
  }

  function drawLine(map, view, sketch, spots) {
    sketch.clearLayers();
    const style = { pane: "ring", renderer: view.ringCanvas, interactive: false, color: "#111111", weight: 2.5 };
    L.polyline(spots, { ...style, dashArray: "6 4" }).addTo(sketch);
    spots.forEach((at) => L.circleMarker(at, { ...style, radius: 4, fillColor: "#ffd43b", fillOpacity: 1 }).addTo(sketch));
    const metres = spots.slice(1).reduce((sum, to, at) => sum + map.distance(spots[at], to), 0);
    if (spots.length < 2) return;
    const icon = L.divIcon({ html: element("span", "", inWords(view.legend.words, metres)), className: "care-label care-route-label", iconSize: [0, 0] });
    L.marker(spots[spots.length - 1], { icon, pane: "labels", interactive: false, keyboard: false }).addTo(sketch);
    window.careMapCounts.measured = metres;
  }

  function inWords(words, metres) {
    return metres < 10 * KM ? Math.round(metres).toLocaleString("en") + " " + words.metres : (metres / KM).toFixed(1) + " km";
  }

  /* ---- tiles ---------------------------------------------------------------------------------- */

  /* The frame may ask this server, and for pictures the one host of the tiles: no other. */
  function guard(tiles) {
    const rule = element("meta");
    rule.httpEquiv = "Content-Security-Policy";
    rule.content = "connect-src 'self'; img-src 'self' data: blob:" + (tiles ? " " + tiles.origin : "");
    document.head.append(rule);
  }

  function addTiles(view, tiles) {
    const layer = L.tileLayer(tiles.url, { maxZoom: 19, zIndex: 1 }).addTo(view.map);
    const section = view.fill.optional("tiles", view.legend.words.tiles, (on) => (on ? layer.addTo(view.map) : layer.remove()));
    section.box.checked = true;
    section.reveal(true);
    section.rows.replaceChildren(row(element("span"), tiles.source)); // whose it is stands with it
    layer.on("tileerror", () => section.rows.replaceChildren(element("div", "care-note", view.legend.words.tilesLost)));
    view.base = tiles.source;
  }

  window.CareTools = { install, guard, project };
})();
