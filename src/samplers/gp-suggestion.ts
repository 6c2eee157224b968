import { LogExpectedImprovement } from "../gp/acquisition.ts";
import { fit } from "../gp/fit.ts";
import { hyperparameterSpace } from "../gp/hyperparameters.ts";
import { condition, type Conditioned, type FeatureLayout, type TrainingSet, weightsOf } from "../gp/model.ts";
import { makeTargets, type Targets } from "../gp/targets.ts";
import type { ModelFit, ModelShares } from "../history/events.ts";
import type { GpCore } from "../numerics/gp-core.ts";
import { createRng } from "../numerics/rng.ts";
import type { FeatureMap } from "../space/features.ts";
import type { Params } from "../space/parameter.ts";
import type { Space } from "../space/space.ts";
import { choosePoint } from "./gp-choice.ts";
import type { GpTask } from "./gp-task.ts";
import { ONLY_PROCESS, shareModels } from "./model-shares.ts";
import { leavePlateaus } from "./plateau.ts";
import { quasiRandomPoint } from "./quasi-random.ts";
import { drawParams } from "./random.ts";
import type { Suggestion } from "./sampler.ts";
import { drawUntried } from "./untried.ts";

/** A fit serves until the trials have grown by this share. */
const GROWTH = 0.04;
/** A first fit of more targets than this starts from one of so many: a step takes time by the third power of their number. */
const COARSE = 250;
/** Up to this many targets a fit has several starts: the posterior has one clear peak with more. */
const RESTARTED = 60;
/** Good points around which the search looks. */
const GOOD = 5;

/** What the model learns from. */
interface Data {
  readonly set: TrainingSet;
  readonly targets: Targets;
  /** Points of the unit cube, in the order of the targets. */
  readonly units: readonly Float64Array[];
}

/** What is asked where to try next: a conditioned process, and how far it is believed. */
interface Model {
  readonly core: GpCore;
  readonly hyperparameters: Float64Array;
  readonly shares: ModelShares;
}

/** The configuration of greatest expected improvement by a model of what is known; as often as chance's share says, one at random. */
export function suggestByModel(space: Space, map: FeatureMap, core: GpCore, task: GpTask): Suggestion {
  const data = prepare(map, task);
  const { fitted, hyperparameters } = findHyperparameters(core, data, task);
  if (hyperparameters === undefined) return withoutModel(space, map, task);
  const shares = findShares(core, data.set, hyperparameters, fitted !== undefined, task);
  const recorded = fitted && { fit: task.compared ? { ...fitted, shares } : fitted };
  if (createRng(task.seed, task.trial, "arm").uniform() < shares.chance)
    return { ...drawByChance(space, task, shares.chance), ...recorded };
  const conditioned = condition(core, data.set, hyperparameters);
  if (conditioned === undefined) return withoutModel(space, map, task);
  return { ...improve(space, map, { core, hyperparameters, shares }, conditioned, data, task), ...recorded };
}

function withoutModel(space: Space, map: FeatureMap, task: GpTask): Suggestion {
  const fallback = `the kernel matrix of ${task.completed} trials could not be factored`;
  return { params: quasiRandomPoint(space, map, task), reason: "spread evenly, without a model", fallback };
}

function drawByChance(space: Space, { seed, trial, remaining, completed }: GpTask, chance: number): Suggestion {
  const rng = createRng(seed, trial, "sample");
  const draw = (): Params => drawParams(space, rng);
  return {
    params: remaining === undefined ? draw() : drawUntried(space, remaining, rng, draw),
    source: "random",
    reason: `drawn at random, as ${percent(chance)} of the trials are: that is how far a Gaussian process predicted ${completed} trials no better than chance`,
  };
}

/** Shares are found anew with each fit, and serve as long. */
function findShares(
  core: GpCore,
  set: TrainingSet,
  hyperparameters: Float64Array,
  isFitted: boolean,
  { compared, lastFit }: GpTask,
): ModelShares {
  if (!compared) return ONLY_PROCESS;
  if (!isFitted) return lastFit?.shares ?? ONLY_PROCESS;
  const points = set.points.slice(0, set.targets.length * (set.layout.numeric + set.layout.mismatch));
  return shareModels(core, { ...set, points }, hyperparameters);
}

