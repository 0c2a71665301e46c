"""What of a page is too pale to be read: texts whose contrast is below that of WCAG 2 AA."""

TOO_PALE = """() => {
  const parts = (colour) => {
    const [r, g, b, a] = colour.match(/[\\d.]+/g).map(Number);
    return [r, g, b, a === undefined ? 1 : a];
  };
  const over = (top, low) =>
    [0, 1, 2].map((i) => top[i] * top[3] + low[i] * (1 - top[3])).concat(1);
  const light = (colour) => {
    const [r, g, b] = colour.map((v) => v / 255)
      .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const up = (node) => {
    const found = [];
    for (let at = node; at; at = at.parentElement) found.push(getComputedStyle(at));
    return found;
  };
  const pale = {};
  const look = (node, colour, text) => {
    if (!node.getClientRects().length || node.closest("[disabled], [aria-disabled=true]")) return;
    const styles = up(node);
    const ground = styles.map((s) => parts(s.backgroundColor)).reverse()
      .reduce((low, top) => over(top, low), [255, 255, 255, 1]);
    const ink = parts(colour);
    ink[3] *= styles.reduce((all, s) => all * Number(s.opacity), 1);
    const both = [light(ground), light(over(ink, ground))].sort((a, b) => b - a);
    const contrast = (both[0] + 0.05) / (both[1] + 0.05);
    if (contrast < 4.5) pale[text.slice(0, 30)] = contrast.toFixed(2);
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement, text = walk.currentNode.textContent.trim();
    const style = getComputedStyle(node);
    if (!text || style.visibility === "hidden" || style.fontSize === "0px") continue;
    if (!node.closest("style, script, [data-testid=stIconMaterial]")) look(node, style.color, text);
  }
  document.querySelectorAll("input[placeholder]").forEach((box) => {
    if (!box.value) look(box, getComputedStyle(box, "::placeholder").color, box.placeholder);
  });
  return pale;
}"""
"""Looks at every text seen now but those of what is switched off; returns text and contrast."""
