// Trails: the path of a trace up to a step, with its head. They look as optanim/drawing/trail.py
// draws them in a GIF.

import { decodeArray, lastUpTo } from "./arrays.js";

const OLD_WIDTH = 0.8;
const OLD_ALPHA = 0.6;
const CROSSING_ALPHA = 0.25;
const HIDDEN_ALPHA = 0.75;
const HIDDEN_DASH = [3, 2.6];
/** The length of the triangle where a trail left its panel, as a part of the size of its head. */
const EXIT_SIZE = 0.9;
/** Pixels: a point on the frame may be as far outside, because of rounding. */
const FRAME_ROUNDING = 1e-3;
/** Device pixels: a line may be as far from the points that are left out. */
const THINNING_TOLERANCE = 0.2;

// What is particular about the line to a point.
const GAP = 1;
const FAINT = 2;
const HIDDEN = 4;

/** A trail, as docs/player.md has it in `marks`. */
export class Trail {
  /**
   * @param {object} mark - the data.
   * @param {number | null} lastStep - of its trace; null if that is its last point.
   */
  constructor(mark, lastStep) {
    this.mark = mark;
    this.trace = mark.trace;
    this.panel = mark.panel;
    this.points = decodeArray(mark.points);
    this.at = mark.at ? decodeArray(mark.at) : null;
    this.route = mark.route && {
      at: decodeArray(mark.route.at),
      points: decodeArray(mark.route.points),
    };
    this.count = this.points.length / 2;
    this.lastStep = lastStep ?? this.count - 1;
    this.flags = new Uint8Array(this.count);
    for (const [indices, flag] of [[mark.gaps, GAP], [mark.faint, FAINT], [mark.hidden, HIDDEN]]) {
      for (const i of indices ?? []) this.flags[i] |= flag;
    }
    for (let i = 0; i < this.count; i++) {
      if (Number.isNaN(this.points[2 * i] + this.points[2 * i + 1])) {
        this.flags[i] |= GAP;
        if (i + 1 < this.count) this.flags[i + 1] |= GAP;
      }
    }
    this.thinned = { scale: 0, all: null, few: null };
  }

