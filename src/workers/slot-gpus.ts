import { findGpus } from "../devices/find-gpus.ts";
import type { Gpu } from "../devices/gpu.ts";
import { isDeviceFault, quarantine, slotProblem } from "../devices/slot-check.ts";
import type { ToldOutcome } from "./told.ts";
import { findMarked } from "./orphans.ts";
import { isAlive } from "./process-table.ts";

/** The GPUs of one slot, looked at after each run and before the next. */
export class SlotGpus {
  readonly #taken: readonly Gpu[];
  readonly #studyId: string;
  /** Runs in a row that a device failed. */
  #faults = 0;

  /** @param taken as they were when the study took them */
  constructor(taken: readonly Gpu[], studyId: string) {
    this.#taken = taken;
    this.#studyId = studyId;
  }

  /** How long the slot rests after a run that ended so, with the reason; undefined when it need not. */
  rest(outcome: ToldOutcome): { readonly reason: string; readonly time: number } | undefined {
    const isFault =
      outcome.kind === "failed" && isDeviceFault(`${outcome.cause.message}\n${outcome.cause.detail ?? ""}`);
    this.#faults = isFault ? this.#faults + 1 : 0;
    const time = quarantine(this.#faults);
    if (time === 0) return undefined;
    return {
      reason: `${this.#faults} runs in a row failed by a fault of its GPU; it rests before it is tried again`,
      time,
    };
  }

  /** Why the slot should take no run now, in words; `host` is its process that lives on between runs, 0 for none. */
  async problem(host: number): Promise<string | undefined> {
    const { gpus } = await findGpus(process.env);
    const own = new Set(findMarked(this.#studyId));
    return slotProblem(this.#taken, { gpus, own, host: isAlive(host) ? host : 0, isKnown: isAlive });
  }
}
