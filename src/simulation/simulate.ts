import { JOURNAL_VERSION, type Recorded } from "../history/events.ts";
import type { History } from "../history/history.ts";
import type { ComponentSettings, StudySettings } from "../history/settings.ts";
import { MemoryJournal } from "../journal/memory-journal.ts";
import { Coordinator } from "../study/coordinator.ts";
import { Decider } from "../study/decider.ts";
import { ENGINE } from "../study/engine.ts";
import { runStudy } from "../study/run-study.ts";
import { compare, fullBest } from "./compare.ts";
import type { Recording } from "./recording.ts";
import { ReplayDispatcher } from "./replay-dispatcher.ts";
import type { Simulation } from "./simulation.ts";

/**
 * Runs a recorded study again with another scheduler, on a simulated clock: all its trials in their order, each as far as
 * the scheduler lets it go. The study's stop rules end nothing here, and crashes that a retry cured do not come again.
 *
 * @param scheduler checked, with every default filled in
 * @param slots runs at a time, at least 1
 */
export async function simulate(recording: Recording, scheduler: ComponentSettings, slots: number): Promise<Simulation> {
  const settings = settingsOf(recording, scheduler, slots);
  const dispatcher = new ReplayDispatcher(slots, recording.trials, settings);
  const { clock, work } = dispatcher;
  const decider = new Decider();
  const journal = new StopJournal(decider.history);
  const coordinator = new Coordinator(decider, journal, { now: () => clock.time });
  clock.onFailure = (error) => coordinator.onFailure(error);
  coordinator.record({ type: "study-created", version: JOURNAL_VERSION, engine: ENGINE, settings });
  coordinator.startSession({});
  const { signal } = new AbortController();
  await runStudy({ coordinator, dispatcher, folder: null, objective: () => null, signal });
  const makespan = clock.time;
  await coordinator.close("finished");
  const { history } = decider;
  return compare(recording, { scheduler, history, work, bestThen: journal.bestThen, makespan });
}

/** The recorded configurations are enqueued, and nothing else is tried: no sampler is asked. */
export function settingsOf({ history, trials }: Recording, scheduler: ComponentSettings, slots: number): StudySettings {
  const { settings } = history;
  return {
    ...settings,
    sampler: { name: "random" },
    scheduler,
    enqueue: trials.map(({ params }) => params),
    stop: { trials: trials.length, time: null, value: null, patience: null },
    trial: { ...settings.trial, retries: 0 },
    parallel: settings.parallel === null ? null : slots,
  };
}

/** Keeps nothing but the best value that there was when a trial was stopped. */
class StopJournal extends MemoryJournal {
  /** By the trial's number. */
  readonly bestThen = new Map<number, number | undefined>();
  readonly #history: History;

  constructor(history: History) {
    super();
    this.#history = history;
  }

  /** Comes before the event is folded. */
  override append(event: Recorded): void {
    if (event.type === "trial-dropped") this.#note(event.trial);
    if (event.type === "run-stopped") this.#note((this.#history.runs[event.run] as { readonly trial: number }).trial);
  }

  #note(trial: number): void {
    this.bestThen.set(trial, fullBest(this.#history));
  }
}