  /** The pixel of the head at a step, [x, y]; null where it has none. */
  headAt(step) {
    const { points, at, count } = this;
    const reached = this.#reached(step);
    const i = this.#indexAt(reached);
    const away = (this.mark.away ?? []).some(([from, to]) => from <= reached && reached < to);
    if (i < 0 || away) return null;
    if (this.#stepOf(i) === reached) return finitePoint(points[2 * i], points[2 * i + 1]);
    if (this.route) return along(this.route.at, this.route.points, reached);
    // On a surface, a trace has no place where it is outside of the window.
    if (i + 1 >= count || (at && this.flags[i + 1] & GAP)) return null;
    const share = (reached - this.#stepOf(i)) / (this.#stepOf(i + 1) - this.#stepOf(i));
    return finitePoint(
      points[2 * i] + share * (points[2 * i + 2] - points[2 * i]),
      points[2 * i + 1] + share * (points[2 * i + 3] - points[2 * i + 1]),
    );
  }

  /**
   * Draw the older part of the trail, and the lines that only cross the panel.
   *
   * @param {CanvasRenderingContext2D} context - whose unit is a pixel of the figure.
   * @param {number} step - up to which it is drawn.
   * @param {{scale: number, budget: number}} detail - device pixels per pixel of the figure, and
   *   the largest number of points of its line; infinite for all that are seen.
   */
  drawPast(context, step, detail) {
    const { mark } = this;
    if (mark.last === 0 || step <= 0) return;
    const { first, since } = this.#parts(step);
    const from = this.#firstIndex(first);
    const reached = this.#reached(step);
    let end = this.#indexAt(reached);
    if (this.#stepOf(end) < reached) end += 1;
    if (since <= first && !mark.faint?.length) return;
    this.#begin(context);
    if (mark.faint?.length) {
      const crossings = new Path2D();
      for (let k = lastUpTo(mark.faint, from) + 1; k < mark.faint.length; k++) {
        const i = mark.faint[k];
        if (i > end) break;
        crossings.moveTo(this.points[2 * i - 2], this.points[2 * i - 1]);
        crossings.lineTo(this.points[2 * i], this.points[2 * i + 1]);
      }
      this.#stroke(context, crossings, mark.width, CROSSING_ALPHA * mark.alpha);
    }
    if (since > first) {
      this.#drawLine(context, from, this.#indexAt(since), null, detail, OLD_WIDTH, OLD_ALPHA);
      this.#drawDots(context, first, since, OLD_ALPHA);
    }
    context.restore();
  }

  /**
   * Draw the recent line, over it the dots, and over them the head.
   *
   * @param {Path2D} head - its outline, in a square of side 1 around the origin.
   * The other arguments are those of `drawPast`.
   */
  draw(context, step, detail, head) {
    const { mark } = this;
    const place = this.headAt(step);
    this.#begin(context);
    if (mark.last !== 0 && step > 0) {
      const { since } = this.#parts(step);
      const reached = this.#reached(step);
      const to = this.#indexAt(reached);
      const end = this.#stepOf(to) < reached ? place : null;
      this.#drawLine(context, this.#firstIndex(since), to, end, detail, 1, 1);
      this.#drawDots(context, since, Math.floor(reached) + 1, 1);
    }
    if (place && mark.headSize) this.#drawHead(context, place, step, head);
    context.restore();
  }

  /** The number of points that the line at a step has on a canvas of a scale. */
  pointCount(step, scale) {
    const { all } = this.#thin(scale, Infinity);
    return lastUpTo(all, this.#indexAt(this.#reached(step))) + 1;
  }

  /**
   * The whole step nearest to a pixel, among those that are drawn at a step.
   *
   * @returns {{step: number, distance: number} | null} null if none is within the radius.
   */
  nearest(x, y, step, radius) {
    const { points, mark } = this;
    const reached = this.#reached(step);
    const first = mark.last < 0 ? 0 : Math.max(0, Math.floor(reached) - mark.last);
    const [left, top, width, height] = mark.clip;
    let best = null;
    let least = radius * radius;
    for (let i = Math.max(0, this.#indexAt(first)); i <= this.#indexAt(reached); i++) {
      const px = points[2 * i];
      const py = points[2 * i + 1];
      const square = (px - x) ** 2 + (py - y) ** 2;
      const inside = px >= left && py >= top && px <= left + width && py <= top + height;
      // The last of several points at the same place is the one that is seen.
      if (inside && square <= least) [best, least] = [i, square];
    }
    if (best === null) return null;
    return { step: Math.round(this.#stepOf(best)), distance: Math.sqrt(least) };
  }

  #reached(step) {
    return Math.min(Math.max(step, 0), this.lastStep);
  }

  #stepOf(index) {
    return this.at ? this.at[index] : index;
  }

  /** The index of the last point up to a step; -1 if there is none. */
  #indexAt(step) {
    return this.at ? lastUpTo(this.at, step) : Math.min(Math.floor(step), this.count - 1);
  }

  #firstIndex(step) {
    return Math.max(0, this.#indexAt(step));
  }

  /** The step from which the trail is seen, and that from which it is strong. */
  #parts(step) {
    const { last, strong, recent } = this.mark;
    const reached = Math.floor(this.#reached(step));
    const first = last < 0 ? 0 : Math.max(0, reached - last);
    // The boundary moves in steps of two, as in a GIF.
    const since = step >= strong ? 0 : Math.max(0, 2 * Math.floor((reached - recent) / 2));
    return { first, since: Math.max(first, since) };
  }

  #begin(context) {
    context.save();
    context.beginPath();
    context.rect(...this.mark.clip);
    context.clip();
    context.lineJoin = "round";
    context.lineCap = "round";
  }

  #drawLine(context, from, to, head, detail, width, alpha) {
    const { mark } = this;
    const indices = this.#thin(detail.scale, detail.budget);
    if (mark.hidden?.length) {
      const hidden = this.#line(indices, from, to, head, HIDDEN);
      context.setLineDash(HIDDEN_DASH);
      this.#stroke(context, hidden, 1, HIDDEN_ALPHA * alpha * mark.alpha);
      context.setLineDash([]);
    }
    const line = this.#line(indices, from, to, head, 0);
    if (mark.halo && mark.haloWidth) this.#stroke(context, line, mark.haloWidth, 1, mark.halo);
    const dashed = mark.dash?.length > 0;
    context.lineCap = dashed ? "butt" : "round";
    context.setLineDash(dashed ? mark.dash : []);
    this.#stroke(context, line, width * mark.width, alpha * mark.alpha);
    context.setLineDash([]);
    context.lineCap = "round";
  }

  #stroke(context, path, width, alpha, color = this.mark.color) {
    context.globalAlpha = alpha;
    context.strokeStyle = color;
    context.lineWidth = width;
    context.stroke(path);
  }

  /** The lines of one kind, from a point to another and on to the head. */
  #line({ all, few }, from, to, head, kind) {
    const { points, flags } = this;
    const path = new Path2D();
    const indices = few ?? all;
    let before = from;
    let open = false;
    const add = (index, x, y) => {
      const drawn = flags[index] === kind;
      if (drawn && !open) path.moveTo(points[2 * before], points[2 * before + 1]);
      if (drawn) path.lineTo(x, y);
      open = drawn;
    };
    for (let k = lastUpTo(indices, from) + 1; k < indices.length && indices[k] < to; k++) {
      const i = indices[k];
      add(i, points[2 * i], points[2 * i + 1]);
      before = i;
    }
    if (to > before) {
      add(to, points[2 * to], points[2 * to + 1]);
      before = to;
    }
    if (head) add(Math.min(to + 1, this.count - 1), ...head);
    return path;
  }

