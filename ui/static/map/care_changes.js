/* What differs from things as they stand once a scenario is tried: classes and sizes, in place. */
(function () {
  "use strict";

  function show(view, data, answers) {
    const estates = differing(view.changed, data.estates);
    const people = differing(view.people, data.people);
    const scale = CareLayers.bubbleScale(view.map);
    Object.assign(view, { changed: data.estates, people: data.people, closed: new Set(data.closed) });
    restyle(view, "estates", "id", estates, (layer) => layer.setStyle(CareLayers.estateStyle(view, layer.feature)));
    restyle(view, "bubbles", "place", people, (disc) => disc.setRadius(CareLayers.radiusOf(view, disc.feature.properties, "") * scale));
    view.writeCaption({ scenario: data.title || "" });
    markClosed(view);
    CareScenario.draw(view, data.features, {
      marker: (feature, at) => CareLayers.facilityMarker(view, feature, at), answers: answers("scenario"), scale,
    });
    letMove(view);
    count(view);
    if (view.gestures) view.gestures.clear();
    window.careMapCounts.scenarios = (window.careMapCounts.scenarios || 0) + 1;
    window.careMapCounts.changed = Object.keys(data.estates).length;
  }

  function restyle(view, name, key, wanted, change) {
    if (!view.index[name]) {
      view.index[name] = new Map();
      view.layers[name].eachLayer((layer) => view.index[name].set(layer.feature.properties[key], layer));
    }
    wanted.forEach((id) => view.index[name].has(id) && change(view.index[name].get(id)));
  }

  /* What was drawn for the scenario before and stays is left alone: its bounds would be drawn anew. */
  function differing(before, after) {
    return Object.keys({ ...before, ...after }).filter((id) => JSON.stringify(before[id]) !== JSON.stringify(after[id]));
  }

  function markClosed(view) {
    view.layers.facilities.eachLayer((marker) => {
      const shut = view.closed.has(marker.feature.properties.id);
      const node = marker.getElement();
      if (node) node.classList.toggle("care-shut", shut);
      CareLayers.raise(marker, shut);
      // One that was dragged away is marked where it stood: the scenario has it where it goes.
      marker.setLatLng(CareLayers.placeIn(marker.feature));
    });
  }

  /* The facilities that the scenario has: those of the map without what it closes, and what it brings. */
  function count(view) {
    const features = (name) => (view.layers[name] ? view.layers[name].getLayers().map((layer) => layer.feature) : []);
    if (view.layers.after_facilities && features("after_facilities").length) {
      view.fill.facilities(features("after_facilities"));
      return;
    }
    const brought = features("scenario").filter(Boolean).filter((f) => ["opened", "moved"].includes(f.properties.kind));
    view.fill.facilities([...features("facilities").filter((f) => !view.closed.has(f.properties.id)), ...brought]);
  }

  function letMove(view) {
    const free = Boolean(view.gestures) && view.gestures.isMoving();
    [view.layers.facilities, view.layers.scenario].forEach((group) => group.eachLayer((marker) => {
      if (!marker.dragging) return;
      if (!free || marker.feature.properties.kind === "gate") marker.dragging.disable();
      else if (!view.closed.has(marker.feature.properties.id) || group === view.layers.scenario) marker.dragging.enable();
    }));
  }

  window.CareChanges = { show, count, markClosed, letMove };
})();
