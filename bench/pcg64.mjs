// PCG XSL-RR 128/64 (O'Neill, PCG, HMC-CS-2014-0905, 2014) from the state that NumPy's default_rng(0) starts in, so that regrets
// are normalised by the same points here and in Python. The state: `numpy.random.PCG64(0).state`.
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;
const INCREMENT = 87136372517582989555478159403783844777n;
const START = 35399562948360463058890781895381311971n;

/** The first `count` numbers of `numpy.random.default_rng(0).random(count)`. */
export function uniforms(count) {
  let state = START;
  return Float64Array.from({ length: count }, () => {
    state = BigInt.asUintN(128, state * MULTIPLIER + INCREMENT);
    const folded = BigInt.asUintN(64, (state >> 64n) ^ state);
    const turn = state >> 122n;
    const word = BigInt.asUintN(64, (folded >> turn) | (folded << (64n - turn)));
    return Number(word >> 11n) / 2 ** 53;
  });
}
