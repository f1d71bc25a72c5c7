// The numbers of a step: how they are written, and their table.

import { fillTable } from "./elements.js";

/** The largest number of traces whose numbers stand in the table; of more, only the chosen one. */
const MAX_ROWS = 16;
/** The largest number of coordinates that are written. */
const MAX_COORDINATES = 4;
const MINUS = "\u2212";

/**
 * A number with four digits: `0.03125`, `−12.5`, `6.23e−5`.
 *
 * @param {number} value - NaN is no value.
 */
export function formatNumber(value) {
  if (Number.isNaN(value)) return "\u2013";
  if (!Number.isFinite(value)) return value > 0 ? "\u221e" : `${MINUS}\u221e`;
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 9.9995e-5 && size < 99999.5
    ? String(Number(value.toPrecision(size < 9999.5 ? 4 : 5)))
    : value.toExponential(3).replace(/\.?0*e\+?/, "e");
  return text.replaceAll("-", MINUS);
}

/** The table of the numbers of each trace at a step. */
export class NumbersTable {
  /** @param {HTMLElement} box - that it fills. */
  constructor(box) {
    this.box = box;
  }

  /** Make the rows of a figure. */
  load(figure) {
    this.figure = figure;
    const { words, axes, traces } = figure.data;
    const first = traces.find(({ series }) => series)?.series ?? {};
    const names = axes.slice(0, MAX_COORDINATES).join(", ") + (axes.length > MAX_COORDINATES ? ", …" : "");
    const columns = [["point", `${words.point} ${names}`], ["loss", words.loss]];
    if (first.gradients) columns.push(["gradient", words.gradient]);
    if (first.rates) columns.push(["rate", words.rate]);
    this.columns = columns.map(([name]) => name);
    const count = traces.length > MAX_ROWS ? 1 : traces.length;
    const rows = traces.slice(0, count).map(({ label }) => [label, ...columns.map(() => "")]);
    const table = fillTable(this.box, words.numbers, ["", ...columns.map(([, text]) => text)], rows);
    this.rows = [...table.tBodies[0].rows];
    this.single = traces.length > MAX_ROWS;
  }

  /**
   * Write the numbers of a step.
   *
   * @param {number} step
   * @param {Set<number>} hidden - traces without a row.
   * @param {{trace: number, step: number} | null} chosen - a trace that shows another step.
   */
  update(step, hidden, chosen) {
    this.rows.forEach((row, i) => {
      const trace = this.single ? chosen?.trace ?? 0 : i;
      const isChosen = chosen?.trace === trace;
      const numbers = this.figure.numbersAt(trace, isChosen ? chosen.step : step);
      row.hidden = !numbers || (hidden.has(trace) && !isChosen);
      if (row.hidden) return;
      row.className = isChosen ? "chosen" : "";
      const { label } = this.figure.traces[trace];
      const own = numbers.step === Math.floor(step) ? "" : ` (${this.figure.data.words.step} ${numbers.step})`;
      write(row.cells[0], label + own);
      this.columns.forEach((name, k) => write(row.cells[k + 1], cellText(name, numbers[name])));
    });
  }
}

function cellText(name, value) {
  const parts = (value ?? []).slice(0, MAX_COORDINATES).map(formatNumber);
  if (parts.every((part) => part === "\u2013")) return "\u2013";
  return parts.join(", ") + (value.length > MAX_COORDINATES ? ", …" : "");
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
