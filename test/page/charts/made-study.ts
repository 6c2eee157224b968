import type { TrialState } from "../../../src/history/view.ts";
import type { Goal } from "../../../src/space/spec.ts";
import type { Parameter, Parameters, Params, ParameterValue } from "../../../src/space/parameter.ts";
import type { RunRow, StudyHead, TrialRow } from "../../../src/views/payload.ts";
import type { Study } from "../../../page/study.ts";

/** Studies made of rows, for pictures: nothing of them is real but their form. */

export interface Made {
  readonly trials: number;
  readonly goal?: Goal;
  /** Null: no budgets. */
  readonly rungs?: readonly number[] | null;
  readonly parameters?: Parameters;
  readonly metric?: string;
  readonly slots?: number;
  readonly reports?: number;
  readonly seed?: number;
  /** What becomes of the value of a trial. */
  readonly value?: (value: number, number: number) => number;
  readonly failing?: (number: number) => boolean;
  readonly pausedMs?: number;
}

export const SPACE: Parameters = {
  learningRate: { type: "float", low: 1e-4, high: 0.3, log: true },
  layers: { type: "int", low: 1, high: 4 },
  dropout: { type: "float", low: 0, high: 0.6 },
  batchSize: { type: "ordinal", values: [16, 32, 64, 128] },
  optimizer: { type: "categorical", choices: ["sgd", "momentum", "adam"] },
  momentum: { type: "float", low: 0.5, high: 0.99, when: { optimizer: ["momentum"] } },
  nesterov: { type: "categorical", choices: [true, false], when: { optimizer: ["momentum"] } },
};

const START = 1_700_000_000_000;

export function madeStudy(made: Made): Study {
  const { goal = "minimize", parameters = SPACE, slots = 4, seed = 1, reports = 20, metric = "loss" } = made;
  const random = generator(seed);
  const rungs = made.rungs === undefined ? [1, 3, 9, 27] : made.rungs;
  const whole = rungs?.at(-1) ?? 1;
  const free = Array.from({ length: slots }, () => START);
  const better = (a: number, b: number): boolean => (goal === "minimize" ? a < b : a > b);
  const told: number[][] = (rungs ?? [whole]).map(() => []);
  let run = 0;
  const half = Math.floor(made.trials / 2);
  const pause: number[] = [];
  const trials = Array.from({ length: made.trials }, (_, number): TrialRow => {
    if (number === half) resume(free, made.pausedMs ?? 0, pause);
    const params = configuration(parameters, random);
    const goodness = quality(params) + 0.15 * random();
    const at = (share: number): number => {
      const loss = 0.05 + goodness * 0.6 + 1.6 * Math.exp(-4 * share) * (0.6 + 0.4 * random());
      return made.value?.(goal === "minimize" ? loss : 1 - loss, number) ?? (goal === "minimize" ? loss : 1 - loss);
    };
    const failed = made.failing?.(number) ?? false;
    const slot = free.indexOf(Math.min(...free));
    const runs: RunRow[] = [];
    const curve: number[] = [];
    const createdAt = free[slot] as number;
    let [value, budget, state]: [number | null, number | null, TrialState] = [null, null, "complete"];
    let step = 0;
    for (const [rung, level] of (rungs ?? [whole]).entries()) {
      const startedAt = (free[slot] as number) + Math.floor(random() * 4000);
      const base = {
        run: run++,
        attempt: runs.length + 1,
        budget: level,
        startStep: step + 1,
        slot: `cpu-${String(slot)}`,
        startedAt,
        placement: rungs === null ? null : { bracket: 0, rung },
        reason: rung === 0 ? "new" : "promoted",
      };
      const took = 900 * (level - step) * (0.5 + random());
      free[slot] = startedAt + took;
      if (failed && rung === 0) {
        state = "failed";
        runs.push({ ...base, endedAt: startedAt + took / 2, state: "failed", stopReason: null });
        break;
      }
      const count = Math.max(1, Math.round((reports * (level - step)) / whole));
      for (let i = 1; i <= count; i++)
        curve.push(
          rungs === null ? (i * whole) / count : step + ((level - step) * i) / count,
          at((step + ((level - step) * i) / count) / whole),
        );
      step = level;
      value = curve.at(-1) as number;
      budget = level;
      runs.push({ ...base, endedAt: startedAt + took, state: "completed", stopReason: null });
      const rivals = told[rung] as number[];
      rivals.push(value);
      const behind = rivals.filter((rival) => better(rival, value as number)).length;
      if (level < whole && behind > rivals.length / 3) {
        state = random() < 0.15 ? "paused" : "pruned";
        break;
      }
    }
    const endedAt = runs.at(-1)?.endedAt ?? null;
    return {
      number,
      state,
      params,
      source: "tpe",
      createdAt,
      endedAt,
      value,
      budget,
      suggested: "the best of 24 candidates",
      reason:
        state === "pruned"
          ? `worse than two thirds of its peers at ${String(budget)} epochs`
          : "the best of 24 candidates",
      cause: failed ? { kind: "error", message: "Error: <b>loss</b> is NaN & no number" } : null,
      givenUp: null,
      predicted: null,
      fallback: null,
      curve,
      runs,
    };
  });
  return { head: headOf(trials, { goal, parameters, rungs, metric, slots, better, pause }), trials, seq: 10 };
}

