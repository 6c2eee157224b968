/** What a forest learns from: one row of features for each point, and its target. */
export interface ForestSample {
  /** Row-major; finite. */
  readonly points: Float64Array;
  readonly targets: Float64Array;
  /** Features of a row: first the numeric ones, then small integers of which only equality counts. */
  readonly size: number;
  readonly numeric: number;
}

/** Nodes of a regression tree in the order in which they were made; the root is the first. */
export interface Tree {
  /** The feature that a node is cut along; −1 for a leaf. */
  readonly features: Int32Array;
  /** A numeric feature goes left at or below the value, another one where it equals the value. */
  readonly values: Float64Array;
  /** The left child of a node; the right one follows it. */
  readonly children: Int32Array;
  /** Of the targets in a leaf: their mean and variance. */
  readonly means: Float64Array;
  readonly variances: Float64Array;
}

/** A node with fewer targets is a leaf. */
const LEAST_SPLIT = 2;
/** Gains that differ by less than this share of the node's error are the same. */
const SAME_GAIN = 1e-12;

/** A cut of a node. */
interface Cut {
  readonly feature: number;
  readonly value: number;
  readonly gain: number;
}

/** For each feature all rows in its order, equal ones by their number: sorted once for all trees. */
export function orderRows({ points, targets, size }: ForestSample): readonly Int32Array[] {
  return Array.from({ length: size }, (_, feature) => {
    const at = (row: number): number => points[row * size + feature] as number;
    return Int32Array.from(targets.keys()).sort((a, b) => at(a) - at(b) || a - b);
  });
}

/**
 * Grows a regression tree (CART: Breiman, Friedman, Olshen, Stone 1984) until the targets of each leaf are equal. Each node is cut
 * where the squared error falls most; on a line the place between the two neighbours is drawn evenly, so that trees of one forest
 * differ most where there are no points (Hutter, Xu, Hoos, Leyton-Brown, "Algorithm runtime prediction: methods & evaluation",
 * Artificial Intelligence 206, 2014, section 4.3.1).
 *
 * @param orders of the sample
 * @param drawn how often each row counts; at least one does
 * @param uniform gives numbers in [0, 1)
 */
export function growTree(
  sample: ForestSample,
  orders: readonly Int32Array[],
  drawn: Int32Array,
  uniform: () => number,
): Tree {
  return new TreeGrower(sample, orders, drawn, uniform).grow();
}

/** The leaf of a tree in which a row of features lies. */
export function leafOf(
  { features, values, children }: Tree,
  points: Float64Array,
  offset: number,
  numeric: number,
): number {
  let node = 0;
  for (;;) {
    const feature = features[node] as number;
    if (feature === -1) return node;
    const at = points[offset + feature] as number;
    const value = values[node] as number;
    const goesLeft = feature < numeric ? at <= value : at === value;
    node = (children[node] as number) + (goesLeft ? 0 : 1);
  }
}

class TreeGrower {
  readonly #sample: ForestSample;
  readonly #uniform: () => number;
  readonly #count: number;
  /** For each feature the rows of the tree in its order. */
  readonly #orders: readonly Int32Array[];
  readonly #spare: Int32Array;
  readonly #goesLeft: Uint8Array;

