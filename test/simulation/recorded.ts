import type { Recorded } from "../../src/history/events.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual, type VirtualObjective } from "../support/virtual-study.ts";

/** Losses by trial and step. */
export type Curves = readonly (readonly number[])[];

/** The trial with the best end has the worst beginning. */
export const CROSSING: Curves = [
  [5, 4, 3, 2],
  [6, 5, 4, 3],
  [7, 6, 5, 1.5],
  [4, 3, 2, 1],
  [8, 7, 6, 5],
  [9, 8, 1, 0.5],
];

export const spec = (changes: Partial<StudySpec> = {}): StudySpec => ({
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy: { sampler: "random", scheduler: "full" },
  budget: { min: 1, max: 4, eta: 2, unit: "epochs" },
  stop: { trials: 6 },
  seed: 1,
  ...changes,
});

/** A journal of trials with these curves, as the engine writes it; a step of trial i takes i + 1 milliseconds. */
export async function recordCurves(
  curves: Curves,
  options: {
    readonly spec?: Partial<StudySpec>;
    readonly slots?: number;
    readonly objective?: Partial<VirtualObjective>;
  } = {},
): Promise<readonly Recorded[]> {
  const { events } = await runVirtual({
    spec: spec({ stop: { trials: curves.length }, ...options.spec }),
    slots: options.slots ?? 1,
    objective: {
      loss: ({ trial }, step) => curves[trial]?.[step - 1] as number,
      duration: ({ trial }) => trial + 1,
      ...options.objective,
    },
  });
  return events;
}
