import type { Cause } from "./events.ts";

/** Failures that come one after another from one cause: a machine that broke, rather than trials that went wrong. */

/** Failures alike in a row that are never by chance, while nothing has completed; and the fewest that tell anything. */
const FEWEST = 3;

/** A wave is as many failures alike in a row as come by chance less often than this. */
const CHANCE = 1e-6;

/** Causes whose words differ from trial to trial in what is the same fault: the kind says it all. */
const BY_KIND = new Set<Cause["kind"]>([
  "timeout",
  "idle",
  "memory",
  "host-memory",
  "device-memory",
  "device-lost",
  "non-finite",
  "disk",
  "preempted",
]);

/** What failures of one fault have in common: their kind, and their words without the numbers, which differ. */
export function gistOf({ kind, message }: Cause): string {
  return BY_KIND.has(kind) ? kind : `${kind}: ${message.replaceAll(/0x[\da-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, "#")}`;
}

interface Streak {
  readonly gist: string;
  readonly cause: Cause;
  readonly trials: number[];
  /** Ends before it, and how many of them were such failures. */
  readonly before: { readonly ends: number; readonly alike: number };
}

/** Failures alike in a row, up to now. */
export interface WaveView {
  readonly cause: Cause;
  readonly trials: readonly number[];
  /** Nothing but them has ended. */
  readonly isAll: boolean;
}

/** Counts the ends of runs for good, and those at the end of them that failed alike. */
export class FailureWave {
  #ends = 0;
  #completed = false;
  readonly #counts = new Map<string, number>();
  #streak: Streak | undefined;

  /** @param cause why it failed; undefined where it completed or was stopped */
  add(trial: number, cause: Cause | undefined, completed: boolean): void {
    if (cause === undefined) this.#streak = undefined;
    else {
      const gist = gistOf(cause);
      const alike = this.#counts.get(gist) ?? 0;
      if (this.#streak?.gist !== gist) this.#streak = { gist, cause, trials: [], before: { ends: this.#ends, alike } };
      this.#streak.trials.push(trial);
      this.#counts.set(gist, alike + 1);
    }
    this.#ends++;
    this.#completed ||= completed;
  }

  /**
   * The failures alike in a row, where they are a wave. How many it takes depends on what the study had before: by chance, a share p
   * of such failures gives k of them in a row with p^k. (The share is (alike + 1) / (ends + 2), Laplace's rule of succession.)
   */
  get current(): WaveView | undefined {
    const streak = this.#streak;
    if (streak === undefined) return undefined;
    const { cause, trials, before } = streak;
    const share = (before.alike + 1) / (before.ends + 2);
    const needed = this.#completed ? Math.max(FEWEST, Math.ceil(Math.log(CHANCE) / Math.log(share))) : FEWEST;
    return trials.length < needed ? undefined : { cause, trials, isAll: before.ends === 0 };
  }

  /** Whoever resumes the study has mended something: the wave is not counted. */
  forget(): void {
    if (this.#streak === undefined) return;
    const { gist, before } = this.#streak;
    this.#ends = before.ends;
    this.#counts.set(gist, before.alike);
    this.#streak = undefined;
  }
}
