// How near a suggestion is to what is running, in the unit cube.

/**
 * The largest difference over the parameters, from 0 to 1: of numbers on their declared scale as a share of the range, of
 * ordinals by place; 1 for another category, and for a parameter that only one of the two has.
 *
 * @param parameters of a spec
 * @param a @param b configurations
 */
export function distance(parameters, a, b) {
  let largest = 0;
  for (const [name, parameter] of Object.entries(parameters)) {
    if (a[name] === undefined && b[name] === undefined) continue;
    const one = a[name] === undefined || b[name] === undefined;
    largest = Math.max(largest, one ? 1 : difference(parameter, a[name], b[name]));
  }
  return largest;
}

function difference(parameter, a, b) {
  if (parameter.type === "categorical") return a === b ? 0 : 1;
  return Math.abs(place(parameter, a) - place(parameter, b));
}

function place(parameter, value) {
  if (parameter.type === "ordinal") return parameter.values.indexOf(value) / Math.max(1, parameter.values.length - 1);
  const scale = parameter.log === true ? Math.log : Number;
  const width = scale(parameter.high) - scale(parameter.low);
  return width === 0 ? 0 : (scale(value) - scale(parameter.low)) / width;
}

/** The smallest distance from `params` to one of `pending`; null when nothing is pending. */
export function nearestPending(parameters, params, pending) {
  if (pending.length === 0) return null;
  return Math.min(...pending.map((other) => distance(parameters, params, other)));
}
