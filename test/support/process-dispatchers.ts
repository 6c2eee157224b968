import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cpuSlots, type Slot } from "../../src/devices/slot.ts";
import type { TrialLimits } from "../../src/history/settings.ts";
import type { Dispatcher } from "../../src/workers/dispatcher.ts";
// Processes can only be started from the built code.
import { findMarked } from "../../dist/workers/orphans.js";
import { createProcessDispatcher } from "../../dist/workers/process-dispatcher.js";

const LIMITS: TrialLimits = { timeout: null, idle: null, memory: null, retries: 0, grace: 400 };

export interface OpenedDispatcher extends Dispatcher {
  readonly studyId: string;
}

type Patience = NonNullable<Parameters<typeof createProcessDispatcher>[0]["patience"]>;

const opened: OpenedDispatcher[] = [];

/** The path of an objective; an absolute one stays as it is. */
export function fixture(name: string): string {
  return resolve(fileURLToPath(new URL("../fixtures/objectives", import.meta.url)), name);
}

export function openModule(
  name: string,
  limits: Partial<TrialLimits> = {},
  slots?: readonly Slot[],
  patience?: Patience,
): OpenedDispatcher {
  return openProcess({ kind: "module", path: fixture(name) }, limits, slots, patience);
}

/** Runs `train.py` with the given words, unless the first of them is another command. */
export function openCommand(
  argv: readonly (string | readonly string[])[],
  limits: Partial<TrialLimits> = {},
  pattern: string | null = null,
  slots?: readonly Slot[],
): OpenedDispatcher {
  return openProcess({ kind: "command", argv, cwd: fixture("."), pattern }, limits, slots);
}

export const PYTHON = ["python3", "train.py"] as const;

export function openProcess(
  objective: Parameters<typeof createProcessDispatcher>[0]["objective"],
  limits: Partial<TrialLimits>,
  slots: readonly Slot[] = cpuSlots(1, false),
  patience?: Patience,
): OpenedDispatcher {
  const studyId = randomUUID();
  const dispatcher = createProcessDispatcher({
    objective,
    metric: "loss",
    slots,
    limits: { ...LIMITS, ...limits },
    studyId,
    ...(patience === undefined ? {} : { patience }),
  });
  const marked = Object.assign(dispatcher, { studyId });
  opened.push(marked);
  return marked;
}

/** Closes what a test opened, and gives the processes that are left then. */
export async function closeAll(): Promise<number[]> {
  const left: number[] = [];
  for (const dispatcher of opened.splice(0)) {
    await dispatcher.close();
    left.push(...findMarked(dispatcher.studyId));
  }
  return left;
}
