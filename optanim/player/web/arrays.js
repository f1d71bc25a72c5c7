// Arrays of numbers as a figure's JSON has them.

const ARRAY_TYPES = { f4: Float32Array, f8: Float64Array, i2: Int16Array };

/**
 * Decode an array.
 *
 * @param {number[] | {f4: string} | {f8: string} | {i2: string, k: number}} source - a list, or
 *   little-endian numbers in base64; a whole number `i2` counts units of `k`.
 * @returns {Float32Array | Float64Array} NaN where there is no value.
 */
export function decodeArray(source) {
  if (Array.isArray(source)) return Float64Array.from(source, (value) => value ?? NaN);
  if (ArrayBuffer.isView(source)) return source;
  const kind = Object.keys(ARRAY_TYPES).find((name) => name in source);
  const text = atob(source[kind]);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const values = new ARRAY_TYPES[kind](bytes.buffer);
  return source.k === undefined ? values : Float64Array.from(values, (value) => value * source.k);
}

/** The index of the last of ascending values that is no more than a limit; -1 if none is. */
export function lastUpTo(values, limit) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
