import type { Slot } from "../devices/slot.ts";
import type { TrialLimits } from "../history/settings.ts";
import { checkpointProblem, tidyCheckpoints } from "./checkpoint-folder.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { failed } from "./failure.ts";
import type { ProcessObjective } from "./messages.ts";
import { endOrphans } from "./orphans.ts";
import { watchOverDeath } from "./deathwatch.ts";
import { ProcessSlot } from "./process-slot.ts";
import { ScratchFolder } from "./scratch-folder.ts";
import { SlotGpus } from "./slot-gpus.ts";
import { SESSION_ID } from "./slot-thread.ts";

export interface ProcessDispatcherOptions {
  /** A module's path and a command's folder are absolute. */
  readonly objective: ProcessObjective;
  /** The study's metric: the name of a bare number that a module returns, and what makes an output line a result. */
  readonly metric: string;
  /** At least one. */
  readonly slots: readonly Slot[];
  readonly limits: TrialLimits;
  /** Marks every process of the study, in its environment: no other study may have it. */
  readonly studyId: string;
  /** Milliseconds that a launcher may be silent before it is ended, and before a slot that cannot start is tried again. */
  readonly patience?: { readonly silence: number; readonly restart: number };
}

const PATIENCE = { silence: 60_000, restart: 1_000 } as const;

/**
 * Runs a module or a command in processes of their own, one at a time on each slot. The processes start at once, before
 * the first run is asked for. They end with `close`, and within the grace when the coordinator dies.
 */
export function createProcessDispatcher(options: ProcessDispatcherOptions): Dispatcher {
  const { objective, metric, limits, studyId, patience = PATIENCE } = options;
  const slots = new Map(
    options.slots.map(({ name, device, environment, taken }) => [
      name,
      new ProcessSlot(
        { objective, metric, limits, studyId, device, pin: environment, silence: patience.silence },
        patience.restart,
        taken === undefined ? undefined : new SlotGpus(taken, studyId),
      ),
    ]),
  );
  const slotOfRun = new Map<number, ProcessSlot>();
  const scratch = new ScratchFolder();
  let endWatch = (): void => undefined;
  /** Nobody waits for it: the first run goes before. */
  const watching = setImmediate(() => (endWatch = watchOverDeath(SESSION_ID, limits.grace)));
  let closed: Promise<void> | undefined;

  async function close(): Promise<void> {
    clearImmediate(watching);
    await Promise.all([...slots.values()].map((slot) => slot.close()));
    scratch.remove();
    // What left its process group, as daemons do, was left alone while it could serve a run.
    await endOrphans(studyId, 0);
    endWatch();
  }

  const dispatcher: Dispatcher = {
    slots: [...slots.keys()],
    start(order, listener) {
      const slot = slots.get(order.slot);
      if (closed !== undefined || slot === undefined) {
        const why = slot === undefined ? `there is no slot "${order.slot}"` : "the dispatcher is closed";
        queueMicrotask(() => listener.ended(failed("launch", why)));
        return;
      }
      slotOfRun.set(order.run, slot);
      slot.start(
        { ...order, checkpoints: scratch.checkpoints(order) },
        {
          reported: (step, metrics) => listener.reported(step, metrics),
          checkpointed: (step, bytes, content) => listener.checkpointed(step, bytes, content),
          ended: (outcome) => {
            slotOfRun.delete(order.run);
            listener.ended(outcome);
          },
        },
      );
    },
    stop(run, reason) {
      slotOfRun.get(run)?.stop(reason);
    },
    checkpointProblem: (place, step, content) => checkpointProblem(scratch.checkpoints(place), step, content),
    tidy: (place, keep) => tidyCheckpoints(scratch.checkpoints(place), keep),
    close: () => (closed ??= close()),
  };
  for (const [name, slot] of slots) slot.onWait = (wait) => dispatcher.onSlot?.(name, wait);
  return dispatcher;
}
