import { HpoError } from "../errors.ts";
import type { Recorded } from "../history/events.ts";
import { History } from "../history/history.ts";
import type { HistoryView, TrialView } from "../history/view.ts";
import { createRng } from "../numerics/rng.ts";
import { loadStudy } from "../study/study-folder.ts";
import { trialOfEvent } from "../views/trial-of-event.ts";
import type { RunOrder } from "../workers/dispatcher.ts";

/** One trial with everything that its study's journal says about it. */
export interface FoundTrial {
  readonly folder: string;
  readonly history: HistoryView;
  readonly trial: TrialView;
  /** Its own events, in their order. */
  readonly events: readonly Recorded[];
}

/** @throws HpoError "study-not-found"; "invalid-argument" for a number that no trial has */
export function findTrial(directory: string, name: string, number: number): FoundTrial {
  const history = new History();
  const events: Recorded[] = [];
  const apply = (event: Recorded): void => {
    history.apply(event);
    if (trialOfEvent(event, history) === number) events.push(event);
  };
  const { folder } = loadStudy(directory, name, { fold: { history, apply } });
  const trial = history.trials[number];
  if (trial !== undefined) return { folder, history, trial, events };
  const { length } = history.trials;
  const there = length === 0 ? "it has none yet" : `it has the trials 0 to ${length - 1}`;
  throw new HpoError("invalid-argument", `study "${name}" has no trial ${number}: ${there}`);
}

/** The order that has a trial's last run done again from its start: same parameters, seed and budget. */
export function orderAgain({ history, trial }: FoundTrial, directory: string): RunOrder {
  const { number, params } = trial;
  return {
    run: 0,
    trial: number,
    attempt: 1,
    slot: "cpu-0",
    params,
    budget: trial.runs.at(-1)?.budget ?? history.maxBudget,
    startStep: 1,
    seed: createRng(history.settings.seed, number, "trial-seed").uint32(),
    directory,
  };
}
