import { HpoError } from "../errors.ts";
import type { RunView } from "../history/view.ts";
import { createRng } from "../numerics/rng.ts";
import type { Dispatcher, RunListener, RunOrder, SlotWait } from "../workers/dispatcher.ts";
import type { Coordinator } from "./coordinator.ts";
import { RoomWatch } from "./await-room.ts";
import { trialFolder } from "./study-folder.ts";
import { keepTidy } from "./tidy-checkpoints.ts";

/** The longest time that a timer can wait, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

export interface RunStudyOptions {
  readonly coordinator: Coordinator;
  readonly dispatcher: Dispatcher;
  /** The study's folder; null in memory. */
  readonly folder: string | null;
  /** Hash of the objective's code, asked for each run. */
  readonly objective: () => string | null;
  /** Aborted, nothing new is started and what runs is stopped; it starts again at the next resume. */
  readonly signal: AbortSignal;
}

/**
 * The loop that keeps every slot busy until the study is over. A run is durable before it starts, and a result before it is
 * told. A stop may be sent first: were it lost, the same report would call for it again.
 *
 * @returns whether the study finished, or was interrupted
 * @throws HpoError "journal-unwritable"
 */
export async function runStudy(options: RunStudyOptions): Promise<"finished" | "interrupted"> {
  const { coordinator, dispatcher, folder, signal } = options;
  const free = [...dispatcher.slots];
  const waits = new Map<string, SlotWait>();
  const change = new Change();
  const room = new RoomWatch(coordinator, folder, () => change.happened());
  let failed = false;
  coordinator.onStop = (run, reason) => dispatcher.stop(run, reason);
  coordinator.onSuggestion = () => change.happened();
  coordinator.checkpointProblem = (trial, { step, content }) =>
    dispatcher.checkpointProblem({ trial, directory: trialDirectory(folder, trial) }, step, content);
  coordinator.onFailure = (error) => change.fail(error);
  dispatcher.onSlot = (slot, wait) => {
    if (wait === undefined) waits.delete(slot);
    else waits.set(slot, wait);
    if (wait === undefined || wait.reason !== undefined) coordinator.slotWaits(slot, wait?.reason);
    change.happened();
  };
  const onAbort = (): void => change.happened();
  signal.addEventListener("abort", onAbort);

  const listen = (run: RunView): RunListener => ({
    reported: (step, metrics) => coordinator.report(run.run, step, metrics),
    checkpointed: async (step, bytes, content) => {
      coordinator.checkpoint(run.run, step, bytes, content);
      await coordinator.commit().catch((error: unknown) => {
        change.fail(error);
        throw error;
      });
      return coordinator.oldestCheckpoint(run.run);
    },
    ended: (outcome) => {
      const isOver = signal.aborted || failed || coordinator.history.finished !== undefined;
      const cutShort = isOver && outcome.kind !== "completed";
      // What an interruption, a failure of this loop or the study's own cut short stays open in the journal: the next session starts
      // it again.
      if (!cutShort || coordinator.history.runs[run.run]?.state === "stopping") coordinator.end(run.run, outcome);
      free.push(run.slot);
      free.sort((a, b) => dispatcher.slots.indexOf(a) - dispatcher.slots.indexOf(b));
      change.happened();
    },
  });

  let endTidying = (): void => undefined;
  try {
    endTidying = await keepTidy(options);
    for (;;) {
      if (signal.aborted) return "interrupted";
      const started: RunView[] = [];
      let over = false;
      const usable = free.filter((name) => !waits.has(name));
      // Its end needs no slot.
      if (usable.length === 0 && free.length > 0) over = coordinator.next(undefined) === "over";
      for (const slot of usable) {
        const next = coordinator.next({ slot, objective: options.objective() });
        over = next === "over";
        if (typeof next === "string") break;
        started.push(next);
        free.splice(free.indexOf(slot), 1);
      }
      if (!over) assertSlots(dispatcher, waits);
      if (free.length === 0) coordinator.endRunsWhenOver();
      over ||= coordinator.history.finished !== undefined;
      room.follow();
      await coordinator.commit();
      for (const run of started) {
        // While its start was written, somebody may have asked for its end.
        if (run.state === "stopping") listen(run).ended({ kind: "stopped" });
        else dispatcher.start(order(coordinator, run, folder), listen(run));
      }
      if (over) return "finished";
      const timer = coordinator.history.timeElapsed
        ? undefined
        : setTimer(coordinator.timeLeft(), () => change.happened());
      await change.next().finally(() => clearTimeout(timer));
    }
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
    room.close();
    await dispatcher.close();
    await coordinator.commit();
    endTidying();
  }
}

/** A study of which no slot can be started ends, instead of waiting for what may never come. */
function assertSlots({ slots }: Dispatcher, waits: ReadonlyMap<string, SlotWait>): void {
  if (slots.length === 0 || !slots.every((slot) => waits.get(slot)?.hopeless === true)) return;
  const reasons = new Set([...waits.values()].map(({ reason }) => reason));
  throw new HpoError(
    "slots-unusable",
    `no slot can be started, though each was tried several times: ${[...reasons].join("; ")}. Nothing is lost: free what is short (processes, open files, memory), then resume the study`,
  );
}

/** Everything that a run's objective is told. */
export function order({ history }: Coordinator, run: RunView, folder: string | null): RunOrder {
  const { params } = history.trials[run.trial] as { params: RunOrder["params"] };
  return {
    run: run.run,
    trial: run.trial,
    attempt: run.attempt,
    slot: run.slot,
    params: { ...params },
    budget: run.budget,
    startStep: run.startStep,
    seed: createRng(history.settings.seed, run.trial, "trial-seed").uint32(),
    directory: trialDirectory(folder, run.trial),
  };
}

function trialDirectory(folder: string | null, trial: number): string | null {
  return folder === null ? null : trialFolder(folder, trial);
}

function setTimer(delay: number, fire: () => void): NodeJS.Timeout | undefined {
  if (delay === Infinity) return undefined;
  return setTimeout(fire, Math.min(Math.max(delay, 0) + 1, LONGEST_TIMER));
}

/** Wakes the loop. What happens while nobody waits is not forgotten. */
class Change {
  #pending = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  happened(): void {
    this.#pending = true;
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#failure = { error };
    this.#wake?.();
  }

  async next(): Promise<void> {
    if (!this.#pending && this.#failure === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#pending = false;
    this.#wake = undefined;
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
