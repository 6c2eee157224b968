// The statistics of a comparison of methods over problems and seeds. Smaller values are better throughout.
import { mean, quantileSorted } from "simple-statistics";
import seedrandom from "seedrandom";

/** Places from 1, the smallest value first; equal values share the mean of their places. */
export function ranks(values) {
  return values.map((value) => {
    const smaller = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return smaller + (equal + 1) / 2;
  });
}

/** What two methods got with the same seeds, as [first, second] by ascending seed. Each is a Map from seed to value. */
export function pair(first, second) {
  return [...first.keys()]
    .filter((seed) => second.has(seed))
    .sort((a, b) => a - b)
    .map((seed) => [first.get(seed), second.get(seed)]);
}

/** The share of pairs whose first value is smaller; an equal one counts as half. */
export function winRate(pairs) {
  return mean(pairs.map(([a, b]) => (a < b ? 1 : a === b ? 0.5 : 0)));
}

/**
 * The mean over problems of the mean over seeds, with the interval of a two-stage percentile bootstrap: problems are drawn
 * with replacement, then seeds within each. Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 8 and 13.
 *
 * @param differences for each problem the paired differences of its seeds, at least one
 * @param options.level of the interval
 * @returns { mean, low, high }; the same for the same arguments
 */
export function bootstrap(differences, { draws = 10_000, level = 0.95, seed = "bootstrap" } = {}) {
  const random = seedrandom.alea(seed);
  const below = (count) => Math.floor(random() * count);
  const means = Array.from({ length: draws }, () => {
    let total = 0;
    for (let problem = 0; problem < differences.length; problem++) {
      const drawn = differences[below(differences.length)];
      let sum = 0;
      for (let run = 0; run < drawn.length; run++) sum += drawn[below(drawn.length)];
      total += sum / drawn.length;
    }
    return total / differences.length;
  }).sort((a, b) => a - b);
  return {
    mean: mean(differences.map((each) => mean(each))),
    low: quantileSorted(means, (1 - level) / 2),
    high: quantileSorted(means, (1 + level) / 2),
  };
}

/**
 * The share of successes with Wilson's score interval. Wilson, "Probable inference, the law of succession, and statistical
 * inference", Journal of the American Statistical Association 22 (1927).
 *
 * @param z how many standard deviations the interval reaches: 1.96 for 95 %
 * @returns { share, low, high }; NaN, 0 and 1 of no trials
 */
export function wilson(successes, trials, z = 1.959963984540054) {
  if (trials === 0) return { share: NaN, low: 0, high: 1 };
  const share = successes / trials;
  const shrunk = 1 + z ** 2 / trials;
  const middle = (share + z ** 2 / (2 * trials)) / shrunk;
  const reach = (z / shrunk) * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2));
  return { share, low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) };
}
