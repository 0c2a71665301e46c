/* A divided map: left things as they stand, right the scenario, with a line that is dragged between.
 *
 * Both sides are drawn where they lie; each is cut off at the line, so nothing moves with it.
 */
(function () {
  "use strict";

  const TWIN = "after_";
  const LEFT = ["overlayPane", "markerPane", "bands", "bandLines", "bubbles"];
  const RIGHT = ["estates", "facilities", "bands", "bandLines", "bubbles"].map((name) => TWIN + name);
  const STEP = 2; // percent an arrow key moves the line
  const { element } = window.CarePanel;

  function begin(view, answers) {
    if (view.swipe) return;
    const layers = CareLayers.changing(view, answers, TWIN);
    Object.assign(view.layers, layers);
    Object.entries(layers).forEach(([name, layer]) => { if (isShown(view, name)) layer.addTo(view.map); });
    view.swipe = { part: 50, ...addLine(view) };
    view.swipe.cut = () => cut(view);
    view.map.on("move zoomend viewreset resize", view.swipe.cut);
    view.map.on("zoomstart", () => uncut(view)); // panes are scaled meanwhile: a cut would be wrong
    moveTo(view, 50);
  }

  function isShown(view, name) {
    return !view.hidden.has(name.slice(TWIN.length));
  }

  function addLine(view) {
    const { words } = view.legend;
    const line = element("div", "care-swipe");
    const handle = element("button", "care-swipe-handle", "◂▸");
    handle.type = "button";
    const told = { role: "slider", "aria-label": words.swipe, "aria-orientation": "horizontal", "aria-valuemin": 0, "aria-valuemax": 100 };
    Object.entries(told).forEach(([name, value]) => handle.setAttribute(name, value));
    handle.title = words.swipe;
    line.append(element("span", "care-side care-side-before", words.before), element("span", "care-side care-side-after", words.after), handle);
    view.map.getContainer().append(line);
    L.DomEvent.disableClickPropagation(line);
    handle.addEventListener("keydown", (event) => press(view, event));
    line.addEventListener("pointerdown", (event) => drag(view, line, event));
    return { line, handle };
  }

  function drag(view, line, event) {
    event.preventDefault();
    event.stopPropagation();
    view.swipe.handle.focus({ preventScroll: true });
    line.setPointerCapture(event.pointerId);
    const follow = (moved) => {
      const box = view.map.getContainer().getBoundingClientRect();
      moveTo(view, 100 * (moved.clientX - box.left) / box.width);
    };
    const stop = () => {
      line.removeEventListener("pointermove", follow);
      line.removeEventListener("pointerup", stop);
      line.removeEventListener("pointercancel", stop);
    };
    line.addEventListener("pointermove", follow);
    line.addEventListener("pointerup", stop);
    line.addEventListener("pointercancel", stop);
  }

  function press(view, event) {
    const { part } = view.swipe;
    const far = event.shiftKey ? 5 * STEP : STEP;
    const to = { ArrowLeft: part - far, ArrowDown: part - far, ArrowRight: part + far, ArrowUp: part + far, Home: 0, End: 100,
      PageDown: part - 5 * STEP, PageUp: part + 5 * STEP }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // the map would move at an arrow key
    moveTo(view, to);
  }

  function moveTo(view, part) {
    const { swipe } = view;
    swipe.part = Math.min(100, Math.max(0, part));
    swipe.line.style.left = swipe.part + "%";
    swipe.handle.setAttribute("aria-valuenow", String(Math.round(swipe.part)));
    swipe.cut();
  }

  function cut(view) {
    const { map, swipe } = view;
    const size = map.getSize();
    const corner = map.containerPointToLayerPoint([0, 0]);
    const x = corner.x + (size.x * swipe.part) / 100;
    const [top, bottom, left, right] = [corner.y, corner.y + size.y, corner.x, corner.x + size.x];
    const box = (from, to) => `polygon(${from}px ${top}px, ${to}px ${top}px, ${to}px ${bottom}px, ${from}px ${bottom}px)`;
    LEFT.forEach((name) => { map.getPane(name).style.clipPath = box(left, x); });
    RIGHT.forEach((name) => { map.getPane(name).style.clipPath = box(x, right); });
  }

  function uncut(view) {
    if (!view.swipe) return;
    RIGHT.concat(LEFT).forEach((name) => { view.map.getPane(name).style.clipPath = ""; });
  }

  function end(view) {
    if (!view.swipe) return;
    view.map.off("move zoomend viewreset resize", view.swipe.cut);
    uncut(view);
    view.swipe.line.remove();
    view.swipe = null;
    CareMarks.dress(view);
    Object.keys(view.layers).filter((name) => name.startsWith(TWIN)).forEach((name) => {
      view.layers[name].remove();
      delete view.layers[name];
      delete view.tokens[name];
    });
  }

  /* Facilities that only the scenario has, or has elsewhere, are marked on its side. */
  function markNew(view) {
    if (!view.layers.after_facilities) return;
    const before = new Map();
    CareMarks.dress(view);
    view.layers.facilities.eachLayer((marker) => before.set(marker.feature.properties.id, marker.getLatLng()));
    view.layers.after_facilities.eachLayer((marker) => {
      const stood = before.get(marker.feature.properties.id);
      const node = marker.getElement();
      if (!node) return;
      node.classList.toggle("care-opened", !stood);
      node.classList.toggle("care-moved", Boolean(stood) && !stood.equals(marker.getLatLng()));
    });
  }

  window.CareSwipe = { TWIN, begin, end, markNew };
})();