  #drawDots(context, first, end, alpha) {
    const { dots, dotRadius } = this.mark;
    if (!dots?.length || !dotRadius) return;
    context.beginPath();
    for (const i of dots) {
      const step = this.#stepOf(i);
      if (step < first) continue;
      if (step >= end) break;
      const [x, y] = [this.points[2 * i], this.points[2 * i + 1]];
      context.moveTo(x + dotRadius, y);
      context.arc(x, y, dotRadius, 0, 2 * Math.PI);
    }
    context.globalAlpha = alpha * this.mark.alpha;
    context.fillStyle = this.mark.color;
    context.fill();
  }

  #drawHead(context, [x, y], step, head) {
    const { mark } = this;
    const [right, down] = step <= 0 ? (mark.aside ?? [0, 0]) : [0, 0];
    const outline = new Path2D();
    const size = mark.headSize;
    outline.addPath(head, new DOMMatrix([size, 0, 0, size, x + right, y + down]));
    const behind = this.#isHidden(step);
    context.globalAlpha = behind ? 0.7 : mark.alpha;
    context.fillStyle = behind ? mark.halo : mark.color;
    context.fill(outline);
    if (mark.halo && mark.headEdge) {
      this.#stroke(context, outline, mark.headEdge, 1, behind ? mark.color : mark.halo);
    }
    this.#drawExit(context, x, y, step);
  }

  /** Whether the surface hides the head: it is on a hidden line, or between two of them. */
  #isHidden(step) {
    if (!this.mark.hidden?.length) return false;
    const reached = this.#reached(step);
    const i = this.#indexAt(reached);
    const after = Math.min(i + 1, this.count - 1);
    if (this.#stepOf(i) < reached) return Boolean(this.flags[after] & HIDDEN);
    return Boolean((this.flags[i] | GAP) & this.flags[after] & HIDDEN);
  }

  /** A triangle where a head that is outside of the panel has left it. */
  #drawExit(context, x, y, step) {
    const { mark } = this;
    const [left, top, width, height] = mark.clip;
    const beyond = Math.max(left - x, x - left - width, top - y, y - top - height);
    if (beyond <= FRAME_ROUNDING || !mark.exits?.length) return;
    this.exitSteps ??= mark.exits.map(([first]) => first);
    const exit = mark.exits[lastUpTo(this.exitSteps, Math.ceil(this.#reached(step)))];
    if (!exit) return;
    const [, tipX, tipY, angle] = exit;
    const size = EXIT_SIZE * mark.headSize;
    context.translate(tipX, tipY);
    context.rotate((angle * Math.PI) / 180);
    context.beginPath();
    context.moveTo(0, 0);
    context.lineTo(-size, -0.62 * size);
    context.lineTo(-size, 0.62 * size);
    context.closePath();
    context.globalAlpha = mark.alpha;
    context.fillStyle = mark.color;
    context.fill();
  }

  /** The indices of the points that a line needs on a canvas of a scale, and fewer in motion. */
  #thin(scale, budget) {
    if (this.thinned.scale !== scale) {
      const all = neededPoints(this.points, this.flags, THINNING_TOLERANCE / scale);
      this.thinned = { scale, all, few: null };
    }
    const { thinned } = this;
    if (thinned.all.length <= budget) return { all: thinned.all, few: null };
    const stride = Math.ceil(thinned.all.length / budget);
    if (thinned.stride !== stride) {
      const { flags } = this;
      const ends = (i) => flags[i] !== flags[i + 1] || flags[i] & (GAP | FAINT);
      thinned.few = thinned.all.filter((i, k) => k % stride === 0 || ends(i));
      thinned.stride = stride;
    }
    return thinned;
  }
}

