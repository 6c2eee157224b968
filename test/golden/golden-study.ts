import type { Recorded } from "../../src/history/events.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual, type VirtualObjective } from "../support/virtual-study.ts";

/** A small study with a bit of everything, the same on every machine: what its journal holds is committed beside it. */

const spec: StudySpec = {
  name: "golden",
  metric: { name: "loss", goal: "minimize" },
  parameters: {
    rate: { type: "float", low: 1e-4, high: 0.3, log: true },
    dropout: { type: "float", low: 0, high: 0.6, step: 0.05 },
    layers: { type: "int", low: 1, high: 3 },
    units: { type: "int", low: 16, high: 512, log: true },
    batch: { type: "ordinal", values: [16, 32, 64, 128] },
    optimizer: { type: "categorical", choices: ["sgd", "momentum", "adam"] },
    momentum: { type: "float", low: 0.5, high: 0.99, when: { optimizer: ["momentum"] } },
  },
  strategy: "hyperband",
  budget: { min: 1, max: 9, unit: "epochs" },
  enqueue: [{ rate: 0.01, dropout: 0.2, layers: 2, units: 64, batch: 32, optimizer: "adam" }],
  trial: { retries: 1 },
  seed: "golden",
};

const objective: VirtualObjective = {
  checkpoints: "after",
  loss: ({ params, trial }, step) => (trial === 5 ? Number.NaN : Number(params["layers"]) + 1 / step + trial / 100),
  failure: ({ trial, attempt }) =>
    trial === 3 && attempt === 1
      ? { kind: "failed", cause: { kind: "signal", message: "it was ended by SIGSEGV" } }
      : undefined,
};

/** Its events, killed once; what depends on this process is blanked. */
export async function goldenEvents(): Promise<readonly Recorded[]> {
  const killed = await runVirtual({ spec, objective, slots: 2, killAt: 60 });
  const { events } = await runVirtual({ spec, objective, slots: 2, events: killed.events });
  return events.map((event) => (event.type === "session-started" ? { ...event, node: "v20.0.0", pid: 1 } : event));
}
