import { LogExpectedImprovement } from "../gp/acquisition.ts";
import { fit } from "../gp/fit.ts";
import { hyperparameterSpace } from "../gp/hyperparameters.ts";
import { condition, type FeatureLayout, type TrainingSet } from "../gp/model.ts";
import { standardize, type Targets } from "../gp/targets.ts";
import type { ModelFit } from "../history/events.ts";
import { observe, type Observation } from "../history/observations.ts";
import type { GpCore } from "../numerics/gp-core.ts";
import { createWasmGpCore } from "../numerics/gp-core-wasm.ts";
import { createRng } from "../numerics/rng.ts";
import { createSobol } from "../numerics/sobol.ts";
import { configurationKey, configurations } from "../space/configurations.ts";
import { FeatureMap } from "../space/features.ts";
import type { Params } from "../space/parameter.ts";
import type { Goal } from "../space/spec.ts";
import type { Space } from "../space/space.ts";
import { drawParams } from "./random.ts";
import type { Sampler, Suggestion } from "./sampler.ts";
import { searchAcquisition } from "./search-acquisition.ts";
import { drawUntried, type Remaining } from "./untried.ts";

/** The model begins when this many trials have completed: one more than there are coordinates, within bounds. */
const LEAST_START = 4;
const MOST_START = 12;
/** Trials that one model is made of; of more, the best and the latest. */
const MOST_TRIALS = 1000;
const BEST_TRIALS = 400;
/** A fit serves until the trials have grown by this share. */
const GROWTH = 0.04;
/** Up to this many trials a fit has several starts: the posterior has one clear peak with more. */
const RESTARTED = 60;
/** Up to this many untried configurations, all are compared. */
const LISTED = 2000;
/** Points are the same when they are nearer than this in every feature; what runs already tells as much about its surroundings. */
const SAME = 1e-6;
const SAME_AS_RUNNING = 0.01;
/** Good points around which the search looks. */
const GOOD = 5;

interface GpTask {
  readonly seed: string;
  readonly trial: number;
  readonly metric: string;
  readonly goal: Goal;
  /** What the model is made of. */
  readonly known: readonly Observation[];
  /** How many trials are known in all, and at which budget. */
  readonly count: number;
  readonly budget: number;
  readonly pending: readonly Params[];
  readonly lastFit: ModelFit | undefined;
  /** In a finite space: what is left. */
  readonly remaining: Remaining | undefined;
}

/** What a model learns from. */
interface Data {
  readonly set: TrainingSet;
  readonly targets: Targets;
  /** Points of the unit cube, in the order of the targets. */
  readonly units: readonly Float64Array[];
  readonly completed: number;
}

/**
 * Bayesian optimisation: a Gaussian process with a Matérn-5/2 kernel and a length scale for each parameter is fitted to what
 * has completed, and the configuration of greatest log expected improvement comes next. Trials that run lower the variance
 * around them; failed ones count as the worst that completed. The first ones are a scrambled Sobol sequence.
 */
export function createGpSampler(space: Space): Sampler<GpTask> {
  const map = new FeatureMap(space);
  const start = Math.min(Math.max(map.coordinates.length + 1, LEAST_START), MOST_START);
  const hasModel = ({ known }: GpTask): boolean => known.filter(({ loss }) => loss !== undefined).length >= start;
  let core: GpCore | undefined;
  return {
    task: (history, trial) => {
      const { settings, tried, lastFit } = history;
      const { known, pending, budget } = observe(history, start);
      const remaining = tried.cardinality < Infinity ? { cardinality: tried.cardinality, keys: tried.keys } : undefined;
      const { name: metric, goal } = settings.metric;
      return {
        seed: settings.seed,
        trial,
        metric,
        goal,
        known: select(known),
        count: known.length,
        budget,
        pending,
        lastFit,
        remaining,
      };
    },
    isSlow: hasModel,
    suggest: (task) => {
      if (!hasModel(task)) return { params: startingPoint(space, map, task), reason: startReason(task, start) };
      core ??= createWasmGpCore();
      return suggestByModel(space, map, core, task);
    },
  };
}

