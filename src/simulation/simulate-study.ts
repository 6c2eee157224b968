import { HpoError, InvalidSpecError } from "../errors.ts";
import type { ComponentSettings, StudySettings } from "../history/settings.ts";
import type { Component, StudySpec } from "../space/spec.ts";
import { resolveSpec, specIssues } from "../study/resolve.ts";
import { loadStudy } from "../study/study-folder.ts";
import { recordedTotals } from "./compare.ts";
import { Recorder } from "./recording.ts";
import { simulate } from "./simulate.ts";
import type { Simulation, StudySimulation } from "./simulation.ts";

export interface SimulateStudyOptions {
  readonly name: string;
  /** @default "studies" */
  readonly directory?: string;
  /** The scheduler to try, as a spec names it, or several. */
  readonly scheduler: Component | readonly Component[];
  /** Runs at a time. @default as many as the study had */
  readonly slots?: number;
}

/**
 * What a study on disk would have cost and found with another scheduler: its recorded trials are gone through again, on a
 * simulated clock. Nothing is trained, and nothing is written; a study that runs counts as far as it is.
 *
 * What the record does not say is not guessed. A trial that is to go on beyond its last recorded step ends there, for the
 * scheduler as one that was stopped, and is counted. A trial can be resumed only from checkpoints that were saved, and
 * otherwise starts again at step 1. It fails at the step where it failed. A curve is taken to be the same on any budget, which
 * is wrong of a training that depends on its budget.
 *
 * @throws HpoError "study-not-found"; "journal-damaged"; "invalid-argument" for a study without trials, or slots that are no
 *   integer of at least 1
 * @throws InvalidSpecError with every problem of the schedulers
 */
export async function simulateStudy(options: SimulateStudyOptions): Promise<StudySimulation> {
  const { name, directory = "studies", scheduler } = options;
  const recorder = new Recorder();
  loadStudy(directory, name, { fold: recorder });
  const recording = recorder.finish();
  const { history, trials } = recording;
  const { settings } = history;
  const schedulers = resolveSchedulers(settings, isList(scheduler) ? scheduler : [scheduler]);
  const slots = checkSlots(options.slots ?? recording.slots);
  if (trials.length === 0)
    throw new HpoError("invalid-argument", `expected a study with trials, but "${name}" has none yet: run it first`);
  const simulations: Simulation[] = [];
  for (const each of schedulers) simulations.push(await simulate(recording, each, slots));
  return {
    name,
    metric: settings.metric,
    unit: settings.budget?.unit ?? "steps",
    fullBudget: settings.budget?.max,
    slots,
    trials: trials.length,
    hasCurves: trials.some(({ curve }) => curve.length > 1),
    recorded: recordedTotals(recording),
    simulations,
  };
}

/** As `Array.isArray`, which does not tell a list that is read-only from what is no list. */
function isList(scheduler: Component | readonly Component[]): scheduler is readonly Component[] {
  return Array.isArray(scheduler);
}

function resolveSchedulers(settings: StudySettings, given: readonly Component[]): readonly ComponentSettings[] {
  const specs = given.map((scheduler) => specWith(settings, scheduler));
  const issues = specs.flatMap((spec, index) =>
    specIssues(spec, "/")
      .filter(({ path }) => path.startsWith("strategy"))
      .map((issue) => ({
        ...issue,
        path: issue.path.replace(/^strategy(\.scheduler)?/, given.length === 1 ? "scheduler" : `scheduler.${index}`),
      })),
  );
  if (issues.length > 0) throw new InvalidSpecError("the simulation", issues);
  const context = { subject: "the simulation", specFolder: "/", studyFolder: null, objective: "none" } as const;
  return specs.map((spec) => resolveSpec(spec, context).scheduler);
}

/** A spec with all of the recorded study that a scheduler is checked against. */
function specWith({ name, metric, parameters, budget }: StudySettings, scheduler: Component): StudySpec {
  const strategy = { sampler: "random", scheduler };
  return { name, metric, parameters, strategy, ...(budget === null ? {} : { budget }), stop: { trials: 1 }, seed: 0 };
}

function checkSlots(slots: number): number {
  if (Number.isInteger(slots) && slots >= 1) return slots;
  throw new HpoError("invalid-argument", `slots: expected an integer of at least 1, received ${JSON.stringify(slots)}`);
}
