// The numbers of a step: how they are written, and their table.

import { tableBox } from "./elements.js";

/** The largest number of traces with a row each; of more, the chosen one has the only row. */
const MAX_ROWS = 16;
/** The largest number of coordinates that are written. */
const MAX_COORDINATES = 4;
const NO_VALUE = "\u2013";

/** A number with four digits: `0.03125`, `−12.5`, `6.23e−5`. NaN is no value. */
export function formatNumber(value) {
  if (Number.isNaN(value)) return NO_VALUE;
  const size = Math.abs(value);
  const plain = size === 0 || (size >= 9.9995e-5 && size < 99999.5);
  // Five digits before the point are not rounded.
  const text = plain ? String(Number(value.toPrecision(size < 9999.5 ? 4 : 5)))
    : value.toExponential(3).replace(/\.?0*e\+?/, "e");
  return text.replaceAll("-", "\u2212");
}

/** The table of the numbers of each trace at a step. */
export class NumbersTable {
  /** @param {HTMLElement} parent - whose last child it is. */
  constructor(parent) {
    this.parent = parent;
  }

  /** Make the rows of a figure. */
  load(figure) {
    this.figure = figure;
    const { words, axes, traces } = figure.data;
    const series = traces.find((trace) => trace.series)?.series ?? {};
    const columns = [["point", `${words.point} ${shortList(axes)}`], ["loss", words.loss]];
    if (series.gradients) columns.push(["gradient", words.gradient], ["rate", words.rate]);
    this.names = columns.map(([name]) => name);
    this.single = traces.length > MAX_ROWS;
    const head = ["", ...columns.map(([, text]) => text)];
    const rows = traces.slice(0, this.single ? 1 : MAX_ROWS).map(() => ["", ...this.names]);
    const box = tableBox(words.numbers, head, rows);
    this.parent.lastChild.replaceWith(box);
    this.rows = [...box.querySelectorAll("tbody tr")];
  }

  /** Write the numbers of a step; a chosen trace has those of its own step. */
  update(step, hidden, chosen) {
    this.rows.forEach((row, i) => {
      const trace = this.single ? chosen?.trace ?? 0 : i;
      const isChosen = chosen?.trace === trace;
      const numbers = this.figure.numbersAt(trace, isChosen ? chosen.step : step);
      row.hidden = !numbers || hidden.has(trace);
      if (row.hidden) return;
      row.className = isChosen ? "chosen" : "";
      const { words, traces } = this.figure.data;
      // No line ends beside an equals sign.
      const label = traces[trace].label.replaceAll(" = ", "\u00a0=\u00a0");
      const isOther = numbers.step !== Math.floor(step);
      write(row.cells[0], isOther ? `${label} (${words.step} ${numbers.step})` : label);
      this.names.forEach((name, k) => {
        const texts = numbers[name]?.map(formatNumber) ?? [];
        const isKnown = texts.some((text) => text !== NO_VALUE);
        write(row.cells[k + 1], isKnown ? shortList(texts) : NO_VALUE);
      });
    });
  }
}

/** The first texts, and whether there are more. */
function shortList(texts) {
  const more = texts.length > MAX_COORDINATES ? ["…"] : [];
  return [...texts.slice(0, MAX_COORDINATES), ...more].join(", ");
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