  constructor(sample: ForestSample, orders: readonly Int32Array[], drawn: Int32Array, uniform: () => number) {
    this.#sample = sample;
    this.#uniform = uniform;
    this.#count = drawn.reduce((sum, times) => sum + times, 0);
    this.#orders = orders.map((order) => {
      const own = new Int32Array(this.#count);
      let place = 0;
      for (let k = 0; k < order.length; k++) {
        const row = order[k] as number;
        for (let times = drawn[row] as number; times > 0; times--) own[place++] = row;
      }
      return own;
    });
    this.#spare = new Int32Array(this.#count);
    this.#goesLeft = new Uint8Array(sample.targets.length);
  }

  grow(): Tree {
    const most = 2 * this.#count;
    const features = new Int32Array(most).fill(-1);
    const values = new Float64Array(most);
    const children = new Int32Array(most);
    const means = new Float64Array(most);
    const variances = new Float64Array(most);
    let made = 1;
    const open: { readonly node: number; readonly start: number; readonly end: number }[] = [
      { node: 0, start: 0, end: this.#count },
    ];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { node, start, end } = next;
      const { mean, error } = this.#summarise(start, end);
      means[node] = mean;
      variances[node] = error / (end - start);
      if (error === 0 || end - start < LEAST_SPLIT) continue;
      const cut = this.#bestCut(start, end, mean, error);
      if (cut === undefined) continue;
      features[node] = cut.feature;
      values[node] = cut.value;
      children[node] = made;
      const middle = this.#part(start, end, cut);
      open.push({ node: made, start, end: middle }, { node: made + 1, start: middle, end });
      made += 2;
    }
    return {
      features: features.slice(0, made),
      values: values.slice(0, made),
      children: children.slice(0, made),
      means: means.slice(0, made),
      variances: variances.slice(0, made),
    };
  }

  #summarise(start: number, end: number): { readonly mean: number; readonly error: number } {
    const { targets } = this.#sample;
    const rows = this.#orders[0] as Int32Array;
    // Differences from one of them are 0 exactly where all are equal.
    const origin = targets[rows[start] as number] as number;
    let [sum, squares] = [0, 0];
    for (let k = start; k < end; k++) {
      const difference = (targets[rows[k] as number] as number) - origin;
      sum += difference;
      squares += difference * difference;
    }
    const count = end - start;
    return { mean: origin + sum / count, error: Math.max(squares - (sum * sum) / count, 0) };
  }

  #bestCut(start: number, end: number, mean: number, error: number): Cut | undefined {
    const { size, numeric } = this.#sample;
    const same = SAME_GAIN * error;
    let best: Cut | undefined;
    let ties = 0;
    for (let feature = 0; feature < size; feature++) {
      const cut =
        feature < numeric ? this.#cutLine(feature, start, end, mean) : this.#cutChoice(feature, start, end, mean);
      if (cut === undefined || (best !== undefined && cut.gain < best.gain - same)) continue;
      const better = best === undefined || cut.gain > best.gain + same;
      ties = better ? 1 : ties + 1;
      // Each of the best so far is as likely as the others, whatever their order.
      if (better || this.#uniform() * ties < 1) best = cut;
    }
    return best;
  }

  #cutLine(feature: number, start: number, end: number, mean: number): Cut | undefined {
    const { points, size, targets } = this.#sample;
    const order = this.#orders[feature] as Int32Array;
    const count = end - start;
    let [sum, best, low, high] = [0, -Infinity, NaN, NaN];
    let here = points[(order[start] as number) * size + feature] as number;
    for (let k = start; k < end - 1; k++) {
      sum += (targets[order[k] as number] as number) - mean;
      const next = points[(order[k + 1] as number) * size + feature] as number;
      if (next !== here) {
        const left = k + 1 - start;
        // What falls short of the node's error; the sum over both sides is 0.
        const gain = (sum * sum * count) / (left * (count - left));
        if (gain > best) [best, low, high] = [gain, here, next];
      }
      here = next;
    }
    if (best === -Infinity) return undefined;
    const value = low + (high - low) * this.#uniform();
    return { feature, value: value < high ? value : low, gain: best };
  }

  /** One value against all others: of the many subsets, some fit any noise. */
  #cutChoice(feature: number, start: number, end: number, mean: number): Cut | undefined {
    const { points, size, targets } = this.#sample;
    const order = this.#orders[feature] as Int32Array;
    const count = end - start;
    let [best, value] = [-Infinity, NaN];
    for (let k = start; k < end;) {
      const here = points[(order[k] as number) * size + feature] as number;
      let [own, sum] = [0, 0];
      for (; k < end && points[(order[k] as number) * size + feature] === here; k++, own++)
        sum += (targets[order[k] as number] as number) - mean;
      if (own === count) return undefined;
      const gain = (sum * sum * count) / (own * (count - own));
      if (gain > best) [best, value] = [gain, here];
    }
    return { feature, value, gain: best };
  }

  /** Moves what goes left before what goes right, each side in its order. @returns where the right side begins */
  #part(start: number, end: number, { feature, value }: Cut): number {
    const { points, size, numeric } = this.#sample;
    const first = this.#orders[0] as Int32Array;
    for (let k = start; k < end; k++) {
      const row = first[k] as number;
      const at = points[row * size + feature] as number;
      this.#goesLeft[row] = Number(feature < numeric ? at <= value : at === value);
    }
    let middle = start;
    for (const order of this.#orders) {
      let [left, right] = [start, 0];
      for (let k = start; k < end; k++) {
        const row = order[k] as number;
        if (this.#goesLeft[row] === 1) order[left++] = row;
        else this.#spare[right++] = row;
      }
      for (let k = 0; k < right; k++) order[left + k] = this.#spare[k] as number;
      middle = left;
    }
    return middle;
  }
}
