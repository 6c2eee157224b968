import { SLOT_VARIABLE } from "../devices/slot.ts";
import { environmentOf } from "./process-environment.ts";
import { signalGroup, signalProcess } from "./process-group.ts";
import { childrenOf, entryOf, lastProcess, listProcesses, type ProcessEntry } from "./process-table.ts";
import { MARKER } from "./study-marker.ts";

/** How often members that should end are looked for, in milliseconds. */
const LOOK = 10;
/** How long a killed process may take to disappear, in milliseconds: one that hangs in a driver does not. */
const KILLED = 10_000;

/** Milliseconds in which the numbers of processes do not come around to where they were. */
const YOUNG = 10_000;

/** What the members of a family have in common. */
export interface FamilyName {
  /** The process group that the first member leads, whose id is its process id; 0 is none. */
  readonly group: number;
  readonly studyId: string;
  /** Undefined where no objective was ever started there. */
  readonly slot: string | undefined;
}

/**
 * An objective's processes: its group, and all that it started and that left the group, as daemons and launchers of
 * distributed trainings do. They are known by the mark of study and slot in their environment, by their parents, and by
 * having been seen as descendants before. What clears its environment and leaves its parent between two looks is not found.
 */
export class Family {
  readonly #name: FamilyName;
  /** When each member that was seen had started: a number that was given away anew is none of them. */
  readonly #seen = new Map<number, number>();
  /** When the first one started: nobody older belongs to it. */
  readonly #since: number;
  readonly #began: number = performance.now();

  constructor(name: FamilyName) {
    this.#name = name;
    this.#since = entryOf(name.group)?.startedAt ?? 0;
  }

  /** Follows the children of those that are known, which is quick, and gives all that are known. */
  look(): readonly number[] {
    if (process.platform !== "linux") return this.members();
    const pids = [this.#name.group, ...this.#seen.keys()];
    for (const pid of pids) {
      for (const child of childrenOf(pid)) {
        if (this.#seen.has(child) || child === this.#name.group) continue;
        const entry = entryOf(child);
        if (entry === undefined) continue;
        this.#seen.set(child, entry.startedAt);
        pids.push(child);
      }
    }
    return pids;
  }

  /** Every living member, found among all processes of the machine. */
  members(): readonly number[] {
    const entries = listProcesses(this.#isYoung() ? this.#name.group : 0).filter(({ pid }) => pid !== process.pid);
    const members = new Map(entries.filter((entry) => this.#isMember(entry)).map((entry) => [entry.pid, entry]));
    for (let before = 0; before !== members.size;) {
      before = members.size;
      for (const entry of entries) if (members.has(entry.parent)) members.set(entry.pid, entry);
    }
    this.#seen.clear();
    for (const { pid, startedAt } of members.values()) this.#seen.set(pid, startedAt);
    return [...members.keys()];
  }

  signal(signal: NodeJS.Signals): void {
    // Found before any of them dies: parents tell whose children the others are.
    const members = this.members();
    if (this.#name.group !== 0) signalGroup(this.#name.group, signal);
    for (const pid of members) {
      if (entryOf(pid)?.group !== this.#name.group) signalProcess(pid, signal);
    }
  }

  /**
   * Ends what is left: SIGTERM at once, SIGKILL after `grace` milliseconds.
   *
   * @returns the members that are there all the same
   */
  async end(grace: number): Promise<readonly number[]> {
    const killAt = performance.now() + grace;
    let left = this.members();
    if (left.length > 0 && grace > 0) this.signal("SIGTERM");
    while (left.length > 0) {
      const began = performance.now();
      if (began >= killAt + KILLED) return left;
      // Again each time: a member that was forking may have been missed.
      if (began >= killAt) this.signal("SIGKILL");
      left = this.members();
      // Where there are many processes, a look takes its time.
      if (left.length > 0) await new Promise((wait) => setTimeout(wait, Math.max(LOOK, performance.now() - began)));
    }
    return left;
  }

  /** Numbers still grow since its first process, so that nobody of a smaller number belongs to it: most of a short run is to look. */
  #isYoung(): boolean {
    return this.#since > 0 && performance.now() - this.#began < YOUNG && lastProcess() >= this.#name.group;
  }

  #isMember({ pid, group, startedAt }: ProcessEntry): boolean {
    if (group === this.#name.group || this.#seen.get(pid) === startedAt) return true;
    return startedAt >= this.#since && this.#hasMark(pid);
  }

  #hasMark(pid: number): boolean {
    const { studyId, slot } = this.#name;
    if (slot === undefined || process.platform !== "linux") return false;
    const environment = environmentOf(pid);
    return environment.includes(`\0${MARKER}=${studyId}\0`) && environment.includes(`\0${SLOT_VARIABLE}=${slot}\0`);
  }
}

/** Ends what is left of a family whose launcher is gone. */
export async function endFamily(name: FamilyName, grace: number): Promise<readonly number[]> {
  return name.group === 0 ? [] : new Family(name).end(grace);
}
