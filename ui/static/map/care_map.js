/* Draws the care map with Leaflet. Python sends styles, words and tokens; layers are fetched here.
 *
 * Names and every other text of a study arrive as JSON and are shown with textContent only:
 * nothing in these files builds HTML from a string.
 */
(function () {
  "use strict";

  const LAYERS = "../../layers/";
  const TWINS = new Set(["bands", "estates", "bubbles", "facilities"].map((name) => CareSwipe.TWIN + name));

  // Read by the browser test: how many features each layer holds, how often the map was opened.
  const counts = (window.careMapCounts = { opened: 0, shown: 0, recoloured: 0, fetched: 0 });

  let view = null;
  let opened = null; // what is shown waits until the legend is there

  function open(map, options) {
    counts.opened += 1;
    CareTools.guard(options.tiles);
    const ask = () => fetch(LAYERS + options.legend + ".geojson").then((answer) => (answer.ok ? answer.json() : null));
    opened = ask().catch(ask).catch(() => null).then((legend) => {
      if (legend) return openWith(map, options, legend);
      const gone = CarePanel.element("div", "care-hint", options.gone);
      gone.setAttribute("role", "status");
      map.getContainer().append(gone);
      return new Promise(() => {}); // nothing can be shown
    });
  }

  function openWith(map, options, legend) {
    view = {
      map, legend, placing: options.gesture === "place", layers: {}, tokens: {}, hidden: new Set(),
      colouring: "minutes", selected: null, marked: {}, samples: [], most: 1, changed: {}, people: {}, closed: new Set(), index: {}, goal: "null",
      area: null, swipe: null, touched: false, restored: false, fetchLayer, takesClicks,
      tip: L.tooltip({ className: "care-tip", direction: "top" }),
    };
    CareView.stayWhenFocused(map.getContainer());
    map.getContainer().classList.toggle("care-placing", view.placing);
    map.getContainer().style.background = view.legend.colours.ground;
    map.attributionControl.setPrefix("Leaflet");
    CareLayers.addPanes(map);
    CarePanel.addNorthArrow(map, view.legend.words.north);
    L.control.scale({ imperial: false, maxWidth: 140, position: "bottomleft" }).addTo(map);
    view.fill = CarePanel.addPanel(map, view.legend, setShown);
    if (view.legend.editing) view.fill.scenario();
    CareOptional.install(view);
    if (!view.placing) CareTools.install(view, options);
    const writeCaption = CarePanel.addCaption(map, view.legend.words);
    view.writeCaption = (said) => { view.said = { ...view.said, ...said }; writeCaption(view.said, view.base); };
    view.search = view.placing ? () => {} : CareSearch.install(view);
    CareLayers.add(view, CareChoosing.answers(view));
    CarePanel.startAs(map, view.legend);
    CareView.keepInView(view, options.bounds, options.keep);
    CareView.tameWheel(view);
    listen(map, options);
    CareLayers.markZoom(view);
  }

  function listen(map, options) {
    map.on("click", (event) => {
      const takes = takesClicks();
      if (takes) takes(event.latlng, null);
      else CareChoosing.pick(view, null);
    });
    map.on("zoomend", () => CareLayers.markZoom(view));
    if (view.placing) view.writeNames = CareNames.write(map);
    if (options.gesture === "edit") view.gestures = CareGestures.install(map, view.legend.words, (told) =>
      CareChoosing.tellPage({ layer: "gesture", ...told, at: Date.now() }));
  }

  /* Who is told of a click instead of its being a choice: a measuring line, or a gesture. */
  function takesClicks() {
    if (view.measuring && view.measuring.isOn()) return view.measuring.clicked;
    const drawing = Boolean(view.gestures) && !view.gestures.isChoosing() && !view.gestures.isMoving();
    return drawing ? view.gestures.clicked : null;
  }

  /* ---- what Python says ---------------------------------------------------------------------- */

  function show(state) {
    opened.then(() => showNow(state));
  }

  function showNow(state) {
    counts.shown += 1;
    CareTools.project(view, Boolean(state.projected));
    const recolour = state.colouring !== view.colouring || counts.recoloured === 0;
    view.colouring = state.colouring;
    if (recolour) {
      counts.recoloured += 1;
      view.fill.estates(view.colouring);
      CareLayers.restyleEstates(view);
    }
    const moved = JSON.stringify(state.selected) !== JSON.stringify(view.selected);
    const stay = view.restored && counts.shown === 1; // back on the page: where one was
    const marked = state.marked || {};
    const remarked = JSON.stringify(marked) !== JSON.stringify(view.marked);
    view.marked = marked;
    if (moved || remarked) CareChoosing.select(view, state.selected);
    CareRoute.show(view, state.drawn || {});
    CareChoosing.mark(view, state.mark);
    if (view.gestures) {
      view.gestures.setMode(state.mode);
      if (state.inVain && state.inVain !== view.inVain) view.gestures.forget();
      view.inVain = state.inVain;
      CareChanges.letMove(view);
    }
    if (view.tokens.gains && !state.tokens.gains) { delete view.tokens.gains; CareGains.hide(); }
    const twins = Object.keys(state.tokens).filter((name) => TWINS.has(name));
    if (twins.length) CareSwipe.begin(view, CareChoosing.answers(view));
    else if (view.swipe) { CareSwipe.end(view); CareChanges.count(view); }
    view.search(state.tokens.names || null);
    CareOptional.tell(view, state.tokens);
    const loads = Object.entries(state.tokens)
      .filter(([name]) => name !== "names" && !CareOptional.isOptional(name))
      .map(([name, token]) => load(name, token));
    Promise.all(loads).then(() => {
      if (moved && state.selected && !stay) CareChoosing.goTo(view, state.selected);
      CareChoosing.goToGoal(view, state.goal);
    });
  }

  async function fetchLayer(token) {
    const answer = await fetch(LAYERS + token + ".geojson");
    if (answer.ok) return answer.json();
    view.writeCaption({ notice: view.legend.words.gone, title: "", on: "", sources: [] });
    return null;
  }

  async function load(name, token) {
    if (view.tokens[name] === token) return;
    view.tokens[name] = token;
    if (name === "gains") CareGains.hide(); // those of another scenario, while these are computed
    const data = await fetchLayer(token);
    if (!data || view.tokens[name] !== token) return; // a later evaluation overtook this one
    counts.fetched += 1;
    if (name === "gains") CareGains.show(view.map, data, openAt);
    else if (name === "scenario") CareChanges.show(view, data, CareChoosing.answers(view));
    else if (name === "caption") view.writeCaption(data);
    else if (TWINS.has(name)) putTwin(name, data);
    else putLayer(name, data);
  }

  function openAt(spot) {
    CareChoosing.tellPage({ layer: "gesture", gesture: "open", spots: [spot], at: Date.now() });
  }

  function putLayer(name, data) {
    if (!view.layers[name]) return; // of a page newer than this script
    put(name, data);
    if (name === "bands") { put("bandLines", data); view.fill.bands(data.features); }
    if (name === "borders") CareLayers.putLabels(view, data.features);
    if (view.writeNames) view.writeNames(name, data.features);
    if (name === "bubbles") { view.samples = data.samples; view.most = data.most; CareLayers.markZoom(view); }
    if (name === "facilities") CareChanges.count(view);
    if (name === "facilities" || name === "estates") CareChoosing.select(view, view.selected);
    if (name === "estates") CareMarks.front(view);
    if (name === "facilities") { dress(); CareOptional.redraw(view, "circles"); }
  }

  function putTwin(name, data) {
    if (!view.swipe) return; // it was closed meanwhile
    put(name, data);
    if (name === "after_bands") put("after_bandLines", data);
    if (name === "after_bubbles") CareLayers.markZoom(view);
    if (name === "after_estates") CareMarks.front(view);
    if (name === "after_facilities") { dress(); CareChanges.count(view); }
    if (name === "after_facilities" || name === "after_estates") CareChoosing.select(view, view.selected);
  }

  /* What is new, moved or gone is marked on the signs themselves, whenever they are drawn anew. */
  function dress() {
    CareChanges.markClosed(view);
    CareMarks.dress(view);
    CareSwipe.markNew(view);
  }

  function put(name, data) {
    delete view.index[name];
    view.layers[name].clearLayers().addData(data);
    counts[name] = data.features.length;
  }

  function setShown(name, on) {
    view.hidden[on ? "delete" : "add"](name);
    if (name === "bubbles" && on) CareOptional.turnOff(view, "dots");
    if (name === "estates" && on) CareOptional.turnOff(view, "tiers");
    [name, CareSwipe.TWIN + name].filter((each) => view.layers[each]).forEach((each) => {
      if (on) view.layers[each].addTo(view.map);
      else view.layers[each].remove();
    });
    if (name === "facilities" && on) dress();
  }

  window.CareMap = { open, show };
})();