/**
 * The indices of the points that a polyline needs; no other point is farther from it than a
 * tolerance. Lines that are not drawn keep their ends.
 *
 * From each point that is kept, the directions in which a line passes all later points closely
 * enough are a sector, which only narrows.
 */
function neededPoints(points, flags, tolerance) {
  const kept = [0];
  let anchor = 0;
  let reach, base, low, high;
  const restart = (index) => {
    anchor = index;
    reach = 0;
    if (kept.at(-1) !== index) kept.push(index);
  };
  /** Whether one line from the anchor passes this point and all since; the sector narrows. */
  const passes = (x, y) => {
    const distance = Math.hypot(x, y);
    if (distance <= tolerance) return reach <= tolerance;
    const angle = Math.atan2(y, x);
    const slack = Math.asin(tolerance / distance);
    if (reach <= tolerance) [base, low, high] = [angle, -slack, slack];
    else {
      let turn = angle - base;
      if (turn > Math.PI) turn -= 2 * Math.PI;
      else if (turn < -Math.PI) turn += 2 * Math.PI;
      if (turn < low || turn > high || distance < reach - tolerance) return false;
      low = Math.max(low, turn - slack);
      high = Math.min(high, turn + slack);
    }
    reach = Math.max(reach, distance);
    return true;
  };
  restart(0);
  for (let i = 1; i < flags.length; i++) {
    const far = () => passes(points[2 * i] - points[2 * anchor],
                             points[2 * i + 1] - points[2 * anchor + 1]);
    if (flags[i] !== flags[i - 1] || flags[i] & (GAP | FAINT)) {
      restart(i - 1);
      if (flags[i] & (GAP | FAINT)) restart(i);
      else far();
    } else if (!far()) {
      restart(i - 1);
      far();
    }
  }
  restart(flags.length - 1);
  return Uint32Array.from(kept);
}

/** The place at a step along points with steps. */
function along(at, points, step) {
  const i = Math.min(Math.max(lastUpTo(at, step), 0), at.length - 2);
  const share = Math.min(Math.max((step - at[i]) / (at[i + 1] - at[i]), 0), 1);
  return finitePoint(
    points[2 * i] + share * (points[2 * i + 2] - points[2 * i]),
    points[2 * i + 1] + share * (points[2 * i + 3] - points[2 * i + 1]),
  );
}

function finitePoint(x, y) {
  return Number.isFinite(x + y) ? [x, y] : null;
}
