// Elements of the page, made with texts that are never read as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** A new element; functions among its attributes listen to the events of their names. */
export function element(tag, attributes = {}, ...children) {
  const isDrawn = tag === "svg" || tag === "path";
  const node = isDrawn ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(key, value);
    else if (typeof value === "boolean") node.toggleAttribute(key, value);
    else node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

/** A new icon: a path as SVG has it, and what is seen of it: left, top, width and height. */
export function newIcon(path, viewBox, fill = "currentColor") {
  return element("svg", { viewBox, "aria-hidden": "true" }, element("path", { d: path, fill }));
}

/** A text with values in place of the names in braces. */
export function fillIn(text, values) {
  return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

/**
 * A box with a table, which scrolls if it has to; the keyboard can do that too.
 *
 * @param {string} label - of the box.
 * @param {string[]} head - the headings of the columns.
 * @param {string[][]} rows - the first text of each is its heading.
 */
export function tableBox(label, head, rows) {
  const columns = head.map((text) => text ? element("th", { scope: "col" }, text) : element("td"));
  const lines = rows.map(([name, ...texts]) => (
    element("tr", {}, element("th", { scope: "row" }, name),
      ...texts.map((text) => element("td", {}, text)))
  ));
  const table = element("table", {},
    element("thead", {}, element("tr", {}, ...columns)), element("tbody", {}, ...lines));
  return element("div", { class: "box", tabindex: 0, role: "region", "aria-label": label }, table);
}
