// Polylines of many points: what of them is seen at the resolution of a canvas.

/** What is particular about the line that leads to a point. */
export const GAP = 1;
export const FAINT = 2;
export const HIDDEN = 4;

/** Device pixels: how far a line may be from points that are left out, and the size of cells. */
const TOLERANCE = 0.2;
const CELL = 0.75;
/** In motion both are as many times as large. */
const COARSE = 8;
const MAX_CELLS = 5000;

/**
 * The points that a polyline needs, and which of its lines are covered by earlier ones.
 *
 * @param {ArrayLike<number>} points - x0, y0, x1, …
 * @param {Uint8Array} flags - of the line to each point.
 * @param {number[]} clip - left, top, width and height of what is seen.
 * @param {number} scale - device pixels per unit of the points.
 * @param {boolean} coarse - whether it is drawn in motion.
 * @param {number} times - how many lines cover one.
 * @returns {{indices: Uint32Array, covered: Uint8Array, coarse: boolean, drawn: number}} the points
 *   that are needed, whether the line to each is covered, and the number of lines that are not.
 */
export function thinned(points, flags, clip, { scale, coarse, times }) {
  const size = (coarse ? COARSE : 1) / scale;
  const indices = neededPoints(points, flags, TOLERANCE * size);
  const covered = coveredLines(points, flags, indices, clip, CELL * size, times);
  return { indices, covered, coarse, drawn: covered.reduce((sum, value) => sum + 1 - value, 0) };
}

/** The indices of the points that are needed: the others lie within a strip between two of them. */
function neededPoints(points, flags, tolerance) {
  const kept = [0];
  let [anchor, right, down, reach] = [0, 0, 0, 0];
  /** Whether a point lies within the strip from the anchor, and not behind others in it. */
  const extend = (i) => {
    const x = points[2 * i] - points[2 * anchor];
    const y = points[2 * i + 1] - points[2 * anchor + 1];
    if (!reach) {
      const distance = Math.hypot(x, y);
      if (distance > tolerance) [right, down, reach] = [x / distance, y / distance, distance];
      return true;
    }
    const way = x * right + y * down;
    if (Math.abs(x * down - y * right) > tolerance || way < reach - tolerance) return false;
    reach = Math.max(reach, way);
    return true;
  };
  for (let i = 1; i < flags.length; i++) {
    if (flags[i] !== flags[i - 1] || flags[i] & (GAP | FAINT) || !extend(i)) {
      anchor = i - 1;
      reach = 0;
      if (kept.at(-1) < anchor) kept.push(anchor);
      extend(i);
    }
  }
  if (flags.length > 1) kept.push(flags.length - 1);
  return Uint32Array.from(kept);
}

/** Whether enough earlier lines have met all cells of each line: it would change no pixel. */
function coveredLines(points, flags, indices, [left, top, width, height], cell, times) {
  const columns = Math.ceil(width / cell) + 1;
  const rows = Math.ceil(height / cell) + 1;
  const met = new Uint8Array(columns * rows);
  const covered = new Uint8Array(indices.length);
  let [x, y] = [0, 0];
  indices.forEach((index, k) => {
    const [fromX, fromY] = [x, y];
    x = (points[2 * index] - left) / cell;
    y = (points[2 * index + 1] - top) / cell;
    const count = Math.ceil(Math.max(Math.abs(x - fromX), Math.abs(y - fromY), 1));
    if (!k || flags[index] & GAP || !(count < MAX_CELLS)) return;
    covered[k] = 1;
    for (let part = 0; part <= count; part++) {
      const column = Math.floor(fromX + ((x - fromX) * part) / count);
      const row = Math.floor(fromY + ((y - fromY) * part) / count);
      if (column < 0 || row < 0 || column >= columns || row >= rows) continue;
      const place = row * columns + column;
      if (met[place] < times) covered[k] = 0;
      met[place] += met[place] < times;
    }
  });
  return covered;
}
