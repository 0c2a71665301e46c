/* What the parts of the page share: the data, and how an element with a text is made.
 *
 * The page has to open in browsers of 2018: no modules, nothing younger than ES2017. Every text is
 * set with textContent; nothing here builds HTML from a string.
 */
var Care = (function () {
  "use strict";

  const data = JSON.parse(document.getElementById("data").textContent);

  function element(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined && text !== null) node.textContent = text;
    return node;
  }

  function add(parent) {
    for (let at = 1; at < arguments.length; at += 1) parent.appendChild(arguments[at]);
    return parent;
  }

  function empty(node) {
    while (node.firstChild) node.removeChild(node.firstChild);
    return node;
  }

  function button(className, text, press) {
    const made = element("button", className, text);
    made.type = "button";
    made.addEventListener("click", press);
    return made;
  }

  function filled(text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) {
      return Object.prototype.hasOwnProperty.call(values, name) ? String(values[name]) : whole;
    });
  }

  // What is looked at: as things stand or with the proposal, by which colouring, which place.
  const state = { stage: "before", colouring: "minutes", chosen: null };

  /* The state looked at, with its name and its figures. */
  function stage() {
    return data.stages[state.stage === "after" ? 1 : 0];
  }

  return { stage, data, words: data.words, map: data.map, state, element, add, empty, button, filled };
})();
