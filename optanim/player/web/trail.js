// Trails: the path of a trace up to a step, with its head. They look as optanim/drawing/trail.py
// draws them.

import { decodeArray, lastUpTo } from "./arrays.js";
import { FAINT, GAP, HIDDEN, thinned } from "./polyline.js";

const OLD = { width: 0.8, alpha: 0.6 };
const RECENT = { width: 1, alpha: 1 };
const CROSSING_ALPHA = 0.25;
const HIDDEN_ALPHA = 0.75;
/** Pixels of the default figure. */
const HIDDEN_DASH = [3, 2.6];
/** The length of the triangle where a trail left its panel, as a part of the size of its head. */
const EXIT_SIZE = 0.9;
/** Pixels: a point on the frame may be as far outside, because of rounding. */
const ROUNDING = 1e-3;
/** Number of lines in a path: the time of a stroke grows faster than the number. */
const CHUNK = 500;
/** Number of dashed lines that cover another one. */
const DASHES_TO_COVER = 4;

export class Trail {
  /**
   * @param {object} mark - a trail, as docs/player.md has it.
   * @param {number} unit - pixels per pixel of the default figure.
   * @param {number} [lastStep] - of its trace, if that is not its last point.
   */
  constructor(mark, unit, lastStep) {
    Object.assign(this, { mark, unit, trace: mark.trace, points: decodeArray(mark.points) });
    const { route } = mark;
    this.route = route && { at: decodeArray(route.at), points: decodeArray(route.points) };
    this.flags = new Uint8Array(this.points.length / 2);
    /** The step of each point. */
    this.at = mark.at ? decodeArray(mark.at) : Uint32Array.from(this.flags.keys());
    this.lastStep = lastStep ?? this.at.at(-1);
    this.exitSteps = mark.exits.map(([step]) => step);
    for (const i of mark.gaps) this.flags[i] |= GAP;
    for (const i of mark.faint) this.flags[i] |= FAINT;
    this.hidden = new Set(mark.hidden);
    // Past the last flag nothing is set.
    for (const i of mark.hidden) for (const line of [i, i + 1]) this.flags[line] |= HIDDEN;
    this.points.forEach((value, k) => {
      if (Number.isNaN(value)) for (const i of [k >> 1, (k >> 1) + 1]) this.flags[i] |= GAP;
    });
    this.thinned = new Map();
  }

  /** The pixel of the head at a step, [x, y]; null where it has none. */
  headAt(step) {
    const reached = this.#reached(step);
    if (this.mark.away?.some(([from, to]) => from <= reached && reached < to)) return null;
    const { at, points } = this.route ?? this;
    const i = lastUpTo(at, reached);
    const share = i + 1 < at.length ? (reached - at[i]) / (at[i + 1] - at[i]) : 0;
    const place = [2 * i, 2 * i + 1].map((k) => (
      share ? points[k] + share * (points[k + 2] - points[k]) : points[k]
    ));
    return Number.isFinite(place[0] + place[1]) ? place : null;
  }

