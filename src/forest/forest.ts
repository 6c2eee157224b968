import { type ForestSample, growTree, leafOf, orderRows, type Tree } from "./tree.ts";

/**
 * A random forest for regression: each tree is grown on as many points as there are, drawn with replacement (Breiman, "Random
 * forests", Machine Learning 45, 2001). A prediction is the law of a target when a tree is drawn: its mean is that of the leaves, its
 * variance that between the leaves' means and the mean of that within them (Hutter, Xu, Hoos, Leyton-Brown 2014, section 4.3.2).
 */
export class Forest {
  readonly #sample: ForestSample;
  readonly #trees: readonly Tree[];
  /** For each tree, how often each point was drawn. */
  readonly #drawn: readonly Int32Array[];

  /**
   * @param sample at least one point
   * @param trees how many
   * @param uniform gives numbers in [0, 1)
   */
  constructor(sample: ForestSample, trees: number, uniform: () => number) {
    this.#sample = sample;
    const count = sample.targets.length;
    const orders = orderRows(sample);
    this.#drawn = Array.from({ length: trees }, () => {
      const drawn = new Int32Array(count);
      for (let draw = 0; draw < count; draw++) {
        const row = Math.floor(uniform() * count);
        drawn[row] = (drawn[row] as number) + 1;
      }
      return drawn;
    });
    this.#trees = this.#drawn.map((drawn) => growTree(sample, orders, drawn, uniform));
  }

  /**
   * @param points row-major, `count` rows of features
   * @param mean and `variance`: `count` numbers each, filled
   */
  predict(points: Float64Array, count: number, mean: Float64Array, variance: Float64Array): void {
    const { size, numeric } = this.#sample;
    for (let i = 0; i < count; i++) {
      const law = new Law();
      for (const tree of this.#trees) law.add(tree, leafOf(tree, points, i * size, numeric));
      mean[i] = law.mean;
      variance[i] = law.variance;
    }
  }

  /**
   * What the trees that have not seen a point predict of it: an honest prediction of each target, without a second fit (Breiman
   * 2001, section 3.1). NaN where every tree has seen it.
   */
  outOfBag(): { readonly mean: Float64Array; readonly variance: Float64Array } {
    const { points, targets, size, numeric } = this.#sample;
    const mean = new Float64Array(targets.length).fill(NaN);
    const variance = new Float64Array(targets.length).fill(NaN);
    for (let i = 0; i < targets.length; i++) {
      const law = new Law();
      for (const [index, tree] of this.#trees.entries())
        if (this.#drawn[index]?.[i] === 0) law.add(tree, leafOf(tree, points, i * size, numeric));
      if (law.count === 0) continue;
      mean[i] = law.mean;
      variance[i] = law.variance;
    }
    return { mean, variance };
  }
}

/** The law of total variance over leaves. */
class Law {
  count = 0;
  #sum = 0;
  #squares = 0;
  #within = 0;

  add({ means, variances }: Tree, leaf: number): void {
    const mean = means[leaf] as number;
    this.count++;
    this.#sum += mean;
    this.#squares += mean * mean;
    this.#within += variances[leaf] as number;
  }

  get mean(): number {
    return this.#sum / this.count;
  }

  get variance(): number {
    return Math.max(this.#squares / this.count - this.mean ** 2, 0) + this.#within / this.count;
  }
}
