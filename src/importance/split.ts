/** Where to cut a node of a regression tree along one axis. */
export interface Cut {
  /** On a line: what lies at or below goes to the left; of a choice: the index that goes to the left, alone. */
  readonly at: number;
  /** By how much the weighted sum of squared errors falls. */
  readonly gain: number;
}

/** The rows of a node, with what is said of each. */
export interface NodeRows {
  /** Rows in the order of the axis, those without a value last. */
  readonly order: Int32Array;
  readonly start: number;
  readonly end: number;
  /** How often each row was drawn. */
  readonly weights: Float64Array;
  readonly values: Float64Array;
  /** Of all rows of the node: how many were drawn, and the mean of their values. Errors are small beside it, and squared. */
  readonly weight: number;
  readonly mean: number;
  /** Gains that differ by less are the same, and the first cut wins. */
  readonly same: number;
}

/**
 * The best cut of a line. Breiman, Friedman, Olshen, Stone, "Classification and regression trees", 1984, section 8.4: the cut
 * that leaves the least squared error, halfway between two neighbouring positions. Only rows with a position count.
 *
 * @returns undefined where all positions are the same
 */
export function cutLine(column: Float64Array, rows: NodeRows): Cut | undefined {
  const { order, start, weights, values, mean, same } = rows;
  const { end, weight, sum } = known(column, rows);
  let [leftWeight, leftSum, best, at] = [0, 0, -Infinity, NaN];
  for (let k = start; k < end - 1; k++) {
    const row = order[k] as number;
    const drawn = weights[row] as number;
    leftWeight += drawn;
    leftSum += drawn * ((values[row] as number) - mean);
    const here = column[row] as number;
    const next = column[order[k + 1] as number] as number;
    if (here === next) continue;
    const score = leftSum ** 2 / leftWeight + (sum - leftSum) ** 2 / (weight - leftWeight);
    if (score > best + same) {
      best = score;
      const middle = (here + next) / 2;
      at = middle < next ? middle : here;
    }
  }
  return best === -Infinity ? undefined : { at, gain: best - sum ** 2 / weight };
}

/**
 * The best index of a choice to part from all others. One against the rest, and not any subset against its complement: with
 * many choices there would be so many subsets that some of them fits any noise.
 *
 * @returns undefined where all rows have the same
 */
export function cutChoice(column: Float64Array, rows: NodeRows): Cut | undefined {
  const { order, start, weights, values, mean, same } = rows;
  const { end, weight, sum } = known(column, rows);
  let [best, at] = [-Infinity, NaN];
  let k = start;
  while (k < end) {
    const index = column[order[k] as number] as number;
    let [ownWeight, ownSum] = [0, 0];
    for (; k < end && column[order[k] as number] === index; k++) {
      const row = order[k] as number;
      ownWeight += weights[row] as number;
      ownSum += (weights[row] as number) * ((values[row] as number) - mean);
    }
    if (ownWeight === weight) return undefined;
    const score = ownSum ** 2 / ownWeight + (sum - ownSum) ** 2 / (weight - ownWeight);
    if (score > best + same) [best, at] = [score, index];
  }
  return best === -Infinity ? undefined : { at, gain: best - sum ** 2 / weight };
}

/** The rows that have a value on the axis: where they end, their weight, and their weighted sum of differences from the mean. */
function known(
  column: Float64Array,
  { order, start, end, weights, values, weight, mean }: NodeRows,
): { readonly end: number; readonly weight: number; readonly sum: number } {
  let [k, absentWeight, absentSum] = [end, 0, 0];
  for (; k > start && Number.isNaN(column[order[k - 1] as number]); k--) {
    const row = order[k - 1] as number;
    absentWeight += weights[row] as number;
    absentSum += (weights[row] as number) * ((values[row] as number) - mean);
  }
  return { end: k, weight: weight - absentWeight, sum: -absentSum };
}
