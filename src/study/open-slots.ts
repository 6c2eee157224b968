import { chooseGpus, type GpuWish } from "../devices/choose-gpus.ts";
import { findGpus } from "../devices/find-gpus.ts";
import type { Gpu } from "../devices/gpu.ts";
import { holderOf, leaseGpus } from "../devices/lease.ts";
import { cpuSlots, type Slot } from "../devices/slot.ts";
import { HpoError } from "../errors.ts";
import type { StopSettings, StudySettings } from "../history/settings.ts";
import { findPinned } from "../workers/orphans.ts";

/** Where the runs of a session may be. */
export interface OpenSlots {
  readonly slots: readonly Slot[];
  /** What is to be said of the choice, a line each. */
  readonly notes: readonly string[];
  /** Lets others have the GPUs. Called when nothing computes on them any more. */
  release(): Promise<void>;
}

/** How often the choice is made anew when others are quicker to take what was chosen. */
const TRIES = 5;

type Wishes = Pick<StudySettings, "name" | "objective" | "workers">;

/**
 * Looks at the machine and takes the slots that a study wishes for: GPUs where there are any, else CPU slots.
 *
 * @throws HpoError "invalid-argument" when what is wished for cannot be had; "gpu-held" when others use it
 */
export async function openSlots(settings: Wishes, stop: StopSettings): Promise<OpenSlots> {
  const { objective, workers } = settings;
  const needed = stop.trials ?? Infinity;
  if (objective.kind === "none") return onCpus([], []);
  if (objective.kind === "function") {
    if (typeof workers.gpus !== "string") throw functionOnGpu(workers.gpus);
    if (workers.cpus === 0) throw noSlot("a function runs on CPU slots");
    return onCpus(cpuSlots(Math.min(workers.cpus, needed), false), []);
  }
  const { gpus } = workers;
  if (gpus === "none") return onCpus(cpuSlots(Math.min(workers.cpus, needed), true), []);
  const opened = await openGpus({ ...workers, gpus }, needed, settings.name);
  if (opened.slots.length > 0) return opened;
  const why = opened.notes.at(-1) ?? "";
  if (workers.cpus === 0) throw noSlot(why);
  const slots = cpuSlots(Math.min(workers.cpus, needed), false);
  return onCpus(slots, [...opened.notes.slice(0, -1), `${why}; the trials run on CPU slots`]);
}

/** No slots where there is no GPU for "auto"; the last note says why. */
async function openGpus(wish: GpuWish, needed: number, study: string): Promise<OpenSlots> {
  const found = await findGpus(process.env);
  for (let tries = 0; tries < TRIES; tries++) {
    const { slots, gpus, notes } = chooseGpus(wish, found, await heldGpus(found.gpus), needed);
    const lease = await leaseGpus(
      gpus.map(({ uuid }) => uuid),
      { pid: process.pid, study },
    );
    if (lease !== undefined) return { slots, notes, release: () => lease.release() };
  }
  throw new HpoError("gpu-held", "others took the GPUs at the same moment, again and again: try once more");
}

/** Who holds which GPU, in words, by its UUID: a study that lives, or the runs of one that was just killed. */
export async function heldGpus(gpus: readonly Gpu[]): Promise<ReadonlyMap<string, string>> {
  const held = new Map<string, string>();
  const holders = await Promise.all(gpus.map(async ({ uuid }) => [uuid, await holderOf(uuid)] as const));
  const left = gpus.length === 0 ? new Map<string, number>() : findPinned(gpus.map(({ uuid }) => uuid));
  for (const [uuid, holder] of holders) {
    const pid = left.get(uuid);
    if (holder !== undefined) held.set(uuid, holder);
    else if (pid !== undefined) held.set(uuid, `process ${pid}, which a killed study left and which is about to end`);
  }
  return held;
}

function onCpus(slots: readonly Slot[], notes: readonly string[]): OpenSlots {
  return { slots, notes, release: () => Promise.resolve() };
}

function noSlot(why: string): HpoError {
  return new HpoError(
    "invalid-argument",
    `expected a slot to run on, but ${why}, and "cpus" is 0: set it to 1 or more`,
  );
}

function functionOnGpu(gpus: readonly string[]): HpoError {
  return new HpoError(
    "invalid-argument",
    `expected no GPUs for a function, received ${gpus.join(", ")}: it runs in this process, which cannot be bound to a GPU for each of its trials. Make the objective a module or a command, or leave "gpus" out`,
  );
}
