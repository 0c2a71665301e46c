/* Figures, sentences and tables, printed as they came. */
Care.tables = (function () {
  "use strict";

  const { element, add, button, words, filled } = Care;

  /* The cards of the state looked at; which one it is stands in each, where there are two. */
  function figures(place) {
    const stage = Care.stage();
    Care.empty(place);
    stage.figures.forEach(function (figure) {
      const box = element("div", "figure");
      box.setAttribute("data-key", figure.key);
      add(box, element("span", "figure-label", figure.label), element("b", "figure-text", figure.text));
      if (Care.data.stages.length > 1) add(box, element("span", "figure-stage", stage.told));
      add(box, element("span", "figure-of", figure.of));
      box.style.flexGrow = String(Math.max(18, figure.of.length)); // so that all take as many lines
      add(place, box);
    });
  }

  function sections(place, nav, show) {
    link(nav, "stage", words.map);
    Care.data.sections.forEach(function (section) {
      const box = element("section");
      box.id = "part-" + section.key;
      add(box, element("h2", "", section.title));
      section.parts.forEach(function (part) { add(box, made(part, section.title, show)); });
      add(place, box);
      link(nav, box.id, section.title);
    });
  }

  function link(nav, id, text) {
    const to = element("a", "", text);
    to.href = "#" + id;
    add(nav, to);
  }

  function made(part, heading, show) {
    if (part.table) return table(part.table, heading, show);
    if (part.text !== undefined) return element("p", "", part.text);
    const list = element(part.numbered ? "ol" : "ul");
    part.list.forEach(function (text) { add(list, element("li", "", text)); });
    return list;
  }

  function table(told, heading, show) {
    const box = element("div", "table");
    box.setAttribute("data-table", told.key);
    if (told.title !== heading) add(box, element("h3", "", told.title));
    if (!told.rows.length) return add(box, element("p", "note", words.noRows));
    const wide = element("div", "wide");
    const whole = element("table");
    const body = element("tbody");
    const head = element("tr");
    told.columns.forEach(function (column) {
      const cell = element("th", column[1] ? "number" : "", column[0]);
      cell.scope = "col";
      add(head, cell);
    });
    add(whole, add(element("thead"), head), body);
    told.rows.forEach(function (row, at) {
      const line = tableRow(told, row, at, show);
      line.hidden = at >= told.most;
      add(body, line);
    });
    if (told.total) add(whole, add(element("tfoot"), tableRow(told, told.total, null, show)));
    add(box, add(wide, whole));
    if (told.rows.length > told.most) {
      const left = element("p", "note paper", filled(words.onPaper, { count: told.rows.length, most: told.most }));
      add(box, more(told, body, left), left);
    }
    if (told.note) add(box, element("p", "note", told.note));
    return box;
  }

  function tableRow(told, row, at, show) {
    const line = element("tr");
    row.forEach(function (text, column) {
      const cell = element("td", told.columns[column][1] ? "number" : "");
      const place = at !== null && told.link && told.link.column === column ? told.link.rows[at] : null;
      if (place === null || place === undefined) cell.textContent = text;
      else {
        const press = button("to-map", text, function () { show(told.link.layer, place); });
        press.title = words.onMap;
        add(cell, press);
      }
      add(line, cell);
    });
    return line;
  }

  function more(told, body, left) {
    const all = filled(words.showAll, { count: told.rows.length });
    const press = button("more", all, function () {
      const open = press.getAttribute("aria-expanded") !== "true";
      press.setAttribute("aria-expanded", String(open));
      left.hidden = open;
      press.textContent = open ? words.showFewer : all;
      Array.prototype.forEach.call(body.children, function (line, at) { line.hidden = !open && at >= told.most; });
    });
    press.setAttribute("aria-expanded", "false");
    return press;
  }

  return { figures, sections };
})();
