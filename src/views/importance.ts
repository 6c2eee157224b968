import { quantile } from "simple-statistics";
import { joinIntervals, type Axis, type Condition } from "../importance/axis.ts";
import { mainEffects } from "../importance/fanova.ts";
import type { Sample } from "../importance/tree.ts";
import { createRng } from "../numerics/rng.ts";
import { isActive } from "../space/activity.ts";
import { valueCount } from "../space/cardinality.ts";
import { isValidValue } from "../space/decode.ts";
import { FeatureMap } from "../space/features.ts";
import { logIntEdge } from "../space/int-values.ts";
import type { Parameter, Parameters, ParameterValue, Params } from "../space/parameter.ts";
import { createSpace, type Space } from "../space/space.ts";
import type { Importance, TrialRow } from "./payload.ts";

/** Fewer trials than this say nothing of which parameter matters. */
export const FEWEST_TRIALS = 8;

/** From more trials than this a random part is taken: beyond it, shares hardly move, and seconds become minutes. */
const MOST_TRIALS = 4000;

/** Values further beyond the middle 80 % of all than this many times its width are moved to there. */
const FAR = 10;

/** What importance is computed from; plain data, so that a thread can be given it. */
export interface ImportanceTask {
  readonly parameters: Parameters;
  /** All trials of a study, in any state; rows of its pages will do. */
  readonly trials: readonly Pick<TrialRow, "params" | "value" | "budget">[];
}

/**
 * How much of the metric's variance each parameter explains alone, over the whole space (`importance/`): which parameters it
 * pays to tune, not where the best values are. Ordered parameters by their own scale, a categorical as one parameter.
 *
 * Only values at the same budget compare: those at the largest budget that any trial completed count, the others do not. A
 * parameter of one value has a share of 0. A conditional parameter's share is that of its values where it is there; that it is
 * there at all is its parent's doing.
 *
 * @param task trials without a value are left out
 * @returns the same for the same task; `problem` says in words why there is nothing
 */
export function importanceOf({ parameters, trials }: ImportanceTask): Importance {
  const seen = trials.flatMap(({ params, value, budget }) =>
    value === null || budget === null || !Number.isFinite(value) ? [] : [{ params, value, budget }],
  );
  const budget = seen.reduce((largest, each) => Math.max(largest, each.budget), 0);
  const compared = seen.filter((each) => each.budget === budget);
  const nothing = (problem: string): Importance => ({
    shares: [],
    trials: compared.length,
    budget,
    problem,
    note: null,
  });

  const names = Object.keys(parameters);
  if (names.length < 2) return nothing("The study has one parameter: there is nothing to compare it with.");
  if (compared.length < FEWEST_TRIALS) return nothing(tooFew(compared.length, seen.length > compared.length));
  if (compared.every(({ value }) => value === compared[0]?.value))
    return nothing(`All ${compared.length} trials have the same value: no parameter made a difference.`);

  const space = createSpace(parameters);
  const map = new FeatureMap(space);
  const taken = drawSome(compared);
  const { values, moved } = withinReach(taken.map(({ value }) => value));
  const sample = sampleOf(space, map, taken, values);
  const effects = sample.axes.length === 0 ? new Float64Array(0) : mainEffects(sample);
  const sum = effects.reduce((total, effect) => total + effect, 0);
  if (!(sum > 0)) return nothing("No parameter alone explains why the trials' values differ.");
  const shareOf = new Map(map.coordinates.map(({ name }, index) => [name, (effects[index] as number) / sum]));
  const shares = names.map((parameter) => ({ parameter, share: shareOf.get(parameter) ?? 0 }));
  return {
    shares: shares.toSorted((a, b) => b.share - a.share),
    trials: taken.length,
    budget,
    problem: null,
    note: noteOf(compared.length, taken.length, moved),
  };
}

function noteOf(compared: number, taken: number, moved: number): string | null {
  const notes = [
    ...(taken < compared ? [`A random part of ${compared} trials stands for all of them.`] : []),
    ...(moved === 1 ? ["1 value lies far beyond the others and counts as a nearer one."] : []),
    ...(moved > 1 ? [`${moved} values lie far beyond the others and count as nearer ones.`] : []),
  ];
  return notes.length === 0 ? null : notes.join(" ");
}