function startReason({ known }: GpTask, start: number): string {
  const completed = known.filter(({ loss }) => loss !== undefined).length;
  return `spread evenly: the model starts when ${start} trials have completed, ${completed} have`;
}

function startingPoint(space: Space, map: FeatureMap, { seed, trial, remaining }: GpTask): Params {
  const sobol = createSobol(map.coordinates.length, createRng(seed, 0, "start"));
  const first = map.decode(sobol(trial));
  if (remaining === undefined) return first;
  const rng = createRng(seed, trial, "sample");
  let drawn = 0;
  return drawUntried(space, remaining, rng, () => (drawn++ === 0 ? first : drawParams(space, rng)));
}

function suggestByModel(space: Space, map: FeatureMap, core: GpCore, task: GpTask): Suggestion {
  const data = prepare(map, task);
  const { set, targets, completed } = data;
  const { dimensions } = set.layout;
  const { fitted, hyperparameters } = findHyperparameters(core, data, task);
  const conditioned = hyperparameters && condition(core, set, hyperparameters);
  if (hyperparameters === undefined || conditioned === undefined) {
    const fallback = `the kernel matrix of ${completed} trials could not be factored`;
    return { params: startingPoint(space, map, task), reason: "spread evenly, without a model", fallback };
  }

  const { means, jitter } = conditioned;
  const ranked = [...means.keys()].toSorted((a, b) => (means[a] as number) - (means[b] as number));
  const threshold = means[ranked[0] as number] as number;
  const amplitude = Math.exp(hyperparameters[dimensions] as number);
  const acquisition = new LogExpectedImprovement(core, threshold, amplitude, map.numeric);
  const unit = choose(
    space,
    map,
    acquisition,
    ranked.slice(0, GOOD).map((index) => data.units[index] as Float64Array),
    data,
    task,
  );

  const row = new Float64Array(map.size);
  map.fill(unit, row);
  const mean = new Float64Array(1);
  const variance = new Float64Array(1);
  core.posterior(row, 1, mean, variance);
  const sign = task.goal === "maximize" ? -1 : 1;
  const toMetric = (target: number): number => sign * targets.toLoss(target);
  const best = sign * Math.min(...task.known.flatMap(({ loss }) => (loss === undefined ? [] : [loss])));
  const deviation = Math.sqrt(Math.max(variance[0] as number, 0));
  const predicted = toMetric(mean[0] as number);
  const spread = Math.abs(toMetric((mean[0] as number) + deviation) - predicted);
  const pending = task.pending.length === 0 ? "" : `, with ${task.pending.length} more running`;
  return {
    params: map.decode(unit),
    reason: `most expected improvement: predicts ${task.metric} ${digits(predicted)} ± ${digits(spread)}, best so far ${digits(best)}, by a Gaussian process of ${completed} trials${pending}${jitter > 0 ? ` (jitter ${jitter})` : ""}`,
    ...(fitted === undefined ? {} : { fit: fitted }),
  };
}

function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function prepare(map: FeatureMap, task: GpTask): Data {
  const { known } = task;
  const losses = known.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
  const targets = standardize(losses);
  const worst = Math.max(...targets.values);
  let position = 0;
  const values = Float64Array.from(known, ({ loss }) =>
    loss === undefined ? worst : (targets.values[position++] as number),
  );
  const units = [...known.map(({ params }) => map.unit(params)), ...task.pending.map((params) => map.unit(params))];
  const points = new Float64Array(units.length * map.size);
  for (const [index, unit] of units.entries()) map.fill(unit, points, index * map.size);
  return { set: { layout: layoutOf(map), points, targets: values }, targets, units, completed: losses.length };
}

function layoutOf({ numeric, mismatch, coordinates, coordinateOf, scaleOf }: FeatureMap): FeatureLayout {
  return { numeric, mismatch, dimensions: coordinates.length, coordinateOf, scaleOf };
}

