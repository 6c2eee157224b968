/**
 * Random numbers by name: every stream follows from (seed, purpose, index) alone. So there is no generator state to put
 * in a checkpoint, and epoch 10 shuffles the same way whether epochs 1 to 9 ran in this process or in another one.
 */

/**
 * @param {number} seed unsigned 32-bit
 * @param {string} purpose such as "order"
 * @param {number} index epoch, step or layer; an integer of at least 0
 * @returns {() => number} uniform in [0, 1), multiples of 2^-32
 */
export function stream(seed, purpose, index) {
  let state = mix(seed ^ 0x9e3779b9);
  for (let i = 0; i < purpose.length; i++) state = mix(state ^ purpose.charCodeAt(i));
  state = mix(state ^ index);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return mix(state) / 2 ** 32;
  };
}

/** Standard normal numbers from uniform ones (Box and Muller 1958). */
export function normal(uniform) {
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** 0 … count − 1 in random order (Fisher and Yates). */
export function permutation(count, uniform) {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    const swapped = order[i];
    order[i] = order[j];
    order[j] = swapped;
  }
  return order;
}

/** A bijection of the 32-bit integers in which every input bit reaches every output bit (MurmurHash3's fmix32). */
function mix(bits) {
  let h = bits | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
