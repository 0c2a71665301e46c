/* The panel beside the map: switches and legend in one, with how many of each class there are. */
Care.legend = (function () {
  "use strict";

  const { element, add, empty, words, state, filled } = Care;
  const told = Care.map;
  const panel = document.getElementById("panel");
  const rows = element("div", "rows");
  const title = element("h3");

  function begin() {
    if (told.after) choice("stage", words.stage, [["before", Care.data.stages[0].name], ["after", Care.data.stages[1].name]]);
    choice("colouring", words.colouring, Object.keys(told.colourings).map(function (code) {
      return [code, told.colourings[code].name];
    }));
    add(panel, add(element("section"), title, rows));
    if (told.bands.length) section("bands", words.bands, bands());
    if (told.facilities.length) section("facilities", words.facilities, facilities());
    if (told.sites.length) add(panel, add(element("section", "sites-key"), row(element("i", "care-site key"), words.sites)));
    if (told.areas.length) section("borders", words.borders, null);
    section("ground", words.ground, null);
    add(panel, element("p", "note hint", words.hint));
    fill();
  }

  function choice(name, text, options) {
    const box = element("fieldset");
    add(box, element("legend", "", text));
    options.forEach(function (option) {
      const label = element("label");
      const input = element("input");
      input.type = "radio";
      input.name = name;
      input.value = option[0];
      input.checked = state[name] === option[0];
      input.addEventListener("change", function () { Care.turn(name, option[0]); });
      add(box, add(label, input, element("span", "", option[1])));
    });
    add(panel, box);
  }

  function section(layer, text, below) {
    const box = element("section");
    const label = element("label");
    const input = element("input");
    input.type = "checkbox";
    input.checked = true;
    input.addEventListener("change", function () { Care.draw.shown(layer, input.checked); });
    add(box, add(label, input, element("span", "", text)));
    if (below) add(box, below);
    add(panel, box);
  }

  function row(symbol, text) {
    return add(element("div", "row"), symbol, element("span", "", text));
  }

  function swatch(style) {
    const box = element("i", "swatch");
    box.style.background = style.fill;
    box.style.border = "1.5px " + (style.dash ? "dashed" : "solid") + " " + style.line;
    return box;
  }

  /* The classes of the colouring now chosen, of things as they stand or with the proposal. */
  function fill() {
    const colouring = told.colourings[state.colouring];
    const number = Object.create(null);
    told.estates.name.forEach(function (_name, at) {
      const code = Care.draw.classOf(at);
      number[code] = (number[code] || 0) + 1;
    });
    title.textContent = colouring.title;
    empty(rows);
    colouring.classes.forEach(function (style) {
      const count = number[style.code] || 0;
      if (!count && style.seldom) return;
      const line = row(swatch(style), style.label);
      const text = element("span", "count", filled(words.estateCount, { count }));
      text.setAttribute("data-class", style.code);
      text.setAttribute("data-count", String(count));
      add(rows, add(line, text));
    });
    if (state.stage === "after") add(rows, changes());
    const unplaced = told.estates.shape.filter(function (shape) { return !shape; }).length;
    if (unplaced) add(rows, element("p", "note", filled(words.unplaced, { count: unplaced })));
    panel.classList[state.stage === "after" ? "add" : "remove"]("after");
  }

  function changes() {
    const many = told.estates.name.filter(function (_name, at) { return Care.draw.isChanged(at); }).length;
    const line = row(element("i", "swatch changed"), words.changed);
    const text = element("span", "count", filled(words.estateCount, { count: many }));
    text.setAttribute("data-class", "changed");
    return add(line, text);
  }

  function bands() {
    const box = element("div", "across");
    told.bands.map(function (band) { return band[0]; }).sort(function (a, b) { return a - b; }).forEach(function (minutes) {
      const line = element("i", "line");
      const [width, dashes] = Care.draw.BANDS[minutes] || Care.draw.BANDS[15];
      line.style.borderTop = width + "px " + (dashes ? "dotted " : "solid ") + told.colours.band;
      add(box, row(line, String(minutes)));
    });
    return box;
  }

  function facilities() {
    const box = element("div", "two");
    told.kinds.forEach(function (kind) { add(box, row(Care.draw.sign(told.signs[kind[0]], { counted: kind[2] }), kind[1])); });
    const notes = [];
    if (told.facilities.some(function (one) { return !one.counted; })) notes.push(words.notCounted);
    if (told.facilities.some(function (one) { return !one.operating; })) notes.push(words.notOperating);
    const whole = add(element("div"), box);
    notes.forEach(function (note) { add(whole, element("p", "note", note)); });
    const unplaced = told.facilities.filter(function (one) { return !one.shape; }).length;
    if (unplaced) add(whole, element("p", "note", filled(words.unplaced, { count: unplaced })));
    return whole;
  }

  return { begin, fill };
})();
