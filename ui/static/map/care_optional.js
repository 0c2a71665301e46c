/* Layers that are off at first: fetched when they are switched on, listed only where there are any.
 *
 * A file that brings one registers it: `CareOptional.add(name, { title, draw, empty, off, shown })`.
 *   title   the key of its word in the legend
 *   draw    (view, group, data) puts it into a layer group; returns the rows of its legend
 *   off     names of sections that are switched off while it is on: two ways to show one thing
 *   shown   whether it is on at first
 *   given   where it comes with the state instead of by token; then `CareOptional.give` brings it
 */
(function () {
  "use strict";

  const kinds = {};
  const order = [];

  function add(name, kind) {
    kinds[name] = kind;
    order.push(name);
  }

  function install(view) {
    view.optional = {};
    order.forEach((name) => {
      const group = L.layerGroup();
      const section = view.fill.optional(name, view.legend.words[kinds[name].title], (on) => turn(view, name, on));
      view.optional[name] = { group, section, on: Boolean(kinds[name].shown), token: null, drawn: null, data: null };
      section.box.checked = view.optional[name].on;
      section.reveal(false);
    });
  }

  function isOptional(name) {
    return name in kinds;
  }

  /* What the page has: a token each; what it no longer has is taken away. */
  function tell(view, tokens) {
    order.filter((name) => !kinds[name].given).forEach((name) => {
      const kept = view.optional[name];
      kept.token = tokens[name] || null;
      kept.section.reveal(Boolean(kept.token));
      if (kept.token !== kept.drawn) refresh(view, name);
    });
  }

  function give(view, name, data) {
    const kept = view.optional[name];
    const same = JSON.stringify(kept.data) === JSON.stringify(data);
    kept.data = data;
    kept.section.reveal(data !== null);
    if (!same) paint(view, name);
  }

  function turn(view, name, on) {
    const kept = view.optional[name];
    kept.on = on;
    if (on) kept.instead = (kinds[name].off || []).filter((other) => view.fill.turnOff(other));
    else (kept.instead || []).forEach((other) => view.fill.turnOn(other));
    if (kinds[name].given) paint(view, name);
    else refresh(view, name);
  }

  function turnOff(view, name) {
    const kept = view.optional[name];
    if (!kept || !kept.on) return;
    kept.section.box.checked = false;
    turn(view, name, false);
  }

  async function refresh(view, name) {
    const kept = view.optional[name];
    if (!kept.on || !kept.token) {
      kept.data = null;
      kept.drawn = null;
      paint(view, name);
      return;
    }
    const { token } = kept;
    kept.drawn = token;
    kept.data = await view.fetchLayer(token);
    if (kept.drawn === token) paint(view, name); // a later evaluation may have overtaken this one
  }

  function paint(view, name) {
    const kept = view.optional[name];
    kept.group.clearLayers();
    kept.section.rows.replaceChildren();
    const shown = kept.on && kept.data !== null;
    if (kinds[name].changed) kinds[name].changed(view, shown ? kept.data : null);
    if (!shown) { kept.group.remove(); return; }
    kept.group.addTo(view.map);
    kept.section.rows.replaceChildren(...kinds[name].draw(view, kept.group, kept.data));
    window.careMapCounts[name] = (window.careMapCounts[name] || 0) + 1;
  }

  function redraw(view, name) {
    if (view.optional[name].data !== null) paint(view, name);
  }

  window.CareOptional = { add, install, isOptional, tell, give, turnOff, redraw };
})();
