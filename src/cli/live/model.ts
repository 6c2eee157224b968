import type { SlotName } from "../reporter.ts";
import type { HistoryView, RunView } from "../../history/view.ts";
import type { Happening } from "../text/narrate.ts";
import { afterBudget, strategyInWords } from "../../views/study-words.ts";
import { countStates } from "../text/trial-rows.ts";
import { inDigits, oneLine, valueInWords } from "../../views/words.ts";
import type { Progress } from "./progress.ts";
import { savedInWords } from "./saved.ts";
import { timeLeftInWords } from "./time-left.ts";
import { metricOf } from "../../history/curve.ts";

/** Everything that a frame shows, as data: laying it out needs nothing else. */
export interface LiveModel {
  readonly name: string;
  readonly strategy: string;
  /** Such as "minimize loss". */
  readonly goal: string;
  readonly metric: string;
  /** Milliseconds of this session. */
  readonly elapsed: number;
  /** Said since the first Ctrl-C; empty before. */
  readonly interrupting: readonly string[];
  readonly best: BestModel | undefined;
  /** The best value after each run that completed. */
  readonly trend: readonly number[];
  readonly slots: readonly SlotModel[];
  /** The latest last. */
  readonly recent: readonly Happening[];
  /** Runs that were stopped, the latest last. */
  readonly stops: readonly Happening[];
  readonly trials: number;
  /** Null when no number of trials ends the study. */
  readonly planned: number | null;
  readonly counts: ReturnType<typeof countStates>;
  /** What ending trials early has saved, in words. */
  readonly saved: string | undefined;
  readonly timeLeft: string | undefined;
  /** What Ctrl-C does. */
  readonly foot: string;
}

export interface BestModel {
  readonly value: string;
  readonly trial: number;
  /** Such as " after 27 epochs". */
  readonly after: string;
  readonly params: readonly (readonly [name: string, value: string])[];
}

export interface SlotModel {
  readonly slot: string;
  readonly run: SlotRun | undefined;
  /** Why it takes no run now, in words. */
  readonly waits?: string | undefined;
}

export interface SlotRun {
  readonly trial: number;
  readonly step: number;
  /** Null in a study without budgets: how far a run goes is then unknown. */
  readonly budget: number | null;
  readonly unit: string;
  readonly value: number | undefined;
  /** The best value of the trial so far. */
  readonly best: number | undefined;
  readonly elapsed: number;
  readonly stopping: boolean;
}

/** What a frame shows at a moment, `now` in milliseconds since 1970. */
export function createModel(
  history: HistoryView,
  slots: readonly SlotName[],
  progress: Progress,
  interrupting: readonly string[],
  foot: string,
  now: number,
): LiveModel {
  const { settings, best } = history;
  const { metric } = settings;
  return {
    name: settings.name,
    strategy: strategyInWords(settings),
    goal: `${metric.goal} ${oneLine(metric.name)}`,
    metric: oneLine(metric.name),
    elapsed: now - history.sessionAt,
    interrupting,
    best:
      best === undefined
        ? undefined
        : {
            value: inDigits(best.value),
            trial: best.number,
            after: afterBudget(history, best.budget),
            params: Object.entries(best.params).map(
              ([name, value]) => [oneLine(name), valueInWords(value, 4)] as const,
            ),
          },
    trend: progress.trend,
    slots: slotModels(history, slots, now),
    recent: progress.recent,
    stops: progress.stops,
    trials: history.trials.length,
    planned: history.stop.trials,
    counts: countStates(history.trials),
    timeLeft: interrupting.length > 0 ? undefined : timeLeftInWords(history, progress, slots.length, now),
    saved: savedInWords(history),
    foot,
  };
}

function slotModels(history: HistoryView, slots: readonly SlotName[], now: number): readonly SlotModel[] {
  const runs = new Map(history.openRuns.map((run) => [run.slot, run]));
  // Journals of earlier versions do not name the slots of a session.
  const names = new Set([...slots.map(({ slot }) => slot), ...runs.keys()]);
  return [...names].map((slot) => {
    const run = runs.get(slot);
    const waits = history.slotWaits.open.get(slot)?.reason;
    return {
      slot,
      run: run === undefined ? undefined : slotRun(history, run, now),
      waits: waits === undefined ? undefined : oneLine(waits),
    };
  });
}

function slotRun(history: HistoryView, run: RunView, now: number): SlotRun {
  const { budget, metric } = history.settings;
  const better = (a: number, b: number): number => (history.compare(b, a) < 0 ? b : a);
  const values =
    history.trials[run.trial]?.reports.flatMap(({ metrics }) => metricOf(metrics, metric.name) ?? []) ?? [];
  return {
    trial: run.trial,
    // A run that goes on from a checkpoint has these steps behind it.
    step: run.lastReport?.step ?? run.startStep - 1,
    budget: budget === null ? null : run.budget,
    unit: budget?.unit ?? "",
    value: metricOf(run.lastReport?.metrics ?? {}, metric.name),
    best: values.length === 0 ? undefined : values.reduce(better),
    elapsed: now - run.startedAt,
    stopping: run.state === "stopping",
  };
}
