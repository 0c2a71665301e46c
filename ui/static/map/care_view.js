/* Where the map looks: on the study's ground at first, then where the user has moved it.
 *
 * Centre and zoom are kept in the browser's tab under the name of the study, so that another page
 * and a reload come back to them.
 */
(function () {
  "use strict";

  const KEPT = "care view of ";
  const SMALL = { x: 800, y: 400 }; // below this the panel would cover what it explains
  const EDGE = { left: 50, top: 12, right: 12, bottom: 36 }; // buttons, and the line of the caption
  const LABEL = 170; // pixels of what is written beside a route
  const FURTHER = 0.75; // zoom levels that one can go out beyond the whole study

  function stayWhenFocused(box) {
    // Leaflet focuses the map when the button goes down. A map half out of sight would be scrolled
    // in then, and the click would be told of another place than was pointed at.
    box.focus = () => HTMLElement.prototype.focus.call(box, { preventScroll: true });
  }

  function keepInView(view, bounds, name) {
    // The frame gets its real size after its style sheet: fit until the user moves the map.
    const { map } = view;
    view.fit = () => ours(view, () => {
      map.setMinZoom(0);
      map.fitBounds(bounds, { ...margins(view), animate: false });
      limit(view, bounds);
    });
    // Whatever moves the map and is not done here is the user's wish.
    map.on("movestart", () => { if (!view.ours) view.touched = true; });
    const kept = recall(name);
    if (kept) {
      view.touched = view.restored = true;
      map.setView([kept[0], kept[1]], kept[2], { animate: false });
    } else view.fit();
    map.on("moveend", () => { if (view.touched) remember(name, map); });
    view.resized = () => resized(view, bounds);
    new ResizeObserver(view.resized).observe(map.getContainer());
    view.resized();
  }

  function resized(view, bounds) {
    const { map } = view;
    ours(view, () => map.invalidateSize({ animate: false }));
    CarePanel.foldIfSmall(map, map.getSize().x < SMALL.x || map.getSize().y < SMALL.y);
    if (view.touched) limit(view, bounds);
    else view.fit();
  }

  /* Beyond the study there is nothing to be seen: one cannot go out much farther than to the whole. */
  function limit(view, bounds) {
    const { map } = view;
    if (view.placing) return; // something may be put down beyond it
    map.setMinZoom(0);
    const { paddingTopLeft, paddingBottomRight } = margins(view);
    const whole = map.getBoundsZoom(bounds, false, L.point(paddingTopLeft).add(paddingBottomRight));
    if (Number.isFinite(whole)) map.setMinZoom(Math.min(whole - FURTHER, map.getZoom()));
  }

  function ours(view, move) {
    const before = view.ours;
    view.ours = true;
    move();
    view.ours = before;
  }

  /* What the controls leave free; before the style sheet the map may be too small for any margin.
   * `beside`: a folded panel is left free too. */
  function margins(view, beside) {
    const size = view.map.getSize();
    const panel = view.map.getContainer().querySelector(".care-panel");
    const over = panel.classList.contains("care-closed") && !beside;
    const right = over ? EDGE.right : panel.offsetWidth + 2 * EDGE.right;
    const roomy = size.x > 2 * right && size.y > 120;
    return roomy
      ? { paddingTopLeft: [EDGE.left, EDGE.top], paddingBottomRight: [right, EDGE.bottom] }
      : { paddingTopLeft: [0, 0], paddingBottomRight: [0, 0] };
  }

  /* Move what lies under the panel, or under the buttons on the left, out from under it. */
  function clearOfControls(view, bounds) {
    const { map } = view;
    const panel = map.getContainer().querySelector(".care-panel");
    if (!bounds.isValid() || !panel.offsetWidth) return;
    const cover = panel.getBoundingClientRect();
    const box = map.getContainer().getBoundingClientRect();
    const [one, other] = [bounds.getNorthWest(), bounds.getSouthEast()].map((at) => map.latLngToContainerPoint(at));
    const under = other.x > cover.left - box.left - EDGE.right && one.x < cover.right - box.left
      && other.y > cover.top - box.top && one.y < cover.bottom - box.top;
    if (under) map.panBy([other.x - (cover.left - box.left) + 2 * EDGE.right, 0]);
    else if (one.x < EDGE.left + LABEL / 2) map.panBy([one.x - EDGE.left - LABEL / 2, 0]);
  }

  /* The wheel scrolls the page; with Ctrl, after a click into the map, and on a full screen it zooms. */
  function tameWheel(view) {
    const box = view.map.getContainer();
    const hint = CarePanel.element("div", "care-wheel", view.legend.words.wheel);
    box.append(hint);
    let entered = false;
    let hiding = 0;
    box.addEventListener("pointerdown", () => { entered = true; hint.classList.remove("care-on"); });
    document.documentElement.addEventListener("mouseleave", () => { entered = false; });
    box.addEventListener("wheel", (event) => {
      if (event.ctrlKey || entered || document.fullscreenElement) return;
      event.stopImmediatePropagation();
      if (event.target.closest(".care-control")) return; // the panel has a wheel of its own
      hint.classList.add("care-on");
      window.clearTimeout(hiding);
      hiding = window.setTimeout(() => hint.classList.remove("care-on"), 1200);
    }, { capture: true, passive: true });
  }

  function remember(name, map) {
    if (!name) return;
    const { lat, lng } = map.getCenter();
    try {
      window.sessionStorage.setItem(KEPT + name, JSON.stringify([lat, lng, map.getZoom()]));
    } catch { /* a browser that keeps nothing: the map opens on the whole study again */ }
  }

  function recall(name) {
    if (!name) return null;
    try {
      const kept = JSON.parse(window.sessionStorage.getItem(KEPT + name));
      return Array.isArray(kept) && kept.length === 3 && kept.every(Number.isFinite) ? kept : null;
    } catch { return null; }
  }

  function forget(name) {
    try { window.sessionStorage.removeItem(KEPT + name); } catch { /* nothing was kept */ }
  }

  window.CareView = { stayWhenFocused, keepInView, forget, margins, ours, clearOfControls, tameWheel };
})();
