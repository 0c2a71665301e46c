/* Pointing at places, choosing one, and going to one: the card stands beside the map.
 *
 * Names arrive as JSON and are shown with textContent only.
 */
(function () {
  "use strict";

  const GOAL_ZOOM = 16; // near enough for names, far enough for the next streets
  const { element } = window.CarePanel;

  /* While something is drawn or measured, a click is no choice: `takes` is then told of it. */
  function answers(view) {
    return (name) => (feature, layer) => {
      const { id } = feature.properties;
      // streamlit-folium sends toGeoJSON() of what was clicked: the id is all the page needs. While a
      // gesture is drawn it is told what the page knows already, and sends nothing.
      layer.toGeoJSON = () => (view.takesClicks()
        ? window.__GLOBAL_DATA__.last_active_drawing
        : { layer: name === "scenario" ? "facilities" : name, id });
      layer.on("click", (event) => {
        const takes = view.takesClicks();
        if (takes) takes(event.latlng, name === "estates" ? id : null);
        else pick(view, { layer: name, id });
      });
      layer.on("mousemove mouseover", (event) => point(view, name, feature.properties, event.latlng));
      layer.on("mouseout", () => view.tip.remove());
    };
  }

  function point(view, name, properties, at) {
    const box = element("div");
    box.append(element("strong", "", properties.name || properties.id));
    if (!view.placing) box.append(element("span", "", name === "estates" ? estateLine(view, properties) : facilityLine(view, properties)));
    view.tip.setLatLng(at).setContent(box).addTo(view.map);
  }

  function estateLine(view, properties) {
    const { words, colourings } = view.legend;
    const walk = properties.minutes === null
      ? words.unknownMinutes : properties.minutes.toFixed(1) + " " + words.minutes;
    const verdict = colourings.verdict.classes.find((c) => c.code === properties.verdict_class);
    return walk + " · " + verdict.label;
  }

  function facilityLine(view, properties) {
    const kind = view.legend.facilities[properties.category].label;
    return properties.operating ? kind : kind + " · " + view.legend.words.idle;
  }

  function pick(view, chosen) {
    if (view.placing) return; // a click is a place: streamlit-folium sends it
    const told = chosen && chosen.layer === "scenario" ? { ...chosen, layer: "facilities" } : chosen;
    CareRoute.clear(view); // what was drawn for another place is no longer true
    select(view, told);
    // Sent at once instead of after streamlit-folium's quarter of a second; its own later message
    // then finds nothing new to say.
    tellPage(told);
  }

  function tellPage(told) {
    const data = { last_active_drawing: told };
    window.__GLOBAL_DATA__.last_active_drawing = told;
    window.__GLOBAL_DATA__.previous_data = data;
    window.Streamlit.setComponentValue(data);
  }

  function select(view, chosen) {
    view.selected = chosen;
    CareLayers.restyleEstates(view);
    ["facilities", "after_facilities"].filter((name) => view.layers[name]).forEach((name) =>
      view.layers[name].eachLayer((marker) => {
        const on = isChosen(view, "facilities", marker.feature.properties.id);
        if (marker.getElement()) marker.getElement().classList.toggle("care-chosen", on);
      }));
    ringAround(view, chosen && placeOf(view, chosen));
  }

  /* Whether a place is the selected one, or marked like it. */
  function isChosen(view, layer, id) {
    const { selected, marked } = view;
    return (Boolean(selected) && selected.layer === layer && selected.id === id) || (marked[layer] || []).includes(id);
  }

  function placeOf(view, chosen) {
    let found = null;
    const names = chosen.layer === "facilities" ? ["scenario", "facilities", "after_facilities"] : [chosen.layer];
    names.filter((name) => view.layers[name]).forEach((name) => view.layers[name].eachLayer((layer) => {
      if (!found && layer.feature && layer.feature.properties.id === chosen.id) found = layer;
    }));
    return found;
  }

  function centreOf(layer) {
    return layer.getLatLng ? layer.getLatLng() : layer.getBounds().getCenter();
  }

  function ringAround(view, layer) {
    view.ring.clearLayers();
    if (!layer) return;
    if (layer.bringToFront) layer.bringToFront();
    circle(view, view.ring, centreOf(layer), [["#111111", 19, 7], ["#ffd43b", 19, 3.5]]);
  }

  function mark(view, at) {
    view.mark.clearLayers();
    if (at) circle(view, view.mark, at, [["#ffffff", 9, 7], ["#c2185b", 9, 4], ["#c2185b", 1.5, 3]]);
  }

  function circle(view, group, at, rings) {
    rings.forEach(([color, radius, weight]) =>
      L.circleMarker(at, { pane: "ring", renderer: view.ringCanvas, interactive: false, fill: false, radius, color, weight })
        .addTo(group));
  }

  /* Go to a known place: one of a layer is ringed, an area framed. */
  function goToPlace(view, { bounds, chosen }) {
    view.touched = true; // the frame may still be growing: it must not fit the whole again
    const found = chosen && placeOf(view, chosen);
    view.ring.clearLayers();
    if (found && chosen.layer === "borders") outline(view, found);
    else if (found) ringAround(view, found);
    else if (!chosen) frame(view, bounds);
    view.map.fitBounds(bounds, { maxZoom: GOAL_ZOOM, ...CareView.margins(view, true), animate: false });
  }

  function outline(view, area) {
    [["#111111", 8], ["#ffd43b", 4.5]].forEach(([color, weight]) =>
      L.polygon(area.getLatLngs(), { pane: "ring", renderer: view.ringCanvas, interactive: false, fill: false, color, weight })
        .addTo(view.ring));
  }

  function frame(view, bounds) {
    [["#111111", 6], ["#ffd43b", 3]].forEach(([color, weight]) =>
      L.rectangle(bounds, { pane: "ring", renderer: view.ringCanvas, interactive: false, fill: false, color, weight })
        .addTo(view.ring));
  }

  function goToGoal(view, goal) {
    if (JSON.stringify(goal) === view.goal) return;
    const before = JSON.parse(view.goal);
    view.goal = JSON.stringify(goal);
    if (goal) goToPlace(view, goal);
    else view.ring.clearLayers();
    if (!goal && before && before.chosen && before.chosen.layer === "borders") {
      view.touched = false; // no street is looked at any more: the whole again
      view.fit();
    }
  }

  function goTo(view, chosen) {
    const found = placeOf(view, chosen);
    if (found && !view.map.getBounds().pad(-0.2).contains(centreOf(found))) {
      view.map.panTo(centreOf(found));
    }
  }

  window.CareChoosing = { answers, isChosen, pick, tellPage, select, mark, goTo, goToGoal, goToPlace };
})();
