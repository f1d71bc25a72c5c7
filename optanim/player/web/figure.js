// A figure: what stands still and what moves, drawn on a canvas at any step.

import { decodeArray, lastUpTo } from "./arrays.js";
import { Artwork } from "./artwork.js";
import { Trail } from "./trail.js";

/** Points of lines that a frame may have while the step changes; at rest it has all. */
const MOVING_POINTS = 60000;
/** Pixels of the screen: the radius of the ring around a chosen point, and the width of its line. */
const RING_RADIUS = 7;
const RING_WIDTH = 2;

/** The data of a figure, ready to be drawn. */
export class Figure {
  /**
   * @param {object} data - as docs/player.md has it.
   * @param {Artwork} [ground] - of `data.still`, if that is from another figure.
   */
  constructor(data, ground) {
    this.data = data;
    this.art = new Artwork(data);
    this.ground = ground ?? this.art;
    this.samples = decodeArray(data.samples ?? []);
    this.steps = data.steps;
    this.traces = data.traces.map((trace) => ({ ...trace, last: lastStepOf(trace) }));
    this.marks = data.marks.map((mark) =>
      mark.kind === "trail" ? new Trail(mark, mark.at && this.traces[mark.trace]?.last) : mark,
    );
    this.trails = this.marks.filter((mark) => mark instanceof Trail);
    /** Whether the ground changes when a trace is hidden. */
    this.grouped = data.still.some((op) => op[0] === "g");
    this.decoded = new Map();
  }

  /** Draw what stands still. The unit of the context is a pixel of the figure. */
  drawGround(context, hidden) {
    this.ground.draw(context, this.data.still, hidden);
  }

  /**
   * Draw what moves.
   *
   * @param {CanvasRenderingContext2D} context - whose unit is a pixel of the figure.
   * @param {number} step - fractional between two updates.
   * @param {{scale: number, moving: boolean, hidden: Set<number>}} view - device pixels per pixel
   *   of the figure, whether other steps follow at once, and the traces that are not drawn.
   * @returns {boolean} whether all points are drawn; in motion there may be too many.
   */
  drawMarks(context, step, { scale, moving, hidden }) {
    const trails = this.trails.filter((trail) => !hidden.has(trail.trace));
    const detail = { scale, budget: moving ? this.#budget(trails, step, scale) : Infinity };
    // Older parts are below all marks, as in a GIF.
    for (const trail of trails) trail.drawPast(context, step, detail);
    const sample = Math.max(0, lastUpTo(this.samples, step));
    for (const mark of this.marks) {
      if (!(mark instanceof Trail)) this.art.draw(context, stateOf(mark, sample), hidden);
      else if (!hidden.has(mark.trace)) {
        mark.draw(context, step, detail, this.art.path(mark.mark.head));
      }
    }
    return detail.budget === Infinity;
  }

  /** Draw rings around a step of a trace in all panels. `size` is a pixel of the screen. */
  drawRings(context, { trace, step }, size) {
    const { ink, background } = this.data.theme;
    for (const trail of this.trails) {
      const place = trail.trace === trace ? trail.headAt(step) : null;
      if (!place) continue;
      context.beginPath();
      context.arc(...place, RING_RADIUS * size, 0, 2 * Math.PI);
      context.globalAlpha = 1;
      for (const [color, width] of [[background, 2 * RING_WIDTH], [ink, RING_WIDTH]]) {
        context.strokeStyle = color;
        context.lineWidth = width * size;
        context.stroke();
      }
    }
  }

  /**
   * The pixel of a head.
   *
   * @param {number} mark - the number of a trail in `data.marks`.
   * @param {number} step - fractional between two updates.
   * @returns {[number, number] | null} in pixels of the figure; null if it has no place.
   */
  headAt(mark, step) {
    return this.marks[mark].headAt(step);
  }

  /**
   * The step of a trace nearest to a pixel of the figure, among the steps that are drawn.
   *
   * @returns {{trace: number, step: number} | null} null if none is within the radius.
   */
  nearest(x, y, step, radius, hidden) {
    let best = null;
    for (const trail of this.trails) {
      if (trail.trace < 0 || hidden.has(trail.trace)) continue;
      const found = trail.nearest(x, y, step, radius);
      if (found && found.distance <= (best?.distance ?? Infinity)) {
        best = { trace: trail.trace, ...found };
      }
    }
    return best;
  }

  /**
   * The numbers of a trace at a step; after its last one they stay.
   *
   * @returns {{step: number, point: number[], loss: number[], gradient: number[] | null,
   *   rate: number[] | null} | null} null of a swarm.
   */
  numbersAt(number, step) {
    const { series, last } = this.traces[number];
    if (!series) return null;
    const whole = Math.min(Math.floor(step), last);
    const at = (arrays) => arrays && arrays.map((array) => this.#decode(array)[whole]);
    return {
      step: whole,
      point: at(series.points),
      loss: at([series.loss]),
      gradient: at(series.gradients),
      rate: at(series.rates),
    };
  }

  #decode(array) {
    if (!this.decoded.has(array)) this.decoded.set(array, decodeArray(array));
    return this.decoded.get(array);
  }

  /** The number of points that each trail may have in motion. */
  #budget(trails, step, scale) {
    const counts = trails.map((trail) => trail.pointCount(step, scale));
    const all = counts.reduce((sum, count) => sum + count, 0);
    return all <= MOVING_POINTS ? Infinity : Math.max(50, Math.floor(MOVING_POINTS / counts.length));
  }
}

/** The operations of a mark at a sample. */
function stateOf({ ops, states, at }, sample) {
  return states[at[sample]].map((op) => ops[op]);
}

/** The last step of a trace; null of a swarm. */
function lastStepOf({ series }) {
  if (!series) return null;
  const { loss } = series;
  return Array.isArray(loss) ? loss.length - 1 : decodeArray(loss).length - 1;
}
