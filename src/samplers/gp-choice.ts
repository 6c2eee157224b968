import type { TrainingSet } from "../gp/model.ts";
import { createRng } from "../numerics/rng.ts";
import { configurationKey, configurations } from "../space/configurations.ts";
import type { FeatureMap } from "../space/features.ts";
import type { Params } from "../space/parameter.ts";
import type { Space } from "../space/space.ts";
import type { GpTask } from "./gp-task.ts";
import { drawParams } from "./random.ts";
import { type Acquisition, searchAcquisition, type Candidate } from "./search-acquisition.ts";
import { drawUntried, type Remaining } from "./untried.ts";

/** Up to this many configurations of a space, all that are left are compared. */
const LISTED = 2000;
/** Points are the same when they are nearer than this in every feature; what runs takes more room. */
const SAME = 1e-6;
const SAME_AS_RUNNING = 0.01;

/**
 * The point of the unit cube of greatest acquisition that was not tried.
 *
 * @param good points to look around, best first
 */
export function choosePoint(
  space: Space,
  map: FeatureMap,
  acquisition: Acquisition,
  good: readonly Float64Array[],
  set: TrainingSet,
  { seed, trial, remaining, drawn, running }: GpTask,
): Float64Array {
  const rng = createRng(seed, trial, "search");
  if (drawn === 0 && remaining !== undefined && remaining.cardinality <= LISTED)
    return bestOfAll(space, map, acquisition, remaining);
  const row = new Float64Array(map.size);
  const isNew = (unit: Float64Array): boolean => {
    if (remaining !== undefined) return !remaining.keys.has(configurationKey(space, map.decode(unit)));
    map.fill(unit, row);
    // How far a training came makes its configuration no other.
    const isNear = (points: Float64Array, distance: number): boolean => contains(points, row, distance, map.progress);
    const first = set.targets.length * map.size;
    const runs = set.points.subarray(first, first + running * map.size);
    return !isNear(set.points, SAME) && !isNear(runs, SAME_AS_RUNNING);
  };
  const draw = (): Params => drawParams(space, rng);
  const candidates =
    drawn > 0 ? rankDrawn(map, acquisition, drawn, draw) : searchAcquisition(map, acquisition, good, rng);
  const found = candidates.find(({ unit }) => isNew(unit));
  if (found !== undefined) return found.unit;
  return map.unit(remaining === undefined ? draw() : drawUntried(space, remaining, rng, draw));
}

function rankDrawn(map: FeatureMap, acquisition: Acquisition, drawn: number, draw: () => Params): readonly Candidate[] {
  const units = Array.from({ length: drawn }, () => map.unit(draw()));
  const values = acquisition.at(rowsOf(map, units), drawn);
  return units.map((unit, index) => ({ unit, value: values[index] as number })).toSorted((a, b) => b.value - a.value);
}

function rowsOf(map: FeatureMap, units: readonly Float64Array[]): Float64Array {
  const points = new Float64Array(units.length * map.size);
  for (const [index, unit] of units.entries()) map.fill(unit, points, index * map.size);
  return points;
}

function bestOfAll(space: Space, map: FeatureMap, acquisition: Acquisition, { keys }: Remaining): Float64Array {
  const units = [...configurations(space)]
    .filter((params) => !keys.has(configurationKey(space, params)))
    .map((params) => map.unit(params));
  const values = acquisition.at(rowsOf(map, units), units.length);
  const best = values.reduce((a, value, index) => (value > (values[a] as number) ? index : a), 0);
  return units[best] as Float64Array;
}

/** Whether a row of features is among others, up to a distance in each feature but one. */
function contains(points: Float64Array, row: Float64Array, distance: number, but: number): boolean {
  for (let offset = 0; offset < points.length; offset += row.length) {
    const isNear = (value: number, index: number): boolean =>
      index === but || Math.abs(value - (points[offset + index] as number)) < distance;
    if (row.every(isNear)) return true;
  }
  return false;
}
