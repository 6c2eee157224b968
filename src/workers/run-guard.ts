import type { Cause, RunOutcome } from "../history/events.ts";
import type { TrialLimits } from "../history/settings.ts";
import type { Family } from "./family.ts";
import { idleCause, memoryCause, timeoutCause, timerDelay } from "./limits.ts";
import { oomKills } from "./oom-kills.ts";
import { memoryOf } from "./process-memory.ts";

/** How often the run's processes are looked at where their memory is limited, and where it is not, in milliseconds. */
const LOOK = { memory: 200, descendants: 1_000 } as const;
/** Every so many looks go through all processes of the machine. */
const THOROUGH = 10;
/** A look takes at most one in so many parts of the time. */
const SHARE = 20;

/** Watches one run's limits and ends its processes when one is exceeded, or when the run is stopped. */
export class RunGuard {
  readonly #family: Family;
  readonly #limits: TrialLimits;
  readonly #timers: NodeJS.Timeout[] = [];
  #idle: NodeJS.Timeout | undefined;
  #look: NodeJS.Timeout | undefined;
  #looks = 0;
  #verdict: RunOutcome | undefined;
  #killAt: number | undefined;
  #signalled = false;
  readonly #kills = oomKills();
  #closed = false;

  constructor(family: Family, limits: TrialLimits) {
    this.#family = family;
    this.#limits = limits;
    const { timeout, idle } = limits;
    if (timeout !== null) this.#after(timeout, () => this.#exceed(timeoutCause(timeout)));
    if (idle !== null) this.#idle = this.#after(idle, () => this.#exceed(idleCause(idle)));
    this.#lookLater(0);
  }

  /** What the run ends as whatever it says; undefined while it may go on. */
  get verdict(): RunOutcome | undefined {
    return this.#verdict;
  }

  /** Whether the run was sent a signal, which an objective may have survived in any state. */
  get signalled(): boolean {
    return this.#signalled;
  }

  /** Whether the kernel has killed a process for want of memory since the run began. */
  get starved(): boolean {
    return (oomKills() ?? 0) > (this.#kills ?? Infinity);
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
    clearTimeout(this.#look);
  }

  #lookLater(cost: number): void {
    const every = this.#limits.memory === null ? LOOK.descendants : LOOK.memory;
    this.#look = setTimeout(() => this.#lookAt(), Math.max(every, SHARE * cost));
  }

  /** Descendants are followed while they have not left their parents. */
  #lookAt(): void {
    const began = performance.now();
    const { memory } = this.#limits;
    const pids = this.#looks++ % THOROUGH === 0 && memory !== null ? this.#family.members() : this.#family.look();
    if (memory !== null) {
      const used = memoryOf(pids, memory);
      if (used.bytes > memory) this.#exceed(memoryCause(used, memory));
    }
    if (!this.#closed) this.#lookLater(performance.now() - began);
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
    this.#family.signal(signal);
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
