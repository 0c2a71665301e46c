/* The frame of the care map: north arrow, caption, and a panel that is legend and switches in one.
 *
 * Texts are shown with textContent only: nothing in this file builds HTML from a string.
 */
(function () {
  "use strict";

  const BANDS = { 5: [1.8, "1 5"], 10: [1.3], 15: [2.6] }; // line width and dashes of each band

  function element(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  function control(position, className, fill) {
    const made = L.control({ position });
    made.onAdd = () => {
      const box = element("div", "care-control " + className);
      L.DomEvent.disableClickPropagation(box).disableScrollPropagation(box);
      fill(box);
      return box;
    };
    return made;
  }

  function addNorthArrow(map, word) {
    control("topleft", "care-north", (box) => {
      const ns = "http://www.w3.org/2000/svg";
      const svg = document.createElementNS(ns, "svg");
      svg.setAttribute("viewBox", "0 0 20 26");
      [["M10 1 L17 25 L10 19 Z", "#1c2733"], ["M10 1 L3 25 L10 19 Z", "#ffffff"]].forEach(([d, fill]) => {
        const half = document.createElementNS(ns, "path");
        half.setAttribute("d", d);
        half.setAttribute("fill", fill);
        half.setAttribute("stroke", "#1c2733");
        svg.appendChild(half);
      });
      box.append(element("span", "", word), svg);
    }).addTo(map);
  }

  function addCaption(map, words) {
    let place = null;
    control("bottomright", "care-caption", (box) => { place = box; }).addTo(map);
    return (said, base) => {
      const line = [said.title, said.on && words.statusDate + " " + said.on].filter(Boolean);
      if ((said.sources || []).length) line.push(words.source + words.colon + said.sources.join(words.semicolon));
      if (base) line.push(words.base + words.colon + base);
      const shown = said.scenario && words.scenarioShown.replace("{title}", () => said.scenario);
      const marked = [said.notice, shown].filter(Boolean).map((text) => element("strong", "", text));
      place.replaceChildren(...marked, element("span", "", line.join(" · ")));
      place.title = place.textContent;
    };
  }

  function addPanel(map, legend, setShown) {
    const sections = {};
    const optional = element("div");
    control("topright", "care-panel", (box) => {
      const head = element("button", "care-panel-head", legend.words.panel);
      head.type = "button";
      head.setAttribute("aria-expanded", "true");
      head.onclick = () => {
        box.dataset.chosen = "yes"; // from now on as the user wants it
        fold(box, !box.classList.contains("care-closed"));
      };
      const body = element("div", "care-panel-body");
      sections.mini = element("div", "care-mini");
      sections.mini.append(element("div"), element("div"));
      box.append(head, sections.mini, body);
      const words = legend.words;
      addSection(sections, setShown, body, "estates", "", ["estates"]);
      addSection(sections, setShown, body, "bands", words.bands, ["bands", "bandLines"]);
      addSection(sections, setShown, body, "bubbles", words.bubbles, ["bubbles"]);
      if (legend.editing) addSection(sections, setShown, body, "scenario", words.scenario, ["scenario"]);
      body.append(optional);
      addSection(sections, setShown, body, "facilities", words.facilities, ["facilities"]);
      addSection(sections, setShown, body, "borders", words.borders, ["borders", "labels"]);
      addSection(sections, setShown, body, "ground", words.ground, ["ground", "streets"]);
    }).addTo(map);
    return {
      estates: (code) => fillEstates(legend, sections, code),
      bands: (features) => fillBands(legend, sections.bands, features),
      bubbles: (samples, scale) => fillBubbles(legend, sections.bubbles, samples, scale),
      facilities: (features) => fillFacilities(legend, sections.facilities, features),
      alsoFolded: (rows) => sections.mini.lastElementChild.replaceChildren(...rows),
      turnOff: (name) => sections[name].turn(false),
      turnOn: (name) => sections[name].turn(true),
      optional: (name, title, turn) => addOptional(sections, optional, name, title, turn),
      scenario: () => fillScenario(legend.words, sections.scenario),
    };
  }

  function fold(panel, closed) {
    panel.classList.toggle("care-closed", closed);
    panel.querySelector(".care-panel-head").setAttribute("aria-expanded", String(!closed));
  }

  /* Until the user folds or opens it, the panel is open where there is room beside it. */
  function foldIfSmall(map, small) {
    const panel = map.getContainer().querySelector(".care-panel");
    if (!panel.dataset.chosen) fold(panel, small);
  }

  function startAs(map, legend) {
    // A small map begins with its panel folded, and without the layers that would cover it.
    const panel = map.getContainer().querySelector(".care-panel");
    if (legend.folded) panel.querySelector(".care-panel-head").click();
    (legend.off || []).forEach((name) => panel.querySelector(`[data-section="${name}"] input`).click());
  }

  /* A section that is listed only once there is something to show. */
  function addOptional(sections, body, name, title, turn) {
    const section = addSection(sections, (_layer, on) => turn(on), body, name, title, [name]);
    const made = sections[name];
    made.box.checked = false;
    return { ...made, reveal: (on) => { section.hidden = !on; } };
  }

  function addSection(sections, setShown, body, name, title, layers) {
    const section = element("section");
    section.dataset.section = name;
    const label = element("label");
    const box = element("input");
    box.type = "checkbox";
    box.checked = true;
    box.onchange = () => layers.forEach((layer) => setShown(layer, box.checked));
    const text = element("span", "", title);
    label.append(box, text);
    const rows = element("div", "care-rows");
    section.append(label, rows);
    body.append(section);
    const turn = (on) => {
      if (box.checked === on) return false;
      box.checked = on;
      box.onchange();
      return true;
    };
    sections[name] = { box, title: text, rows, turn };
    return section;
  }

  function row(symbol, text) {
    const line = element("div", "care-row");
    line.append(symbol, element("span", "", text));
    return line;
  }

  function swatch(style) {
    const box = element("i", "care-swatch");
    box.style.background = style.fill;
    box.style.border = "1.5px " + (style.dash ? "dashed" : "solid") + " " + style.line;
    return box;
  }

  function fillEstates(legend, { estates, mini }, code) {
    const colouring = legend.colourings[code];
    const rows = () => colouring.classes.map((style) => row(swatch(style), style.label));
    estates.title.textContent = mini.title = colouring.title;
    estates.rows.replaceChildren(...rows());
    mini.firstElementChild.replaceChildren(...rows()); // what a folded panel still tells
  }

  function fillBands(legend, section, features) {
    const rows = features.map((f) => f.properties.minutes).sort((a, b) => a - b).map((minutes) => {
      const line = element("i", "care-line");
      const [width, dashes] = BANDS[minutes] || BANDS[15];
      line.style.borderTop = width + "px " + (dashes ? "dotted " : "solid ") + legend.colours.band;
      return row(line, String(minutes));
    });
    section.rows.classList.add("care-across");
    section.rows.replaceChildren(...rows);
  }

  function fillBubbles(legend, section, samples, scale) {
    const rows = samples.map((sample) => {
      const disc = element("i", "care-disc");
      disc.style.width = disc.style.height = 2 * sample.radius * scale + "px";
      disc.style.background = legend.colours.bubble;
      return row(disc, sample.people + " " + legend.words.people);
    });
    section.rows.classList.add("care-across");
    section.rows.replaceChildren(...rows);
  }

  function fillFacilities(legend, section, features) {
    const number = {};
    features.forEach((f) => { number[f.properties.category] = (number[f.properties.category] || 0) + 1; });
    const rows = Object.entries(legend.facilities)
      .filter(([code]) => number[code])
      .map(([code, style]) => row(sign(style, {}), style.label + " " + number[code]));
    const words = legend.words;
    const notes = [];
    if (features.some((f) => !f.properties.counted)) notes.push(words.notCounted);
    if (features.some((f) => !f.properties.operating)) notes.push(words.notOperating);
    if (notes.length) rows.push(element("div", "care-note", notes.join(words.semicolon)));
    section.rows.replaceChildren(...rows);
  }

  function fillScenario(words, section) {
    const kinds = ["opened", "moved", "closed", "link", "gate", "block"];
    section.rows.classList.add("care-across");
    section.rows.replaceChildren(...kinds.map((kind) => row(element("i", "care-key care-key-" + kind), words[kind])));
  }

  function sign(style, properties) {
    const outer = element("span", "care-sign care-" + style.shape);
    if (properties.operating === false) outer.classList.add("care-idle");
    else if (properties.counted === false) outer.classList.add("care-uncounted");
    outer.style.setProperty("--sign", style.colour);
    outer.append(element("b", "", style.sign));
    return outer;
  }

  window.CarePanel = { BANDS, addCaption, addNorthArrow, addPanel, control, element, foldIfSmall, row, sign, startAs, swatch };
})();