/**
 * One training that diverged to 1e18 would have all of the variance, and that it was this one is chance. How far beyond the
 * others a value lies says nothing then; that it does is kept.
 */
function withinReach(values: readonly number[]): { readonly values: Float64Array; readonly moved: number } {
  const [start, end] = quantile([...values], [0.1, 0.9]) as [number, number];
  const reach = FAR * (end - start);
  const [low, high] = reach > 0 ? [start - reach, end + reach] : [-Infinity, Infinity];
  const near = Float64Array.from(values, (value) => Math.min(Math.max(value, low), high));
  return { values: near, moved: values.filter((value, row) => value !== near[row]).length };
}

/** All of them, or a random part in their order. */
function drawSome<T>(all: readonly T[]): readonly T[] {
  if (all.length <= MOST_TRIALS) return all;
  const rng = createRng("importance", 0, "sample");
  let missing = MOST_TRIALS;
  return all.filter((_, index) => {
    const take = rng.uniform() * (all.length - index) < missing;
    if (take) missing--;
    return take;
  });
}

function tooFew(count: number, others: boolean): string {
  const have = count === 0 ? "No trial has" : count === 1 ? "1 trial has" : `${count} trials have`;
  const where = others ? " at the largest budget" : "";
  return `${have} a value${where}: it takes ${FEWEST_TRIALS} to say which parameters matter.`;
}

function sampleOf(
  space: Space,
  map: FeatureMap,
  trials: readonly { readonly params: Params }[],
  values: Float64Array,
): Sample {
  const indexOf = new Map(map.coordinates.map(({ name }, index) => [name, index]));
  const axes = map.coordinates.map(({ name, count, ordered }): Axis => {
    const { when = {} } = space.parameters[name] as Parameter;
    const conditions = Object.entries(when).flatMap(([parent, allowed]) =>
      conditionOn(space, parent, indexOf.get(parent), allowed),
    );
    return ordered ? { kind: "line", conditions } : { kind: "choice", count, conditions };
  });
  const columns = axes.map(() => new Float64Array(trials.length).fill(NaN));
  for (const [row, { params }] of trials.entries()) {
    const unit = map.unit(params);
    for (const [index, { name, count, ordered }] of map.coordinates.entries()) {
      if (!Object.hasOwn(params, name) || !isActive(space, name, params)) continue;
      const u = unit[index] as number;
      (columns[index] as Float64Array)[row] = ordered ? u : Math.min(Math.floor(u * count), count - 1);
    }
  }
  return { axes, columns, values };
}

function conditionOn(
  space: Space,
  name: string,
  index: number | undefined,
  allowed: readonly ParameterValue[],
): Condition[] {
  const parameter = space.parameters[name];
  // A parent without a coordinate always has its one value: the child is there in all rows, or in none.
  if (parameter === undefined || index === undefined) return [];
  const valid = allowed.filter((value) => isValidValue(parameter, value));
  if (parameter.type === "categorical")
    return [
      { parent: index, allowed: Uint8Array.from(parameter.choices, (choice) => (valid.includes(choice) ? 1 : 0)) },
    ];
  return [{ parent: index, allowed: joinIntervals(valid.map((value) => shareOfValue(parameter, value))) }];
}

/** The interval of [0, 1] that a discrete value of an ordered parameter owns. */
function shareOfValue(parameter: Parameter, value: ParameterValue): readonly [number, number] {
  const count = valueCount(parameter);
  if (parameter.type === "int" && parameter.log === true) {
    const rank = (value as number) - parameter.low;
    return [logIntEdge(parameter, rank, count), logIntEdge(parameter, rank + 1, count)];
  }
  const rank =
    parameter.type === "ordinal"
      ? parameter.values.indexOf(value as number)
      : Math.round(
          ((value as number) - (parameter as { low: number }).low) / ((parameter as { step?: number }).step ?? 1),
        );
  return [rank / count, (rank + 1) / count];
}
