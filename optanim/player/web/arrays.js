// Arrays of numbers, as the JSON of a figure has them.

const ARRAY_TYPES = { f4: Float32Array, f8: Float64Array, i2: Int16Array };

/**
 * Decode an array: a list, or little-endian numbers in base64, of which `i2` counts units of `k`.
 * NaN is no value.
 */
export function decodeArray(source) {
  if (Array.isArray(source)) return Float64Array.from(source);
  const [[kind, text]] = Object.entries(source);
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  const values = new ARRAY_TYPES[kind](bytes.buffer);
  return source.k ? Float64Array.from(values, (value) => value * source.k) : values;
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