  /**
   * Draw the lines that only cross the panel, and the older part of the trail.
   *
   * @param {CanvasRenderingContext2D} context - whose unit is a pixel of the figure.
   * @param {number} step - up to which it is drawn.
   * @param {number} scale - device pixels per pixel of the figure.
   * @param {boolean} coarse - whether it is drawn in motion.
   */
  drawPast(context, step, scale, coarse) {
    const { mark } = this;
    const { first, since } = this.#parts(step);
    if (mark.last === 0 || step <= 0 || (since === first && !mark.faint.length)) return;
    this.#begin(context);
    const thin = this.thin(scale, coarse);
    const end = Math.ceil(this.#reached(step));
    const crossings = this.#paths(this.#indexAt(first), this.#indexAt(end), null, thin, FAINT);
    this.#stroke(context, crossings, mark.color, mark.width, CROSSING_ALPHA * mark.alpha);
    if (since > first) {
      this.#drawLine(context, first, since, null, thin, OLD);
      this.#drawDots(context, first, since, OLD.alpha);
    }
    context.restore();
  }

  /** Draw the recent line, over it the dots, and over them the head, of a given outline. */
  draw(context, step, scale, coarse, outline) {
    const { mark } = this;
    const head = this.headAt(step);
    const reached = this.#reached(step);
    this.#begin(context);
    if (mark.last !== 0 && reached > 0) {
      const { since } = this.#parts(step);
      this.#drawLine(context, since, reached, head, this.thin(scale, coarse), RECENT);
      this.#drawDots(context, since, Math.floor(reached) + 1, RECENT.alpha);
    }
    if (head && mark.headSize) this.#drawHead(context, head, step, outline);
    context.restore();
  }

  /** What of the line is seen on a canvas of a scale. */
  thin(scale, coarse) {
    if (this.scale !== scale) this.thinned.clear();
    this.scale = scale;
    if (!this.thinned.has(coarse)) {
      const { points, flags, mark } = this;
      const times = mark.dash.length ? DASHES_TO_COVER : 1;
      this.thinned.set(coarse, thinned(points, flags, mark.clip, { scale, coarse, times }));
    }
    return this.thinned.get(coarse);
  }

  /**
   * The whole step nearest to a pixel, among those that are drawn at a step.
   *
   * @returns {{step: number, distance: number} | null} null if none is within the radius.
   */
  nearest(x, y, step, radius) {
    const { points } = this;
    const { first } = this.#parts(step);
    let [best, least] = [null, radius];
    for (let i = this.#indexAt(first); i <= this.#indexAt(this.#reached(step)); i++) {
      const place = [points[2 * i], points[2 * i + 1]];
      const distance = Math.hypot(place[0] - x, place[1] - y);
      // The last of several points at the same place is the one that is seen.
      if (distance <= least && !this.#isOutside(place)) [best, least] = [i, distance];
    }
    return best === null ? null : { step: Math.round(this.at[best]), distance: least };
  }

  #reached(step) {
    return Math.min(Math.max(step, 0), this.lastStep);
  }

  /** The index of the last point up to a step, or of the first one. */
  #indexAt(step) {
    return Math.max(0, lastUpTo(this.at, step));
  }

