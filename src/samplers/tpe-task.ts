import { observe, type Observation } from "../history/observations.ts";
import type { HistoryView } from "../history/view.ts";
import { configurationKey } from "../space/configurations.ts";
import type { FeatureMap } from "../space/features.ts";
import type { Params } from "../space/parameter.ts";
import type { Space } from "../space/space.ts";
import { encode, type Encoded, type Group } from "./tpe-groups.ts";
import { type Remaining, remainingOf } from "./untried.ts";

/** The share of trials that count as good, and how many at most. */
const GOOD_SHARE = 0.1;
const MOST_GOOD = 25;
/** Of the other trials, how many a group is compared with: the latest. */
const MOST_BAD = 500;

/** What a suggestion depends on. */
export interface TpeTask {
  readonly seed: string;
  readonly trial: number;
  /** Trials with a loss, and trials that run or wait for their start. */
  readonly completed: number;
  readonly running: number;
  /** For each group what was good and what was not; empty while there is no model. */
  readonly splits: readonly Split[];
  /** In a finite space: what is left. */
  readonly remaining: Remaining | undefined;
  /** In any other: keys of what was tried without any continuous value, which alone may come again. */
  readonly repeatable: ReadonlySet<string>;
}

/** Points of a group, row-major: of the best trials in which it was active, and of the others. */
export interface Split {
  readonly good: Float64Array;
  readonly bad: Float64Array;
  /** How many are good, of how many of which is known how good they are. */
  readonly best: number;
  readonly known: number;
}

/** What is computed once for each configuration: its points, and its key where it has no continuous value. */
interface Tried {
  readonly encoded: Encoded;
  readonly key: string | undefined;
}

/**
 * Makes tasks from histories. The points of a configuration are kept between tasks: they cannot change.
 *
 * @param enough how many trials must have completed for the model to begin
 */
export function createTaskMaker(
  space: Space,
  map: FeatureMap,
  groups: readonly Group[],
  enough: number,
): (history: HistoryView, trial: number) => TpeTask {
  const kept = new WeakMap<Params, Tried>();
  const continuous = map.coordinates.filter(({ count }) => count === Infinity).map(({ name }) => name);
  const look = (params: Params): Tried => {
    let tried = kept.get(params);
    if (tried === undefined) {
      const repeats = !continuous.some((name) => Object.hasOwn(params, name));
      const key = repeats ? configurationKey(space, params) : undefined;
      kept.set(params, (tried = { encoded: encode(map, groups, params), key }));
    }
    return tried;
  };
  return (history, trial) => {
    const { settings, tried } = history;
    const remaining = remainingOf(tried);
    const { known, running, resting } = observe(history);
    let completed = 0;
    for (const { loss } of known) if (loss !== undefined) completed++;
    const start = { seed: settings.seed, trial, completed, running: running.length, remaining };
    if (completed < enough) return { ...start, splits: [], repeatable: new Set() };

    const looked = known.map(({ params }) => look(params));
    const pending = [...resting, ...running].map(look);
    const splits = groups.map(({ axes }, group) =>
      split(
        known,
        looked.map(({ encoded }) => encoded[group]),
        pending.map(({ encoded }) => encoded[group]),
        axes.length,
      ),
    );
    const repeatable = new Set<string>();
    if (remaining === undefined)
      for (const list of [looked, pending]) for (const { key } of list) if (key !== undefined) repeatable.add(key);
    return { ...start, splits, repeatable };
  };
}

/** @param pending what was tried and is not known: it counts as bad, so that nothing is tried beside it meanwhile */
function split(known: readonly Observation[], points: Encoded, pending: Encoded, size: number): Split {
  let count = 0;
  for (const point of points) if (point !== undefined) count++;
  const best = bestOf(known, points, Math.min(Math.ceil(GOOD_SHARE * count), MOST_GOOD));
  const chosen = new Set(best);
  const bad: Float64Array[] = [];
  for (let i = pending.length - 1; i >= 0 && bad.length < MOST_BAD; i--) push(bad, pending[i]);
  for (let i = points.length - 1; i >= 0 && bad.length < MOST_BAD; i--) if (!chosen.has(i)) push(bad, points[i]);
  const good = best.map((index) => points[index] as Float64Array);
  return { good: rowsOf(good, size), bad: rowsOf(bad, size), best: best.length, known: count };
}

function push(list: Float64Array[], point: Float64Array | undefined): void {
  if (point !== undefined) list.push(point);
}

/** Where the least losses stand, ascending, of equal ones the earlier; failed trials have none. */
function bestOf(known: readonly Observation[], points: Encoded, most: number): readonly number[] {
  const best: number[] = [];
  const lossAt = (index: number): number => known[index]?.loss as number;
  let worst = Infinity;
  for (let index = 0; index < known.length; index++) {
    const loss = known[index]?.loss;
    if (loss === undefined || points[index] === undefined) continue;
    if (best.length === most && loss >= worst) continue;
    let place = best.length;
    while (place > 0 && lossAt(best[place - 1] as number) > loss) place--;
    best.splice(place, 0, index);
    if (best.length > most) best.pop();
    worst = lossAt(best.at(-1) as number);
  }
  return best;
}

function rowsOf(points: readonly Float64Array[], size: number): Float64Array {
  const rows = new Float64Array(points.length * size);
  for (const [index, point] of points.entries()) rows.set(point, index * size);
  return rows;
}
