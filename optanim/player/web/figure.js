// A figure: what stands still and what moves, drawn on canvases at any step.

import { decodeArray, lastUpTo } from "./arrays.js";
import { Artwork } from "./artwork.js";
import { Trail } from "./trail.js";

/** Number of lines from which on fewer are drawn while the step changes. */
const MANY_LINES = 8000;
/** Pixels of the page: the radius of the ring around a chosen point, and the width of its line. */
const RING_RADIUS = 7;
const RING_WIDTH = 2;

export class Figure {
  /**
   * @param {object} data - of a figure, as docs/player.md has it.
   * @param {Artwork} [art] - of the figure that has the same paths, pens and images.
   */
  constructor(data, art = new Artwork(data)) {
    Object.assign(this, { data, art, decoded: new Map() });
    this.lastSteps = data.traces.map(({ series }) => (
      series ? this.#decode(series.loss).length - 1 : null
    ));
    this.marks = data.marks.map((mark) => (
      mark.kind === "ops" ? mark
        : new Trail(mark, data.unit, mark.at && this.lastSteps[mark.trace])
    ));
    this.trails = this.marks.filter((mark) => mark instanceof Trail);
  }

  /** Draw what stands still. The unit of the context is a pixel of the figure. */
  drawGround(context, hidden) {
    this.art.draw(context, this.data.still, hidden);
  }

  /**
   * Draw what moves.
   *
   * @param {CanvasRenderingContext2D} context - whose unit is a pixel of the figure.
   * @param {number} step - fractional between two updates.
   * @param {number} scale - device pixels per pixel of the figure.
   * @param {boolean} moving - whether other steps follow at once.
   * @param {Set<number>} hidden - the traces that are not drawn.
   * @returns {boolean} whether all is drawn that is seen; in motion there may be too many lines.
   */
  drawMarks(context, step, scale, moving, hidden) {
    const trails = this.trails.filter((trail) => !hidden.has(trail.trace));
    const lines = trails.reduce((sum, trail) => sum + trail.thin(scale, false).drawn, 0);
    const coarse = moving && lines > MANY_LINES;
    // Older parts are below all marks, as in a GIF.
    for (const trail of trails) trail.drawPast(context, step, scale, coarse);
    const sample = Math.max(0, lastUpTo(this.data.samples, step));
    for (const mark of this.marks) {
      if (!(mark instanceof Trail)) {
        const number = mark.whole ? Math.min(Math.floor(step), mark.at.length - 1) : sample;
        const ops = mark.states[mark.at[number]].map((op) => mark.ops[op]);
        this.art.draw(context, ops, hidden);
      } else if (!hidden.has(mark.trace)) {
        mark.draw(context, step, scale, coarse, this.art.path(mark.mark.head));
      }
    }
    return !coarse;
  }

  /** Draw rings around a step of a trace in all panels; `unit` is a pixel of the page. */
  drawRings(context, { trace, step }, unit) {
    const { ink, background } = this.data.theme;
    for (const trail of this.trails) {
      const place = trail.trace === trace && trail.headAt(step);
      if (!place) continue;
      context.beginPath();
      context.arc(...place, RING_RADIUS * unit, 0, 2 * Math.PI);
      for (const [color, width] of [[background, 2 * RING_WIDTH], [ink, RING_WIDTH]]) {
        context.strokeStyle = color;
        context.lineWidth = width * unit;
        context.stroke();
      }
    }
  }

  /** The step nearest to a pixel, among those that are drawn: its trace and number, or null. */
  nearest(x, y, step, radius, hidden) {
    let best = null;
    for (const trail of this.trails) {
      if (trail.trace < 0 || hidden.has(trail.trace)) continue;
      const found = trail.nearest(x, y, step, best?.distance ?? radius);
      if (found) best = { trace: trail.trace, ...found };
    }
    return best;
  }

  /**
   * The numbers of a trace at a step; after its last one they stay.
   *
   * @returns {object | null} lists `point`, `loss`, `gradient` and `rate`, and the `step`; null of
   *   a swarm.
   */
  numbersAt(trace, step) {
    const { series } = this.data.traces[trace];
    if (!series) return null;
    const whole = Math.min(Math.floor(step), this.lastSteps[trace]);
    const at = (arrays) => arrays?.map((array) => this.#decode(array)[whole]);
    const { points, loss, gradients, rates } = series;
    return {
      step: whole, point: at(points), loss: at([loss]), gradient: at(gradients), rate: at(rates),
    };
  }

  #decode(array) {
    if (!this.decoded.has(array)) this.decoded.set(array, decodeArray(array));
    return this.decoded.get(array);
  }
}
