import { LogExpectedImprovement } from "../gp/acquisition.ts";
import { fit } from "../gp/fit.ts";
import { hyperparameterSpace } from "../gp/hyperparameters.ts";
import { condition, type FeatureLayout, type TrainingSet, weightsOf } from "../gp/model.ts";
import { makeTargets, type Targets } from "../gp/targets.ts";
import type { ModelFit } from "../history/events.ts";
import type { GpCore } from "../numerics/gp-core.ts";
import { createRng } from "../numerics/rng.ts";
import type { FeatureMap } from "../space/features.ts";
import type { Space } from "../space/space.ts";
import { choosePoint } from "./gp-choice.ts";
import type { GpTask } from "./gp-task.ts";
import { leavePlateaus } from "./plateau.ts";
import type { Suggestion } from "./sampler.ts";
import { quasiRandomPoint } from "./quasi-random.ts";

/** A fit serves until the trials have grown by this share. */
const GROWTH = 0.04;
/** Up to this many targets a fit has several starts: the posterior has one clear peak with more. */
const RESTARTED = 60;
/** Good points around which the search looks. */
const GOOD = 5;

/** What a model learns from. */
interface Data {
  readonly set: TrainingSet;
  readonly targets: Targets;
  /** Points of the unit cube, in the order of the targets. */
  readonly units: readonly Float64Array[];
}

/** The configuration of greatest log expected improvement, by a model of what is known. */
export function suggestByModel(space: Space, map: FeatureMap, core: GpCore, task: GpTask): Suggestion {
  const data = prepare(map, task);
  const { set, targets } = data;
  const { dimensions } = set.layout;
  const { fitted, hyperparameters } = findHyperparameters(core, data, task);
  const conditioned = hyperparameters && condition(core, set, hyperparameters);
  if (hyperparameters === undefined || conditioned === undefined) {
    const fallback = `the kernel matrix of ${task.completed} trials could not be factored`;
    return { params: quasiRandomPoint(space, map, task), reason: "spread evenly, without a model", fallback };
  }

  const { means, jitter } = conditioned;
  const ends = task.foretold ? endsOf(core, map, data.units.slice(0, task.taught)) : means;
  const ranked = [...ends.keys()].toSorted((a, b) => (ends[a] as number) - (ends[b] as number));
  const threshold = ends[ranked[0] as number] as number;
  const amplitude = Math.exp(hyperparameters[dimensions] as number);
  const improvement = new LogExpectedImprovement(core, threshold, amplitude, map.numeric);
  const rows = { points: set.points, weights: weightsOf(set.layout, hyperparameters), numeric: map.numeric };
  const losses = task.foretold ? [] : task.lessons.map(({ loss }) => loss);
  const acquisition = leavePlateaus(improvement, rows, losses);
  const good = ranked.slice(0, GOOD).map((index) => data.units[index] as Float64Array);
  const unit = choosePoint(space, map, acquisition, good, set, task);

  const row = new Float64Array(map.size);
  map.fill(unit, row);
  const mean = new Float64Array(1);
  const variance = new Float64Array(1);
  core.posterior(row, 1, mean, variance);
  const sign = task.goal === "maximize" ? -1 : 1;
  // JSON has no −0 either: a journal would give back another prediction.
  const toMetric = (target: number): number => sign * bounded(targets.toLoss(target)) + 0;
  const deviation = Math.sqrt(Math.max(variance[0] as number, 0));
  const predicted = toMetric(mean[0] as number);
  const spread = Math.abs(toMetric((mean[0] as number) + deviation) - predicted);
  const pending = task.running === 0 ? "" : `, with ${task.running} more running`;
  return {
    params: map.decode(unit),
    reason: `most expected improvement${task.drawn > 0 ? ` of ${task.drawn} drawn at random` : ""}: predicts ${task.metric} ${digits(predicted)} ± ${digits(spread)}, best ${task.foretold ? "foretold" : "so far"} ${digits(sign * task.best)}, by a Gaussian process of ${task.completed} trials${pending}${jitter > 0 ? ` (jitter ${jitter})` : ""}`,
    // JSON has no infinity; losses near the largest number may give one.
    ...(Number.isFinite(predicted + spread) ? { predicted: { mean: predicted, deviation: spread } } : {}),
    ...(fitted === undefined ? {} : { fit: fitted }),
  };
}

/** Where losses are near the largest number, predictions, their spread and four digits of them may lie beyond it. */
function bounded(value: number): number {
  return Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
}

function digits(value: number): string {
  return String(bounded(Number(value.toPrecision(4))));
}

function prepare(map: FeatureMap, task: GpTask): Data {
  const { lessons, pending } = task;
  const losses = lessons.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
  const targets = makeTargets(losses);
  const worst = Math.max(...targets.values);
  let position = 0;
  const values = Float64Array.from(lessons, ({ loss }) =>
    loss === undefined ? worst : (targets.values[position++] as number),
  );
  const units = [...lessons.map(({ params }) => map.unit(params)), ...pending.map((params) => map.unit(params))];
  const points = new Float64Array(units.length * map.size);
  for (const [index, unit] of units.entries()) map.fill(unit, points, index * map.size, lessons[index]?.progress ?? 1);
  return { set: { layout: layoutOf(map), points, targets: values }, targets, units };
}

/** The posterior means of where trainings end. @param units points of the unit cube */
function endsOf(core: GpCore, map: FeatureMap, units: readonly Float64Array[]): Float64Array {
  const points = new Float64Array(units.length * map.size);
  for (const [index, unit] of units.entries()) map.fill(unit, points, index * map.size);
  const means = new Float64Array(units.length);
  core.posterior(points, units.length, means, new Float64Array(units.length));
  return means;
}

function layoutOf({ numeric, mismatch, dimensions, coordinateOf, scaleOf }: FeatureMap): FeatureLayout {
  return { numeric, mismatch, dimensions, coordinateOf, scaleOf };
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