interface Around {
  readonly goal: Goal;
  readonly parameters: Parameters;
  readonly rungs: readonly number[] | null;
  readonly metric: string;
  readonly slots: number;
  readonly better: (a: number, b: number) => boolean;
  readonly pause: readonly number[];
}

function headOf(
  trials: readonly TrialRow[],
  { goal, parameters, rungs, metric, slots, better, pause }: Around,
): StudyHead {
  const budgetOf = ({ value, budget }: TrialRow): number => (value === null ? 0 : (budget ?? 1));
  const most = Math.max(0, ...trials.map(budgetOf));
  const best = trials
    .filter((row) => most > 0 && budgetOf(row) === most)
    .reduce<TrialRow | null>(
      (sofar, row) => (sofar === null || better(row.value as number, sofar.value as number) ? row : sofar),
      null,
    );
  const updatedAt = Math.max(START, ...trials.map(({ endedAt }) => endedAt ?? 0));
  const whole = rungs?.at(-1) ?? 1;
  return {
    name: "made",
    state: "finished",
    metric: { name: metric, goal },
    strategy: "hyperband",
    best:
      best === null ? null : { number: best.number, params: best.params, value: best.value as number, budget: most },
    trials: {},
    createdAt: START,
    updatedAt,
    finished: "60 trials were tried",
    folder: "studies/made",
    parameters,
    budget: rungs === null ? null : { min: rungs[0] as number, max: whole, eta: 3, unit: "epochs" },
    stop: { trials: trials.length, time: null, value: null, patience: null },
    stopInWords: "",
    seed: 1,
    rungs: rungs ?? [],
    queue: [],
    notes: [],
    safety: null,
    fallbacks: 0,
    sessions: sessionsOf(
      pause,
      updatedAt,
      Array.from({ length: slots }, (_, i) => `cpu-${String(i)}`),
    ),
    steps:
      rungs === null
        ? null
        : { done: trials.reduce((sum, { curve }) => sum + (curve.at(-2) ?? 0), 0), whole: whole * trials.length },
  };
}

/** All slots rest, and go on together. */
function resume(free: number[], pausedMs: number, pause: number[]): void {
  if (pausedMs === 0) return;
  const end = Math.max(...free);
  pause.push(end, end + pausedMs);
  free.fill(end + pausedMs);
}

function sessionsOf([from, to]: readonly number[], updatedAt: number, slots: readonly string[]): StudyHead["sessions"] {
  if (from === undefined || to === undefined) return [{ startedAt: START, endedAt: updatedAt, slots }];
  return [
    { startedAt: START, endedAt: from, slots },
    { startedAt: to, endedAt: updatedAt, slots },
  ];
}

function configuration(parameters: Parameters, random: () => number): Params {
  const params: Record<string, ParameterValue> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const active = Object.entries(parameter.when ?? {}).every(
      ([parent, values]) => parent in params && values.includes(params[parent] as ParameterValue),
    );
    if (active) params[name] = draw(parameter, random());
  }
  return params;
}

function draw(parameter: Parameter, u: number): ParameterValue {
  if (parameter.type === "categorical")
    return parameter.choices[Math.floor(u * parameter.choices.length)] as ParameterValue;
  if (parameter.type === "ordinal") return parameter.values[Math.floor(u * parameter.values.length)] as ParameterValue;
  const { low, high, log } = parameter;
  if (parameter.type === "int") return low + Math.floor(u * (high - low + 1));
  return log === true ? low * (high / low) ** u : low + u * (high - low);
}

/** From 0 (best) to about 1. */
function quality(params: Params): number {
  const rate = typeof params.learningRate === "number" ? Math.abs(Math.log10(params.learningRate) + 2) / 2 : 0.5;
  const dropout = typeof params.dropout === "number" ? (params.dropout - 0.2) ** 2 : 0.1;
  return 0.6 * rate + dropout + (params.optimizer === "adam" ? 0 : 0.15);
}

/** mulberry32 (T. Ettinger, 2017): numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
