import type { Recorded } from "../history/events.ts";
import { History } from "../history/history.ts";
import type { TrialView } from "../history/view.ts";
import type { MlflowMetric, Pairs, RunStatus } from "./mlflow-client.ts";

/** Which run of MLflow: a trial's number, or the study's own. */
export type RunKey = number | "study";

/** What is to be sent of a run. Sending it twice changes nothing. */
export interface RunUpdate {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number | undefined;
  readonly status: RunStatus;
  readonly params: Pairs;
  readonly tags: Pairs;
  readonly metrics: readonly MlflowMetric[];
}

/** Longest text that MLflow takes as a parameter or tag. */
const LONGEST = 5_000;

/** Folds a journal, and collects what changed after a position. */
export class ChangedRuns {
  readonly history: History = new History();
  /** What is to be sent, with the new points of its metrics. */
  readonly #changed = new Map<RunKey, MlflowMetric[]>();
  readonly #code = new Map<number, string>();
  readonly #after: number;
  #createdAt = 0;
  #endedAt: number | undefined;
  #best: number | undefined;
  /** Trials that have ended, for the steps of the best value. */
  #ended = 0;

  /** @param after sequence number of the last event that was sent; −1 for none */
  constructor(after: number) {
    this.#after = after;
  }

  /** Identifies the study wherever it is sent: its name and when it was created. */
  get studyId(): string {
    return `${this.history.settings.name}@${new Date(this.#createdAt).toISOString()}`;
  }

  get keys(): readonly RunKey[] {
    return [...this.#changed.keys()];
  }

  apply(event: Recorded): void {
    const { history } = this;
    history.apply(event);
    const trial =
      "run" in event ? history.runs[event.run]?.trial : "trial" in event ? (event.trial ?? undefined) : undefined;
    const isNew = event.seq > this.#after;
    switch (event.type) {
      case "study-created":
        this.#createdAt = event.at;
        break;
      case "session-started":
        this.#endedAt = undefined;
        break;
      case "session-ended":
        this.#endedAt = event.at;
        break;
      case "run-started":
        if (event.objective !== null) this.#code.set(event.trial, event.objective);
        break;
      case "run-ended":
        this.#ended++;
        break;
      default:
    }
    const metrics: MlflowMetric[] = [];
    if (event.type === "reported") metrics.push(...points(event.metrics, event.step, event.at));
    if (event.type === "run-ended" && event.outcome.kind === "completed") {
      const { budget = 0, lastReport } = history.runs[event.run] ?? {};
      // What the last report said already is one point.
      const news = Object.entries(event.outcome.metrics).filter(([name, value]) => lastReport?.metrics[name] !== value);
      metrics.push(...points(Object.fromEntries(news), budget, event.at));
    }
    const best = history.best?.value;
    const improved = best !== undefined && best !== this.#best;
    this.#best = best;
    if (!isNew) return;
    // A trial that has not started yet is no run.
    if (trial !== undefined && (history.trials[trial]?.runs.length ?? 0) > 0) this.#add(trial, metrics);
    if (STUDY_EVENTS.has(event.type) || improved)
      this.#add(
        "study",
        improved ? points({ [`best ${history.settings.metric.name}`]: best }, this.#ended, event.at) : [],
      );
  }

  #add(key: RunKey, metrics: readonly MlflowMetric[]): void {
    const known = this.#changed.get(key);
    if (known === undefined) this.#changed.set(key, [...metrics]);
    else known.push(...metrics);
  }

  /** The run was sent as `update` said. */
  settle(key: RunKey): void {
    this.#changed.delete(key);
  }

  /** @param folder the study's */
  update(key: RunKey, folder: string): RunUpdate {
    const metrics = this.#changed.get(key) ?? [];
    return key === "study" ? this.#studyUpdate(metrics, folder) : this.#trialUpdate(key, metrics);
  }

