/* The page is put together; a choice and a switch are told to all of its parts. */
(function () {
  "use strict";

  const { data, words, state, element, add } = Care;

  Care.choose = function (chosen) {
    state.chosen = chosen;
    Care.draw.restyle();
    Care.card.show();
  };

  /* Chooses a place and goes there; a site stands only with the proposal. */
  Care.show = function (chosen) {
    if (chosen.layer === "sites" && state.stage !== "after") Care.turn("stage", "after");
    Care.choose(chosen);
    Care.draw.goTo(chosen);
  };

  Care.turn = function (name, value) {
    state[name] = value;
    const input = document.querySelector("input[name=" + name + "][value=" + value + "]");
    if (input) input.checked = true;
    Care.draw.restyle();
    Care.legend.fill();
    Care.card.show();
    caption();
    Care.tables.figures(document.getElementById("figures"));
    roomForHead();
  };

  function caption() {
    const line = document.getElementById("caption");
    Care.empty(line);
    if (data.notice) add(line, element("strong", "", data.notice));
    const stage = data.map.after ? Care.stage().name : "";
    const told = [data.place, stage, words.statusDate + " " + data.on, data.sources].filter(Boolean);
    add(line, element("span", "", told.join(" · ")));
    line.title = line.textContent;
  }

  function head() {
    document.title = data.title;
    document.querySelector("#head h1").textContent = data.title;
    const notice = document.getElementById("notice");
    notice.textContent = data.notice;
    notice.hidden = !data.notice;
  }

  /* The head stays in sight: what is gone to begins below it. The map fills the first screen. */
  function roomForHead() {
    const { style } = document.documentElement;
    const high = document.getElementById("head").offsetHeight;
    style.setProperty("--head", high + "px");
    style.setProperty("--above", high + document.getElementById("figures").offsetHeight + "px");
    Care.draw.map().invalidateSize({ animate: false });
  }

  function foot() {
    const box = document.querySelector("footer");
    if (data.notice) add(box, element("strong", "", data.notice));
    add(box, element("span", "", data.sources));
  }

  const PAPER = 1030; // pixels across A4 between its margins, on its long side

  /* Paper takes the map as it is on the screen, made smaller. */
  function paper() {
    window.addEventListener("beforeprint", function () {
      const { style } = document.documentElement;
      const px = function (name, value) { style.setProperty(name, value + "px"); };
      const stage = document.getElementById("stage");
      const frame = document.getElementById("map-frame");
      const map = document.getElementById("map");
      px("--wide", stage.offsetWidth);
      px("--high", stage.offsetHeight);
      px("--map-wide", frame.offsetWidth);
      px("--map-high", frame.offsetHeight);
      px("--map-only", map.offsetHeight);
      style.setProperty("--smaller", String(PAPER / stage.offsetWidth));
    });
  }

  function begin() {
    document.getElementById("page").hidden = false;
    head();
    const nav = document.querySelector("nav");
    Care.tables.figures(document.getElementById("figures"));
    Care.tables.sections(document.querySelector("main"), nav, function (layer, row) {
      Care.show({ layer, row });
      document.getElementById("stage").scrollIntoView();
    });
    add(nav, Care.button("print", words.print, function () { window.print(); }));
    Care.draw.begin();
    roomForHead();
    Care.draw.whole();
    window.addEventListener("resize", roomForHead);
    Care.legend.begin();
    Care.search.begin();
    caption();
    foot();
    paper();
    const old = document.getElementById("too-old");
    old.parentNode.removeChild(old);
  }

  begin();
})();
