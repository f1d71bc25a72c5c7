// Elements of the page: they are made here, with texts that are never read as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** A new element with a class and a text. */
export function newElement(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/**
 * A new icon.
 *
 * @param {string} path - as SVG has it.
 * @param {string} box - what is seen of it: left, top, width and height.
 * @param {string} color
 */
export function newIcon(path, box, color = "currentColor") {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("viewBox", box);
  icon.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  shape.setAttribute("fill", color);
  icon.append(shape);
  return icon;
}

/**
 * Put a table into a box that scrolls sideways if it has to, which the keyboard can do too.
 *
 * @param {HTMLElement} box
 * @param {string} label - of the box.
 * @param {string[]} head - a text for each column.
 * @param {string[][]} rows - the first text of each is its heading.
 * @returns {HTMLTableElement}
 */
export function fillTable(box, label, head, rows) {
  const table = newElement("table");
  const top = table.createTHead().insertRow();
  for (const text of head) {
    const cell = newElement(text ? "th" : "td", "", text);
    if (text) cell.scope = "col";
    top.append(cell);
  }
  const body = table.createTBody();
  for (const [name, ...texts] of rows) {
    const row = body.insertRow();
    const heading = newElement("th", "", name);
    heading.scope = "row";
    row.append(heading, ...texts.map((text) => newElement("td", "", text)));
  }
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", label);
  box.replaceChildren(table);
  return table;
}
