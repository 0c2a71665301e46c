/* The card of what is chosen: an estate, a facility, a street or a proposed site. */
Care.card = (function () {
  "use strict";

  const { element, add, empty, button, words, state } = Care;
  const box = document.getElementById("card");

  function show() {
    empty(box);
    box.hidden = !state.chosen;
    if (!state.chosen) return;
    const told = cards[state.chosen.layer](state.chosen.row);
    const close = button("close", "×", function () { Care.choose(null); });
    close.setAttribute("aria-label", words.close);
    const kind = Care.map.after && told.staged ? told.kind + " · " + Care.stage().name : told.kind;
    add(box, close, element("span", "kind", kind), element("h2", "", told.name), facts(told.facts));
    (told.clause || []).forEach(function (line) { add(box, element("p", "clause", line)); });
  }

  function facts(lines) {
    const list = element("dl");
    lines.forEach(function (line) { add(list, element("dt", "", line[0]), element("dd", "", line[1])); });
    return list;
  }

  function after() {
    return state.stage === "after" ? Care.map.after : null;
  }

  const cards = {
    estates(row) {
      const all = Care.map.estates;
      const walk = (after() && after().walk[row]) || all.walk[row];
      const street = all.street[row] ? [[words.street, all.street[row]]] : [];
      return {
        kind: words.estate, name: all.name[row], staged: true,
        facts: street.concat(all.card[row].slice(0, 1), walk, all.card[row].slice(1)),
        clause: all.clauses[all.clause[row]],
      };
    },
    facilities(row) {
      const told = Care.map.facilities[row];
      return { kind: words.facility, name: told.name, facts: told.card };
    },
    areas(row) {
      const told = Care.map.areas[row];
      const kind = words[told.level] || words.other;
      return { kind, name: told.name, facts: after() ? told.after : told.card, staged: told.after.length > 0 };
    },
    sites(row) {
      const told = Care.map.sites[row];
      return { kind: words.site, name: told.rank + " " + told.name, facts: told.card };
    },
  };

  return { show };
})();
