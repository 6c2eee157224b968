/** Seeded changes of texts and values: the same case for the same number, on every machine. */

/** A generator of numbers in [0, 1), from a 32-bit seed (mulberry32). */
export function createRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    below: (count) => Math.floor(next() * count),
    of: (list) => list[Math.floor(next() * list.length)],
  };
}

const deep = (depth) => JSON.parse("[".repeat(depth) + "]".repeat(depth));

/** Values that programs trip over. */
const VALUES = [
  [null, true, false, 0, -0, 1, -1, 2, 0.5, 1e-320, 1e15, 1e16, 1e308, -1e308, 2 ** 31, 2 ** 32, 2 ** 53, 1e9],
  [
    "",
    " ",
    "0",
    "NaN",
    "__proto__",
    "constructor",
    "toString",
    "\u0000",
    "\ud800",
    "é",
    "x".repeat(5000),
    "[",
    "/",
    "..",
  ],
  ["1h", "1e9 years", "4GB", "-1s", "{x}", "random", "hyperband", "step", "(", "(a+)+$", "\u001b[2J", "\u202e"],
  [[], {}, [[]], [null], { a: 1 }, { __proto__: null, constructor: 1 }, deep(300)],
].flat();

const WORDS = VALUES.filter((value) => typeof value === "string");

/** Pieces of text that parsers trip over. */
const PIECES = [
  ["{", "}", "[", "]", '"', ",", ":", "\\", "\n", "\r", "\t", "\u0000", "\u2028", "\ufeff", "null", "true", "1e999"],
  ["-0", "NaN", "1e-400", '"__proto__":', '"constructor":', "\\ud800", "\\u0000", "//", "'", "😀", "[".repeat(20_000)],
].flat();

/** Changes a JSON value in one to three places. Nothing of `value` itself is changed. */
export function mutateValue(value, random) {
  let changed = structuredClone(value);
  for (let count = 1 + random.below(3); count > 0; count--) {
    const places = [];
    collect(changed, (next) => (changed = next), places);
    const place = random.of(places);
    place.set(otherValue(place, places, random));
  }
  return changed;
}

function otherValue({ value, remove }, places, random) {
  const kind = random.below(7);
  if (kind === 0 && typeof value === "number") return random.of([-value, value + 1, value * 1e6, value / 3, 1 / value]);
  if (kind === 1) return structuredClone(random.of(places).value);
  if (kind === 2 && Array.isArray(value)) return [...value, ...value];
  if (kind === 3 && isObject(value)) return { ...value, [random.of(WORDS)]: anyValue(random) };
  if (kind === 4 && isObject(value)) {
    const entries = Object.entries(value);
    if (entries.length > 0) entries[random.below(entries.length)][0] = random.of(WORDS);
    return Object.fromEntries(entries);
  }
  if (kind === 5 && remove !== undefined) return remove;
  return anyValue(random);
}

/** A copy: what is put in one place may be changed there later. */
function anyValue(random) {
  return structuredClone(random.of(VALUES));
}

/** What stands for a key that goes. */
const GONE = Symbol("gone");

function collect(value, set, places) {
  places.push({ value, set });
  if (Array.isArray(value))
    for (const [index, each] of value.entries()) collect(each, (next) => (value[index] = next), places);
  else if (isObject(value))
    for (const key of Object.keys(value)) {
      const put = (next) => {
        if (next === GONE) delete value[key];
        else Object.defineProperty(value, key, { value: next, enumerable: true, configurable: true, writable: true });
      };
      const at = places.length;
      collect(value[key], put, places);
      places[at].remove = GONE;
    }
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Changes a text in one to four places. */
export function mutateText(text, random) {
  let changed = text;
  for (let count = 1 + random.below(4); count > 0; count--) {
    const at = random.below(changed.length + 1);
    const end = Math.min(changed.length, at + 1 + random.below(random.of([1, 4, 40])));
    const between = random.of([
      () => "",
      () => random.of(PIECES),
      () => String.fromCharCode(random.below(random.of([128, 65_536]))),
      () => changed.slice(at, end).repeat(2),
      () => changed.slice(random.below(changed.length + 1)).slice(0, 30),
    ])();
    changed = changed.slice(0, at) + between + changed.slice(random.below(2) === 0 ? at : end);
  }
  return changed;
}
