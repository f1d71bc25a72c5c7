// Values of a config, and positions of sliders: plain functions without a page.

/** Number of positions of a slider above its lowest one. */
export const SLIDER_STEPS = 200;

/** An entry in any form (`adam`, `{name: adam, lr: 1}`, `{expr: x**2}`) as `{name, …}`. */
function entryOf(value, entries) {
  if (typeof value === "string") return { name: value };
  const lead = ({ options }) => options.some(({ required, name }) => required && name in value);
  const entry = "name" in value ? undefined : entries.find(lead);
  return entry ? { name: entry.name, ...value } : value;
}

/** A config whose surface and optimizers have one form: `{name, …}`, and a list of them. */
export function normalConfig({ surface, start, optimizer, optimizers, ...rest }, catalogue) {
  const trials = optimizers ?? (optimizer === undefined ? [] : [optimizer]);
  return {
    surface: surface && entryOf(surface, catalogue.surfaces),
    start,
    optimizers: trials.map((trial) => entryOf(trial, catalogue.optimizers)),
    ...rest,
  };
}

/** A path of keys as problems name it: `optimizers[0].lr`. */
export function pathName(path) {
  const parts = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`));
  return parts.join("").replace(/^\./, "");
}

/** The value at a path, `undefined` if a key is absent. */
export function valueAt(tree, path) {
  return path.reduce((value, key) => value?.[key], tree);
}

/** A copy of a tree with another value at a path; `undefined` removes the key. */
export function withValue(tree, [key, ...rest], value) {
  // An entry without options can be a bare name.
  const named = typeof tree === "string" ? { name: tree } : tree;
  const copy = Array.isArray(named) ? [...named] : { ...named };
  const inner = rest.length ? withValue(copy[key] ?? {}, rest, value) : value;
  if (inner === undefined) delete copy[key];
  else copy[key] = inner;
  return copy;
}

/**
 * What somebody typed as a value; `undefined` if the box is empty. What is no number stays a text:
 * whether a text is allowed is the decision of the engine.
 */
export function typedValue(typed, type) {
  const text = typed.trim();
  if (!text) return undefined;
  if (type !== "text" && Number.isFinite(Number(text))) return Number(text);
  try {
    return /^[[{]/.test(text) ? JSON.parse(text) : text;
  } catch {
    return text;
  }
}

/** A value as it is typed. */
export function valueText(value) {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The value at a share of a range: 0 is its low end, 1 its high end. */
export function valueOfShare({ low, high, log }, share) {
  const inside = Math.min(Math.max(share, 0), 1);
  return log ? low * (high / low) ** inside : low + (high - low) * inside;
}

/** The share of a range at which a value lies, at its ends for a value outside of it. */
export function shareOfValue({ low, high, log }, value) {
  const inside = Math.min(Math.max(value, low), high);
  return log ? Math.log(inside / low) / Math.log(high / low) : (inside - low) / (high - low);
}

/** A number of a range with as many digits as so many parts of the range need. */
export function roundedTo({ low, high, log, type }, parts, value) {
  if (type === "integer") return Math.round(value);
  if (log) return Number(value.toPrecision(3));
  const digits = Math.ceil(Math.log10(parts / (high - low)));
  return Number(value.toFixed(Math.min(Math.max(digits, 0), 20)));
}

/** The value at a position of a slider. */
export function sliderValue(option, position) {
  return roundedTo(option, SLIDER_STEPS, valueOfShare(option, position / SLIDER_STEPS));
}

/** The coordinates of a start in the order of the axes; null if it is not one point. */
export function startPoint(start, axes) {
  const point = Array.isArray(start) ? start : axes.map((axis) => start?.[axis]);
  return point.length === axes.length && point.every(Number.isFinite) ? point : null;
}

/** A point in the form of a start: a list, or a mapping from the names of the axes. */
export function startLike(start, axes, point) {
  return Array.isArray(start) ? point : Object.fromEntries(axes.map((axis, i) => [axis, point[i]]));
}

/** The rate that a number or a schedule is about; `undefined` for a word. */
export function rateOf(value) {
  return Number.isFinite(value) ? value : (value?.peak ?? value?.start);
}

/** A schedule in place of a number, or of another schedule, with the options that both have. */
export function scheduleFrom(entry, value, fallback) {
  const names = entry.options.map((option) => option.name);
  const old = typeof value === "object" ? Object.entries(value ?? {}) : [];
  const kept = old.filter(([key]) => names.includes(key));
  const rate = rateOf(value) ?? fallback;
  const rates = Number.isFinite(rate) ? { [names.includes("peak") ? "peak" : "start"]: rate } : {};
  return { name: entry.name, ...Object.fromEntries(kept), ...rates };
}

/** A config on another surface: what belonged to the window of the old one is left out. */
export function withSurface(config, entry, oldEntry) {
  const { x, y, notes, ...view } = config.view ?? {};
  const optimizers = config.optimizers.map(({ start, ...trial }) => trial);
  const start = entry.start ?? config.start;
  const moved = { ...config, surface: { name: entry.name }, start, optimizers, view };
  if (entry.dimensions !== oldEntry?.dimensions) delete moved.panels;
  return moved;
}
