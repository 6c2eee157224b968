import type { Cause, RunOutcome } from "../history/events.ts";
import type { TrialLimits } from "../history/settings.ts";
import { idleCause, memoryCause, timeoutCause, timerDelay } from "./limits.ts";
import { signalGroup } from "./process-group.ts";
import { treeMemory } from "./process-table.ts";

/** How often memory is looked at, in milliseconds. */
const MEMORY_LOOK = 200;

/** Watches one run's limits and ends its process group when one is exceeded, or when the run is stopped. */
export class RunGuard {
  readonly #group: number;
  readonly #limits: TrialLimits;
  readonly #timers: NodeJS.Timeout[] = [];
  #idle: NodeJS.Timeout | undefined;
  #verdict: RunOutcome | undefined;
  #killAt: number | undefined;
  #signalled = false;
  #closed = false;

  constructor(group: number, limits: TrialLimits) {
    this.#group = group;
    this.#limits = limits;
    const { timeout, idle, memory } = limits;
    if (timeout !== null) this.#after(timeout, () => this.#exceed(timeoutCause(timeout)));
    if (idle !== null) this.#idle = this.#after(idle, () => this.#exceed(idleCause(idle)));
    if (memory !== null) this.#timers.push(setInterval(() => this.#weigh(memory), MEMORY_LOOK));
  }

  /** What the run ends as whatever it says; undefined while it may go on. */
  get verdict(): RunOutcome | undefined {
    return this.#verdict;
  }

  /** Whether the run was sent a signal, which an objective may have survived in any state. */
  get signalled(): boolean {
    return this.#signalled;
  }

  /** Milliseconds until what is left of the run may be killed. */
  get graceLeft(): number {
    return this.#killAt === undefined ? this.#limits.grace : Math.max(0, this.#killAt - performance.now());
  }

  /** A report came. */
  heard(): void {
    this.#idle?.refresh();
  }

  /** Ends the run as stopped: SIGTERM after `politeness` milliseconds, SIGKILL at the grace. */
  stop(politeness: number): void {
    this.#end({ kind: "stopped" }, politeness, this.#limits.grace);
  }

  /** Nobody waits for the run any more: it has half the grace, since a successor may be waiting for its end. */
  abandon(): void {
    this.#end({ kind: "stopped" }, 0, this.#limits.grace / 2);
  }

  /** Nothing is watched or signalled any more: the objective is done, and its process may serve the next run. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #weigh(limit: number): void {
    const used = treeMemory(this.#group);
    if (used > limit) this.#exceed(memoryCause(used, limit));
  }

  #exceed(cause: Cause): void {
    if (this.#verdict === undefined) this.#end({ kind: "failed", cause }, 0, this.#limits.grace);
  }

  #end(verdict: RunOutcome, politeness: number, grace: number): void {
    if (this.#closed) return;
    this.#verdict ??= verdict;
    const killAt = performance.now() + grace;
    if (this.#killAt !== undefined && this.#killAt <= killAt) return;
    this.#killAt = killAt;
    this.#after(politeness, () => this.#signal("SIGTERM"));
    this.#after(grace, () => this.#signal("SIGKILL"));
  }

  #signal(signal: NodeJS.Signals): void {
    this.#signalled = true;
    signalGroup(this.#group, signal);
  }

  /** At once where there is nothing to wait for. */
  #after(milliseconds: number, act: () => void): NodeJS.Timeout | undefined {
    if (milliseconds <= 0) {
      act();
      return undefined;
    }
    const timer = setTimeout(act, timerDelay(milliseconds));
    this.#timers.push(timer);
    return timer;
  }
}
