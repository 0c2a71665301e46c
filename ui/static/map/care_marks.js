/* What a scenario changes, marked on the map of the scenario itself: facilities opened or moved are
 * ringed, those closed stand struck out where they were, estates newly reached have a thick outline.
 *
 * Texts are shown with textContent only: nothing here builds HTML from a string.
 */
(function () {
  "use strict";

  const { element, row } = window.CarePanel;
  const OUTLINES = {
    gained: { color: "#0a3d22", weight: 3.5, dashArray: null },
    lost: { color: "#7a0f30", weight: 3.5, dashArray: "7 4" },
  };

  function draw(view, group, data) {
    CareScenario.layers(view, data.features, {
      marker: (feature, at) => CareLayers.facilityMarker(view, feature, at), answers: () => {},
      scale: CareLayers.bubbleScale(view.map),
    }).forEach((layer) => {
      layer.addTo(group);
      if (layer.feature.properties.kind !== "closed") return;
      layer.getElement().classList.add("care-shut");
      CareLayers.raise(layer, true);
    });
    return rows(view, data);
  }

  function rows(view, data) {
    const { words } = view.legend;
    const number = { opened: data.opened.length, moved: data.moved.length, closed: data.closed };
    data.features.forEach(({ properties: { kind } }) => { if (kind !== "closed") number[kind] = (number[kind] || 0) + 1; });
    Object.values(data.estates).forEach((kind) => { number[kind] = (number[kind] || 0) + 1; });
    const kinds = ["opened", "moved", "closed", "link", "gate", "block", "gained", "lost"];
    return kinds.filter((kind) => number[kind]).map((kind) =>
      row(element("i", "care-key care-key-" + kind), words[kind] + " " + number[kind]));
  }

  /* The outline of an estate; in a divided map only its right-hand side is that of the scenario. */
  function outline(view, id, twin) {
    if (!view.marks || (view.swipe && !twin)) return null;
    return OUTLINES[view.marks.estates[id]] || null;
  }

  function take(view, data) {
    const before = view.marks;
    view.marks = data;
    view.fill.alsoFolded(data ? rows(view, data) : []);
    dress(view);
    if (before || data) CareLayers.restyleEstates(view);
    front(view);
  }

  /* Outlines lie above the ground of their neighbours. */
  function front(view) {
    if (!view.marks) return;
    ["estates", "after_estates"].filter((name) => view.layers[name]).forEach((name) =>
      view.layers[name].eachLayer((layer) => { if (view.marks.estates[layer.feature.properties.id]) layer.bringToFront(); }));
  }

  function dress(view) {
    if (view.tokens.scenario) return; // there the scenario's own signs lie above
    const { opened, moved } = view.marks || { opened: [], moved: [] };
    view.layers.facilities.eachLayer((marker) => {
      const node = marker.getElement();
      const { id } = marker.feature.properties;
      const marked = view.swipe ? [false, false] : [opened.includes(id), moved.includes(id)];
      if (!node) return;
      node.classList.toggle("care-opened", marked[0]);
      node.classList.toggle("care-moved", marked[1]);
      CareLayers.raise(marker, marked[0] || marked[1]);
    });
  }

  CareOptional.add("marks", { title: "scenario", draw, changed: take, shown: true });
  window.CareMarks = { dress, front, outline };
})();
