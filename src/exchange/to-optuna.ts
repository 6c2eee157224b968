import type { Recorded } from "../history/events.ts";
import { History } from "../history/history.ts";
import type { TrialState, TrialView } from "../history/view.ts";
import type { Parameters } from "../space/parameter.ts";
import { toInternal, writeDistribution } from "./distributions.ts";
import {
  type Attributes,
  FIXED_PARAMS,
  METRIC_NAMES,
  newTrial,
  type OptunaParam,
  type OptunaState,
  type OptunaStudy,
  type OptunaTrial,
  OWN,
} from "./optuna-study.ts";

/** A trial that rests on a rung is one that Optuna would have pruned there: it has no state for what may still go on. */
const STATES: Readonly<Record<TrialState, OptunaState>> = {
  waiting: "WAITING",
  running: "RUNNING",
  paused: "PRUNED",
  complete: "COMPLETE",
  pruned: "PRUNED",
  failed: "FAIL",
};

/** Folds a journal to a study of Optuna. */
export class OptunaRecorder {
  readonly history: History = new History();
  /** Steps whose metric was no number that JSON can hold, by trial. */
  readonly #omitted = new Map<number, Set<number>>();

  apply(event: Recorded): void {
    this.history.apply(event);
    if (event.type !== "reported") return;
    const { metric } = this.history.settings;
    if (event.omitted?.includes(metric.name) !== true) return;
    const trial = this.history.runs[event.run]?.trial ?? -1;
    this.#omitted.set(trial, (this.#omitted.get(trial) ?? new Set()).add(event.step));
  }

  finish(): OptunaStudy {
    const { history } = this;
    const { name, metric, parameters, budget } = history.settings;
    const distributions = new Map(
      Object.entries(parameters).map(([each, parameter]) => [each, writeDistribution(parameter)] as const),
    );
    const trials = history.trials.map((trial) => this.#trial(trial, distributions));
    const queued = history.queue.map((params, index) => ({
      ...newTrial(trials.length + index, "WAITING"),
      systemAttributes: { [FIXED_PARAMS]: params },
    }));
    return {
      name,
      directions: [metric.goal === "maximize" ? "MAXIMIZE" : "MINIMIZE"],
      userAttributes: {
        [`${OWN}space`]: { parameters, metric, ...(budget === null ? {} : { budget }) },
        ...notes(history, null),
      },
      systemAttributes: { [METRIC_NAMES]: [metric.name] },
      trials: [...trials, ...queued],
    };
  }

  #trial(trial: TrialView, distributions: ReadonlyMap<string, string>): OptunaTrial {
    const { number, params, runs, createdAt, value } = trial;
    const { parameters } = this.history.settings;
    const state = STATES[trial.state];
    const waits = state === "WAITING";
    const ended = !waits && state !== "RUNNING";
    const start = runs[0]?.startedAt ?? createdAt;
    return {
      number,
      state,
      values: ended && state !== "FAIL" && value !== undefined ? [value] : null,
      start: waits ? null : start,
      complete: ended ? (runs.at(-1)?.endedAt ?? start) : null,
      params: waits ? new Map() : internalParams(parameters, params, distributions),
      intermediate: this.#intermediate(trial),
      userAttributes: { ...ownAttributes(trial), ...notes(this.history, number) },
      systemAttributes: waits ? { [FIXED_PARAMS]: params } : {},
    };
  }

  #intermediate({ number, reports }: TrialView): ReadonlyMap<number, number> {
    const { name } = this.history.settings.metric;
    const omitted = this.#omitted.get(number);
    return new Map(
      reports.flatMap(({ step, metrics }) => {
        const value = metrics[name] ?? (omitted?.has(step) === true ? NaN : undefined);
        // Optuna counts steps in whole numbers.
        return value === undefined || !Number.isInteger(step) ? [] : [[step, value] as const];
      }),
    );
  }
}

function internalParams(
  parameters: Parameters,
  params: TrialView["params"],
  distributions: ReadonlyMap<string, string>,
): ReadonlyMap<string, OptunaParam> {
  const internal = new Map<string, OptunaParam>();
  for (const [name, value] of Object.entries(params)) {
    const parameter = parameters[name];
    const distribution = distributions.get(name);
    if (parameter !== undefined && distribution !== undefined)
      internal.set(name, { internal: toInternal(parameter, value), distribution });
  }
  return internal;
}

/** What Optuna has no place for. */
function ownAttributes({ state, source, reason, cause, completedBudget, runs, reports }: TrialView): Attributes {
  const last = reports.at(-1);
  const run = runs.at(-1);
  return {
    [`${OWN}state`]: state,
    [`${OWN}source`]: source,
    [`${OWN}reason`]: reason,
    ...(cause === undefined ? {} : { [`${OWN}cause`]: cause.message, [`${OWN}cause-kind`]: cause.kind }),
    ...(completedBudget === 0 ? {} : { [`${OWN}budget`]: completedBudget }),
    ...(run === undefined ? {} : { [`${OWN}slot`]: run.slot }),
    ...(last === undefined || Object.keys(last.metrics).length < 2 ? {} : { [`${OWN}metrics`]: last.metrics }),
  };
}

function notes(history: History, trial: number | null): Attributes {
  const texts = history.notes.filter((note) => note.trial === trial).map(({ text }) => text);
  return texts.length === 0 ? {} : { [`${OWN}notes`]: texts };
}
