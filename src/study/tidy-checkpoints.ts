import type { Recorded } from "../history/events.ts";
import type { Dispatcher } from "../workers/dispatcher.ts";
import type { Coordinator } from "./coordinator.ts";
import { trialFolder } from "./study-folder.ts";

export interface TidyOptions {
  readonly coordinator: Coordinator;
  readonly dispatcher: Dispatcher;
  /** The study's folder; null in memory. */
  readonly folder: string | null;
}

/**
 * Keeps on disk, in a study with a limit for it, only the checkpoints that its history keeps: those that were given up, and
 * what a run leaves behind beside its last, are removed once the event that says so is durable. A coordinator that died in
 * between leaves folders that the next one removes here first. Listeners hear an event before a later run of the trial starts.
 *
 * @returns ends it
 */
export async function keepTidy({ coordinator, dispatcher, folder }: TidyOptions): Promise<() => void> {
  const { history } = coordinator;
  if (history.settings.checkpoints === undefined) return () => undefined;
  const tidy = (trial: number): void => {
    const keep = history.trials[trial]?.saved.map(({ step }) => step) ?? [];
    try {
      dispatcher.tidy({ trial, directory: folder === null ? null : trialFolder(folder, trial) }, keep);
    } catch (error) {
      coordinator.record({ type: "checkpoint-left", trial, message: (error as Error).message });
    }
  };
  const hear = (event: Recorded): void => {
    if (event.type === "checkpoint-evicted") tidy(event.trial);
    if (event.type === "run-ended") tidy((history.runs[event.run] as { readonly trial: number }).trial);
  };
  await coordinator.commit();
  for (const { number } of history.trials) tidy(number);
  return coordinator.subscribe(hear);
}