function improve(
  space: Space,
  map: FeatureMap,
  { core, hyperparameters, shares }: Model,
  { means, jitter }: Conditioned,
  { set, targets, units }: Data,
  task: GpTask,
): Suggestion {
  const ends = task.foretold ? endsOf(core, map, units.slice(0, task.taught)) : means;
  const ranked = [...ends.keys()].toSorted((a, b) => (ends[a] as number) - (ends[b] as number));
  const threshold = ends[ranked[0] as number] as number;
  const amplitude = Math.exp(hyperparameters[set.layout.dimensions] as number);
  const improvement = new LogExpectedImprovement(core, threshold, amplitude, map.numeric);
  const rows = { points: set.points, weights: weightsOf(set.layout, hyperparameters), numeric: map.numeric };
  const losses = task.foretold ? [] : task.lessons.map(({ loss }) => loss);
  const acquisition = leavePlateaus(improvement, rows, losses);
  const good = ranked.slice(0, GOOD).map((index) => units[index] as Float64Array);
  const unit = choosePoint(space, map, acquisition, good, set, task);

  const row = new Float64Array(map.size);
  map.fill(unit, row);
  const { mean, deviation } = predict(row, core);
  const sign = task.goal === "maximize" ? -1 : 1;
  // JSON has no −0 either: a journal would give back another prediction.
  const toMetric = (target: number): number => sign * bounded(targets.toLoss(target)) + 0;
  const predicted = toMetric(mean);
  const spread = Math.abs(toMetric(mean + deviation) - predicted);
  const pending = task.running === 0 ? "" : `, with ${task.running} more running`;
  const share = percent(shares.process);
  const believed = share === "100 %" ? "" : ` (share ${share})`;
  return {
    params: map.decode(unit),
    reason: `most expected improvement${task.drawn > 0 ? ` of ${task.drawn} drawn at random` : ""}: predicts ${task.metric} ${digits(predicted)} ± ${digits(spread)}, best ${task.foretold ? "foretold" : "so far"} ${digits(sign * task.best)}, by a Gaussian process of ${task.completed} trials${believed}${pending}${jitter > 0 ? ` (jitter ${jitter})` : ""}`,
    // JSON has no infinity; losses near the largest number may give one.
    ...(Number.isFinite(predicted + spread) ? { predicted: { mean: predicted, deviation: spread } } : {}),
  };
}

/** The mean and the deviation of the process at a row of features. */
function predict(row: Float64Array, core: GpCore): { readonly mean: number; readonly deviation: number } {
  const [mean, variance] = [new Float64Array(1), new Float64Array(1)];
  core.posterior(row, 1, mean, variance);
  return { mean: mean[0] as number, deviation: Math.sqrt(Math.max(variance[0] as number, 0)) };
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
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
  const own = { ...set, points };
  const first = last ?? (count > COARSE ? fit(core, thin(own, COARSE), [mode, drawn])?.hyperparameters : undefined);
  const others = first === undefined || count <= RESTARTED ? [mode, drawn] : [];
  const found = fit(core, own, first === undefined ? others : [first, ...others]);
  if (found === undefined) return { hyperparameters: last };
  return {
    hyperparameters: found.hyperparameters,
    fitted: { observations, budget, values: [...found.hyperparameters] },
  };
}

/** As many of the points as wanted, evenly from first to last. @param set every point has a target */
function thin({ layout, points, targets }: TrainingSet, count: number): TrainingSet {
  const size = points.length / targets.length;
  const chosen = Array.from({ length: count }, (_, index) => Math.floor((index * targets.length) / count));
  const rows = new Float64Array(count * size);
  for (const [index, row] of chosen.entries()) rows.set(points.subarray(row * size, (row + 1) * size), index * size);
  return { layout, points: rows, targets: Float64Array.from(chosen, (row) => targets[row] as number) };
}
