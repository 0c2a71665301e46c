/* One box that finds whatever has a name by part of it. */
Care.search = (function () {
  "use strict";

  const { element, add, empty, words } = Care;
  const told = Care.map;
  const MOST = 12; // shown at one time
  const input = element("input");
  const list = element("ul", "found");
  let known = null;
  let found = [];
  let at = -1;

  function begin() {
    const box = document.getElementById("find");
    input.type = "search";
    input.placeholder = words.find;
    input.autocomplete = "off";
    const about = { role: "combobox", "aria-label": words.find, "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list" };
    Object.keys(about).forEach(function (name) { input.setAttribute(name, about[name]); });
    list.id = "found";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", words.find);
    list.hidden = true;
    add(box, input, list);
    input.addEventListener("input", look);
    input.addEventListener("keydown", press);
    input.addEventListener("blur", function () { window.setTimeout(close, 150); });
  }

  function everything() {
    const all = [];
    // A street before the communities that bear its name.
    [0, 1, 2].forEach(function (turn) {
      told.areas.forEach(function (area, row) {
        if (turnOf(area.level) === turn) put(all, "areas", row, area.name, words[area.level] || words.other);
      });
    });
    told.sites.forEach(function (site, row) { put(all, "sites", row, site.name, words.site + " " + site.rank); });
    told.facilities.forEach(function (one, row) { put(all, "facilities", row, one.name, words.facility + " · " + told.signs[one.category].label); });
    told.estates.name.forEach(function (name, row) {
      put(all, "estates", row, name, [words.estate, told.estates.street[row]].filter(Boolean).join(" · "));
    });
    return all;
  }

  function turnOf(level) {
    if (level === "street") return 0;
    return level === "community" ? 2 : 1;
  }

  function put(all, layer, row, name, about) {
    all.push({ chosen: { layer, row }, name, about, plain: flat(name) });
  }

  function flat(text) {
    return text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
  }

  function look() {
    const sought = flat(input.value);
    if (!sought) { close(); return; }
    known = known || everything();
    // The very name first, then what begins so, then what contains it; of each in the order above.
    const groups = [[], [], []];
    known.forEach(function (one) {
      const place = one.plain.indexOf(sought);
      if (place >= 0) groups[one.plain === sought ? 0 : place === 0 ? 1 : 2].push(one);
    });
    const hits = [].concat.apply([], groups);
    found = hits.slice(0, MOST);
    at = found.length ? 0 : -1;
    fill(hits.length);
  }

  function fill(many) {
    empty(list);
    found.forEach(function (one, row) {
      const line = element("li");
      line.id = "found-" + row;
      line.setAttribute("role", "option");
      add(line, element("span", "", one.name), element("small", "", one.about));
      line.addEventListener("mousedown", function (event) { event.preventDefault(); take(row); });
      add(list, line);
    });
    if (!found.length) add(list, element("li", "none", words.foundNone));
    if (many > MOST) add(list, element("li", "none", "… " + many));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    point();
  }

  function point() {
    Array.prototype.forEach.call(list.children, function (line, row) {
      if (line.getAttribute("role") === "option") line.setAttribute("aria-selected", String(row === at));
    });
    if (at < 0) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", "found-" + at);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  function press(event) {
    if (event.isComposing || event.keyCode === 229) return; // Enter ends the word being composed
    if (event.key === "Escape") { close(); return; }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      at = (at + step + found.length) % found.length;
      point();
    }
    if (event.key === "Enter") {
      if (list.hidden) look();
      if (at >= 0 && !list.hidden) take(at);
    }
  }

  function take(row) {
    input.value = found[row].name;
    Care.show(found[row].chosen);
    close();
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  return { begin };
})();
