/* One box that finds everything with a name by part of it, without asking the server each time.
 *
 * Names arrive as JSON and are shown with textContent only.
 */
(function () {
  "use strict";

  const MOST = 12; // shown at one time
  const { element } = window.CarePanel;

  function install(view) {
    const { words } = view.legend;
    const box = element("div", "care-control care-search");
    const input = element("input");
    const list = element("ul", "care-found");
    const id = "care-found-list";
    Object.assign(input, { type: "search", placeholder: words.find, autocomplete: "off", spellcheck: false });
    const told = { role: "combobox", "aria-label": words.find, "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list" };
    Object.entries(told).forEach(([name, value]) => input.setAttribute(name, value));
    list.id = id;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", words.find);
    list.hidden = true;
    box.append(input, list);
    view.map.getContainer().append(box);
    L.DomEvent.disableClickPropagation(box).disableScrollPropagation(box);
    const state = { view, input, list, places: null, token: null, found: [], at: -1 };
    input.addEventListener("focus", () => load(state));
    input.addEventListener("input", () => look(state));
    input.addEventListener("keydown", (event) => press(state, event));
    input.addEventListener("blur", () => window.setTimeout(() => close(state), 150));
    box.hidden = true;
    return (token) => {
      box.hidden = !token;
      if (token !== state.token) Object.assign(state, { token, places: null });
    };
  }

  async function load(state) {
    if (state.places || !state.token) return;
    const { token } = state;
    const data = await state.view.fetchLayer(token);
    if (!data || token !== state.token) return;
    state.places = data.places.map(([kind, layer, id, name, apart, west, south, east, north]) => ({
      kind, layer, id, name, apart, plain: flat(name), bounds: [[south, west], [north, east]],
    }));
    window.careMapCounts.names = state.places.length;
    look(state);
  }

  function flat(text) {
    return text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
  }

  function look(state) {
    const sought = flat(state.input.value);
    if (!sought || !state.places) { close(state); return; }
    const hits = state.places.map((place) => [place.plain.indexOf(sought), place]).filter(([at]) => at >= 0);
    // Whose name begins so stands first; the order of kinds and names stays otherwise.
    hits.sort((a, b) => Math.min(a[0], 1) - Math.min(b[0], 1));
    state.found = hits.slice(0, MOST).map(([, place]) => place);
    state.at = state.found.length ? 0 : -1;
    show(state, hits.length);
  }

  function show(state, many) {
    const { words, kinds } = state.view.legend;
    const rows = state.found.map((place, at) => {
      const row = element("li");
      row.id = "care-found-" + at;
      row.setAttribute("role", "option");
      const about = [kinds[place.kind], place.apart].filter(Boolean).join(" · ");
      row.append(element("span", "", place.name), element("small", "", about));
      row.addEventListener("mousedown", (event) => { event.preventDefault(); choose(state, at); });
      return row;
    });
    if (!rows.length) rows.push(element("li", "care-none", words.foundNone));
    if (many > MOST) rows.push(element("li", "care-none", "… " + many));
    state.list.replaceChildren(...rows);
    state.list.hidden = false;
    state.input.setAttribute("aria-expanded", "true");
    point(state);
  }

  function point(state) {
    [...state.list.children].forEach((row, at) => {
      if (row.getAttribute("role") === "option") row.setAttribute("aria-selected", String(at === state.at));
    });
    if (state.at >= 0) {
      state.input.setAttribute("aria-activedescendant", "care-found-" + state.at);
      state.list.children[state.at].scrollIntoView({ block: "nearest" });
    } else state.input.removeAttribute("aria-activedescendant");
  }

  function press(state, event) {
    event.stopPropagation(); // the map would move at an arrow key
    if (event.key === "Escape") { close(state); return; }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && state.found.length) {
      event.preventDefault();
      state.at = (state.at + step + state.found.length) % state.found.length;
      point(state);
    }
    if (event.key === "Enter" && state.at >= 0 && !state.list.hidden) choose(state, state.at);
  }

  function choose(state, at) {
    const { view } = state;
    const place = state.found[at];
    const chosen = place.layer ? { layer: place.layer, id: place.id } : null;
    if (chosen) CareChoosing.pick(view, chosen);
    CareChoosing.goToPlace(view, { bounds: place.bounds, chosen });
    state.input.value = place.name;
    close(state);
  }

  function close(state) {
    state.list.hidden = true;
    state.input.setAttribute("aria-expanded", "false");
    state.input.removeAttribute("aria-activedescendant");
  }

  window.CareSearch = { install };
})();