  #studyUpdate(metrics: readonly MlflowMetric[], folder: string): RunUpdate {
    const { settings, best, finished, notes } = this.history;
    const { name, metric, sampler, scheduler, seed, budget } = settings;
    const trial = best === undefined ? undefined : this.history.trials[best.number];
    const status =
      this.#endedAt === undefined
        ? "RUNNING"
        : finished === undefined
          ? "KILLED"
          : finished.failed
            ? "FAILED"
            : "FINISHED";
    return {
      name,
      start: this.#createdAt,
      end: this.#endedAt,
      status,
      params: clean({
        metric: metric.name,
        goal: metric.goal,
        sampler: sampler.name,
        scheduler: scheduler.name,
        seed,
        ...(budget === null ? {} : { budget: this.history.words(budget.max) }),
      }),
      tags: clean({
        "hpo.folder": folder,
        "hpo.notes": notes
          .filter((note) => note.trial === null)
          .map(({ text }) => text)
          .join("\n"),
        ...(finished === undefined ? {} : { "hpo.reason": finished.reason }),
        ...(best === undefined
          ? {}
          : {
              "hpo.best.trial": String(best.number),
              "hpo.best.value": String(best.value),
              "hpo.best.params": JSON.stringify(best.params),
            }),
        ...(trial === undefined || trial.checkpoint === 0
          ? {}
          : { "hpo.best.checkpoint": `${folder}/trials/${trial.number}/checkpoint/${trial.checkpoint}` }),
      }),
      metrics,
    };
  }

  #trialUpdate(number: number, metrics: readonly MlflowMetric[]): RunUpdate {
    const trial = this.history.trials[number] as TrialView;
    const run = trial.runs.at(-1);
    const status = STATUS[trial.state];
    const notes = this.history.notes.filter((note) => note.trial === number).map(({ text }) => text);
    return {
      name: `trial ${number}`,
      start: trial.runs[0]?.startedAt ?? trial.createdAt,
      end: status === "RUNNING" ? undefined : (run?.endedAt ?? trial.createdAt),
      status,
      params: clean(
        Object.fromEntries(
          Object.entries(trial.params).map(([name, value]) => [
            name,
            typeof value === "object" ? JSON.stringify(value) : String(value),
          ]),
        ),
      ),
      tags: clean({
        "hpo.state": trial.state,
        "hpo.reason": trial.reason,
        "hpo.source": trial.source,
        "hpo.attempts": String(trial.runs.length),
        ...(run === undefined ? {} : { "hpo.slot": run.slot, "hpo.budget": String(run.budget) }),
        ...(run?.placement === undefined
          ? {}
          : { "hpo.bracket": String(run.placement.bracket), "hpo.rung": String(run.placement.rung) }),
        ...(this.#code.has(number) ? { "hpo.code": this.#code.get(number) as string } : {}),
        ...(trial.cause === undefined ? {} : { "hpo.cause": `${trial.cause.kind}: ${trial.cause.message}` }),
        ...(trial.value === undefined ? {} : { "hpo.value": String(trial.value) }),
        ...(notes.length === 0 ? {} : { "hpo.notes": notes.join("\n") }),
      }),
      metrics,
    };
  }
}

const STUDY_EVENTS = new Set<Recorded["type"]>([
  "study-created",
  "session-started",
  "session-ended",
  "study-finished",
  "noted",
]);

/** A paused or waiting trial may go on. */
const STATUS = {
  waiting: "RUNNING",
  running: "RUNNING",
  paused: "RUNNING",
  complete: "FINISHED",
  pruned: "KILLED",
  failed: "FAILED",
} as const;

function points(metrics: Readonly<Record<string, number>>, step: number, timestamp: number): readonly MlflowMetric[] {
  // MLflow counts steps in whole numbers.
  const at = Math.round(step);
  return Object.entries(metrics).map(([name, value]) => ({ key: cleanKey(name), value, timestamp, step: at }));
}

/** MLflow's names have letters, digits and these signs. */
function cleanKey(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}_\-. :/]/gu, "_").slice(0, 250);
}

function clean(pairs: Readonly<Record<string, string>>): Pairs {
  return Object.fromEntries(
    Object.entries(pairs)
      .filter(([, value]) => value !== "")
      .map(([key, value]) => [cleanKey(key), value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value]),
  );
}
