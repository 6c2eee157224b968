/** Rounds of the search, and how little a share moves when it has ended. */
const ROUNDS = 1000;
const STILL = 1e-4;

/**
 * The shares of predictive laws in the mixture under which all that was seen is likeliest: stacking. A law that predicts no better
 * than the others gets no share; one that is right where they are wrong gets one, although it is worse on average. Yao, Vehtari,
 * Simpson, Gelman, "Using stacking to average Bayesian predictive distributions", Bayesian Analysis 13(3), 2018, section 3; the
 * search is by expectation maximisation.
 *
 * @param logDensities of each law, the logarithm of its density at each result: of a result that it had not seen; finite, at least
 *   one
 * @returns shares that sum to 1, in the order of the laws
 */
export function stack(logDensities: readonly Float64Array[]): readonly number[] {
  const count = logDensities[0]?.length ?? 0;
  const best = Float64Array.from({ length: count }, (_, i) =>
    logDensities.reduce((top, each) => Math.max(top, each[i] as number), -Infinity),
  );
  const densities = logDensities.map((each) => each.map((value, i) => Math.exp(value - (best[i] as number))));
  let shares = densities.map(() => 1 / densities.length);
  for (let round = 0; round < ROUNDS; round++) {
    const mixed = new Float64Array(count);
    for (const [law, density] of densities.entries())
      for (let i = 0; i < count; i++)
        mixed[i] = (mixed[i] as number) + (shares[law] as number) * (density[i] as number);
    const next = densities.map(
      (density, law) =>
        ((shares[law] as number) / count) * density.reduce((sum, each, i) => sum + each / (mixed[i] as number), 0),
    );
    const moved = next.reduce((most, share, law) => Math.max(most, Math.abs(share - (shares[law] as number))), 0);
    shares = next;
    if (!(moved > STILL)) break;
  }
  return shares;
}