  #isOutside([x, y]) {
    const [left, top, width, height] = this.mark.clip;
    return Math.max(left - x, x - left - width, top - y, y - top - height) > ROUNDING;
  }

  /** The step from which the trail is seen, and that from which it is strong. */
  #parts(step) {
    const { last, strong, recent } = this.mark;
    const reached = Math.floor(this.#reached(step));
    const first = last < 0 ? 0 : Math.max(0, reached - last);
    // The boundary moves in steps of two, as in a GIF.
    const since = step >= strong ? 0 : 2 * Math.floor((reached - recent) / 2);
    return { first, since: Math.max(first, since) };
  }

  #begin(context) {
    context.save();
    context.beginPath();
    context.rect(...this.mark.clip);
    context.clip();
    context.lineJoin = context.lineCap = "round";
  }

  /** Draw the line between two steps: hidden parts, over them the halo, and over it the others. */
  #drawLine(context, first, end, head, thin, { width, alpha }) {
    const { mark } = this;
    const [from, to] = [this.#indexAt(first), this.#indexAt(end)];
    const tip = this.at[to] < end ? head : null;
    if (mark.hidden.length) {
      context.setLineDash(HIDDEN_DASH.map((part) => part * this.unit));
      const hidden = this.#paths(from, to, tip, thin, HIDDEN);
      this.#stroke(context, hidden, mark.color, this.unit, HIDDEN_ALPHA * alpha * mark.alpha);
      context.setLineDash([]);
    }
    // The ends of pieces overlap, which is seen in dashed and in pale lines.
    const chunk = alpha * mark.alpha === 1 && !mark.dash.length ? CHUNK : Infinity;
    const lines = this.#paths(from, to, tip, thin, 0, chunk);
    // Halos and round ends take most of the time.
    if (mark.haloWidth && !thin.coarse) this.#stroke(context, lines, mark.halo, mark.haloWidth, 1);
    if (mark.dash.length || thin.coarse) context.lineCap = "butt";
    if (thin.coarse) context.lineJoin = "bevel";
    context.setLineDash(mark.dash);
    this.#stroke(context, lines, mark.color, width * mark.width, alpha * mark.alpha);
    context.setLineDash([]);
    context.lineCap = context.lineJoin = "round";
  }

  #stroke(context, paths, color, width, alpha) {
    context.globalAlpha = alpha;
    context.strokeStyle = color;
    context.lineWidth = width;
    for (const path of paths) context.stroke(path);
  }

  /** The lines of one kind from a point to another and on to a tip, in pieces. */
  #paths(from, to, tip, { indices, covered }, kind, chunk = Infinity) {
    const { points, flags, mark } = this;
    // Lines that are not drawn, or not as wide, cover none.
    const skips = from === 0 && kind === 0 && !mark.hidden.length;
    const paths = [];
    let [before, count, open] = [from, 0, false];
    const add = (flag, x, y) => {
      if (flag !== kind) {
        open = false;
        return;
      }
      if (count++ % chunk === 0) open = !paths.push(new Path2D());
      if (!open) paths.at(-1).moveTo(points[2 * before], points[2 * before + 1]);
      paths.at(-1).lineTo(x, y);
      open = true;
    };
    for (let k = lastUpTo(indices, from) + 1; k < indices.length && indices[k] < to; k++) {
      const i = indices[k];
      add(skips && covered[k] ? GAP : flags[i], points[2 * i], points[2 * i + 1]);
      before = i;
    }
    if (to > before) add(flags[to], points[2 * to], points[2 * to + 1]);
    before = to;
    if (tip) add(flags[to + 1], ...tip);
    return paths;
  }

  #drawDots(context, first, end, alpha) {
    const { dots, dotRadius, color } = this.mark;
    context.beginPath();
    for (const i of dots) {
      const step = this.at[i];
      if (step < first || step >= end) continue;
      context.moveTo(this.points[2 * i] + dotRadius, this.points[2 * i + 1]);
      context.arc(this.points[2 * i], this.points[2 * i + 1], dotRadius, 0, 2 * Math.PI);
    }
    context.globalAlpha = alpha * this.mark.alpha;
    context.fillStyle = color;
    context.fill();
  }

  /** Draw the head, hollow behind a surface; and a triangle where it has left the panel. */
  #drawHead(context, head, step, outline) {
    const { color, halo, alpha, headSize, headEdge, aside, exits } = this.mark;
    const reached = this.#reached(step);
    const [x, y] = reached > 0 ? head : [head[0] + aside[0], head[1] + aside[1]];
    const path = new Path2D();
    path.addPath(outline, new DOMMatrix([headSize, 0, 0, headSize, x, y]));
    const behind = this.#isBehind(reached);
    context.globalAlpha = behind ? 0.7 : alpha;
    context.fillStyle = behind ? halo : color;
    context.fill(path);
    if (headEdge) this.#stroke(context, [path], behind ? color : halo, headEdge, 1);
    const exit = exits[lastUpTo(this.exitSteps, Math.ceil(reached))];
    if (!exit || !this.#isOutside(head)) return;
    const size = EXIT_SIZE * headSize;
    context.translate(exit[1], exit[2]);
    context.rotate((exit[3] * Math.PI) / 180);
    context.globalAlpha = alpha;
    context.fillStyle = color;
    const triangle = new Path2D(`M0 0L${-size} ${-0.62 * size}V${0.62 * size}Z`);
    context.fill(triangle);
    if (headEdge) this.#stroke(context, [triangle], halo, headEdge, 1);
  }

  /** Whether the surface hides the head: the nearer one of the points around it. */
  #isBehind(step) {
    const i = this.#indexAt(step);
    return this.hidden.has(this.at[i + 1] - step < step - this.at[i] ? i + 1 : i);
  }
}
