/* Where the map looks: on the study's ground at first, then where the user has moved it.
 *
 * Centre and zoom are kept in the browser's tab under the name of the study, so that another page
 * and a reload come back to them.
 */
(function () {
  "use strict";

  const KEPT = "care view of ";

  function stayWhenFocused(box) {
    // Leaflet focuses the map when the button goes down. A map half out of sight would be scrolled
    // in then, and the click would be told of another place than was pointed at.
    box.focus = () => HTMLElement.prototype.focus.call(box, { preventScroll: true });
  }

  function keepInView(view, bounds, name) {
    // The frame gets its real size after its style sheet: fit until the user moves the map.
    const { map } = view;
    const panel = map.getContainer().querySelector(".care-panel");
    view.fit = () => {
      const size = map.getSize(); // before the style sheet it may be too small for any margin
      const roomy = size.x > 2 * panel.offsetWidth && size.y > 120;
      const margins = roomy ? [[48, 10], [panel.offsetWidth + 16, 34]] : [[0, 0], [0, 0]];
      map.fitBounds(bounds, { paddingTopLeft: margins[0], paddingBottomRight: margins[1], animate: false });
    };
    ["mousedown", "wheel", "touchstart", "keydown"].forEach((event) =>
      map.getContainer().addEventListener(event, () => { view.touched = true; }, { passive: true }));
    const kept = recall(name);
    if (kept) {
      view.touched = view.restored = true;
      map.setView([kept[0], kept[1]], kept[2], { animate: false });
    } else view.fit();
    map.on("moveend", () => { if (view.touched) remember(name, map); });
    new ResizeObserver(() => {
      map.invalidateSize({ animate: false });
      if (!view.touched) view.fit();
    }).observe(map.getContainer());
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

  window.CareView = { stayWhenFocused, keepInView, forget };
})();