/** The best and the latest of too many trials. */
function select(known: readonly Observation[]): readonly Observation[] {
  if (known.length <= MOST_TRIALS) return known;
  const best = known
    .filter(({ loss }) => loss !== undefined)
    .toSorted((a, b) => (a.loss as number) - (b.loss as number) || a.trial - b.trial)
    .slice(0, BEST_TRIALS);
  const chosen = new Set(best);
  for (const each of known.toReversed()) if (chosen.size < MOST_TRIALS) chosen.add(each);
  return known.filter((each) => chosen.has(each));
}

/** The last fit where it still serves, else a new one: from it, and while there are few trials from other points of the prior. */
function findHyperparameters(
  core: GpCore,
  { set, units }: Data,
  { seed, trial, count: observations, budget, lastFit }: GpTask,
): { readonly hyperparameters: Float64Array | undefined; readonly fitted?: ModelFit } {
  const { dimensions } = set.layout;
  const count = set.targets.length;
  const last = lastFit?.values.length === dimensions + 2 ? Float64Array.from(lastFit.values) : undefined;
  const grown = observations - (lastFit?.observations ?? 0);
  const serves = lastFit?.budget === budget && grown >= 0 && grown < Math.max(1, Math.floor(GROWTH * observations));
  if (last !== undefined && serves) return { hyperparameters: last };
  const { priors, mode } = hyperparameterSpace(dimensions);
  const rng = createRng(seed, trial, "fit");
  const drawn = Float64Array.from(priors, ({ mean, deviation }) => mean + (2 * rng.uniform() - 1) * deviation);
  const points = units.length === count ? set.points : set.points.slice(0, count * (set.points.length / units.length));
  const others = last === undefined || count <= RESTARTED ? [mode, drawn] : [];
  const found = fit(core, { ...set, points }, last === undefined ? others : [last, ...others]);
  if (found === undefined) return { hyperparameters: last };
  return {
    hyperparameters: found.hyperparameters,
    fitted: { observations, budget, values: [...found.hyperparameters] },
  };
}

/** The best point that was not tried. */
function choose(
  space: Space,
  map: FeatureMap,
  acquisition: LogExpectedImprovement,
  good: readonly Float64Array[],
  { set }: Data,
  { seed, trial, remaining }: GpTask,
): Float64Array {
  const rng = createRng(seed, trial, "search");
  if (remaining !== undefined && remaining.cardinality <= LISTED) return bestOfAll(space, map, acquisition, remaining);
  const row = new Float64Array(map.size);
  const isNew = (unit: Float64Array): boolean => {
    if (remaining !== undefined) return !remaining.keys.has(configurationKey(space, map.decode(unit)));
    map.fill(unit, row);
    const known = set.targets.length * map.size;
    return (
      !contains(set.points.subarray(0, known), row, SAME) && !contains(set.points.subarray(known), row, SAME_AS_RUNNING)
    );
  };
  const found = searchAcquisition(map, acquisition, good, rng).find(({ unit }) => isNew(unit));
  if (found !== undefined) return found.unit;
  const draw = (): Params => drawParams(space, rng);
  return map.unit(remaining === undefined ? draw() : drawUntried(space, remaining, rng, draw));
}

function bestOfAll(
  space: Space,
  map: FeatureMap,
  acquisition: LogExpectedImprovement,
  { keys }: Remaining,
): Float64Array {
  const units = [...configurations(space)]
    .filter((params) => !keys.has(configurationKey(space, params)))
    .map((params) => map.unit(params));
  const points = new Float64Array(units.length * map.size);
  for (const [index, unit] of units.entries()) map.fill(unit, points, index * map.size);
  const values = acquisition.at(points, units.length);
  const best = values.reduce((a, value, index) => (value > (values[a] as number) ? index : a), 0);
  return units[best] as Float64Array;
}

/** Whether a row of features is among others, up to a distance in each feature. */
function contains(points: Float64Array, row: Float64Array, distance: number): boolean {
  for (let offset = 0; offset < points.length; offset += row.length)
    if (row.every((value, index) => Math.abs(value - (points[offset + index] as number)) < distance)) return true;
  return false;
}
