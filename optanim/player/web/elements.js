// Elements of the page, made with texts that are never read as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** A new element with a class and a text. */
export function newElement(tag, className = "", textContent = "") {
  return Object.assign(document.createElement(tag), { className, textContent });
}

/** A new button with what is in it, its name, and what it does. */
export function newButton(className, name, content, onClick) {
  const button = newElement("button", className);
  button.type = "button";
  button.title = name;
  button.append(...content);
  button.addEventListener("click", onClick);
  return button;
}

/** A new icon: a path as SVG has it, and what is seen of it: left, top, width and height. */
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
 * Put a table into a box that scrolls if it has to, which the keyboard can do too.
 *
 * @param {HTMLElement} box
 * @param {string} label - of the box.
 * @param {string[][]} rows - the first has the headings of the columns, and each has its own first.
 * @returns {HTMLTableRowElement[]} the rows without the first.
 */
export function fillTable(box, label, rows) {
  const table = newElement("table");
  const parts = [table.createTHead(), table.createTBody()];
  rows.forEach((texts, i) => {
    const row = parts[Math.min(i, 1)].insertRow();
    texts.forEach((text, k) => {
      const cell = newElement(text && (i === 0 || k === 0) ? "th" : "td", "", text);
      if (cell.tagName === "TH") cell.scope = i ? "row" : "col";
      row.append(cell);
    });
  });
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", label);
  box.replaceChildren(table);
  return [...parts[1].rows];
}
