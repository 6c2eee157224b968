import type { Recorded } from "../../history/events.ts";
import { Incumbent } from "../../history/incumbent.ts";
import type { HistoryView, RunView } from "../../history/view.ts";
import { type Happening, Narrator } from "../text/narrate.ts";

/** Happenings kept for the view. */
const RECENT = 24;
const STOPS = 3;

/** What a live view remembers of a study while its events pass by: constant work for each event. */
export class Progress {
  readonly recent: Happening[] = [];
  /** Runs that were stopped, the latest last. */
  readonly stops: Happening[] = [];
  /** The best value after each run that completed: it may get worse where a larger budget replaces what was best. */
  readonly trend: number[] = [];
  /** Budget that ended runs were given, over all sessions: that much of the plan is behind. */
  planned = 0;
  /** Budget that ended runs of this session have used. */
  used = 0;
  /** Runs that ended in this session. */
  ended = 0;
  /** Runs go on from checkpoints, as far as was seen. */
  continues = false;
  readonly #history: HistoryView;
  /** Events up to this one are in the history already: they may still come, and are not followed twice. */
  readonly #from: number;
  readonly #narrator: Narrator;
  readonly #incumbent = new Incumbent();

  constructor(history: HistoryView) {
    this.#history = history;
    this.#narrator = new Narrator(history);
    this.#from = history.seq;
    for (const run of history.runs) this.#plan(run);
    for (const { run } of history.outcomes) this.#follow(history.runs[run]);
    this.continues = history.trials.some((trial) => trial.checkpoint > 0);
  }

  take(event: Recorded): void {
    for (const happening of this.#narrator.tell(event)) {
      if (happening.kind !== "started") this.recent.push(happening);
      if (happening.kind === "stopped") this.stops.push(happening);
    }
    this.recent.splice(0, this.recent.length - RECENT);
    this.stops.splice(0, this.stops.length - STOPS);
    if (event.type === "checkpoint-saved") this.continues = true;
    if (event.type !== "run-ended") return;
    const run = this.#history.runs[event.run];
    if (run === undefined) return;
    if (event.seq > this.#from) {
      this.#plan(run);
      this.#follow(run);
    }
    this.used += usedBudget(this.#history, run);
    this.ended++;
  }

  #plan(run: RunView): void {
    if (run.state === "open" || run.state === "stopping" || run.state === "lost") return;
    this.planned += givenBudget(this.#history, run);
  }

  #follow(run: RunView | undefined): void {
    const trial = this.#history.trials[run?.trial ?? -1];
    if (run?.value === undefined || run.state !== "completed" || trial === undefined) return;
    this.#incumbent.offer(trial, run.budget, run.value, (a, b) => this.#history.compare(a, b));
    this.trend.push(this.#incumbent.best?.value ?? run.value);
  }
}

/** The part of the budget that the run was started for; in a study without budgets every run is 1. */
export function givenBudget({ settings }: HistoryView, run: RunView): number {
  return settings.budget === null ? 1 : run.budget - run.startStep + 1;
}

/** The part of the budget that a run has used. */
export function usedBudget(history: HistoryView, run: RunView): number {
  if (history.settings.budget === null) return run.endedAt === undefined ? 0 : 1;
  const step = run.state === "completed" ? run.budget : (run.lastReport?.step ?? 0);
  return Math.max(0, Math.min(step, run.budget) - run.startStep + 1);
}
