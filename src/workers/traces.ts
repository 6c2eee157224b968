/** What a run may leave behind in a host: whatever of it a later run could notice makes the host one to be replaced. */

/** Turns of the event loop given to closing handles to disappear. */
const TURNS = 4;

/** Memory that a run may leave, in bytes, beyond twice what the loaded host used: garbage and caches, not data. */
const SLACK = 128 * 2 ** 20;

export interface Traces {
  /** Timers, sockets, children, …: their kinds, sorted. */
  readonly resources: readonly string[];
  /** Working directory, environment and listeners of the process. */
  readonly process: string;
}

export function takeTraces(): Traces {
  const listeners = process.eventNames().map((name) => `${String(name)} ${process.listenerCount(name)}`);
  return {
    resources: process.getActiveResourcesInfo().sort(),
    process: JSON.stringify([process.cwd(), process.env, listeners.sort()]),
  };
}

/**
 * Whether the process is again as it was `before` the run. Memory came back when resident memory is at most twice what
 * the loaded objective used, plus 128 MB, and at most half of the memory limit (null: no limit).
 */
export async function isClean(before: Traces, loaded: number, limit: number | null): Promise<boolean> {
  const most = Math.min(2 * loaded + SLACK, limit === null ? Infinity : limit / 2);
  for (let turn = 0; turn < TURNS; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    const now = takeTraces();
    if (now.process !== before.process) return false;
    if (!hasMore(now.resources, before.resources)) return process.memoryUsage.rss() <= most;
  }
  return false;
}

/** Whether `now` holds something that `before` does not, counted by kind. */
function hasMore(now: readonly string[], before: readonly string[]): boolean {
  const allowed = [...before];
  for (const resource of now) {
    const at = allowed.indexOf(resource);
    if (at === -1) return true;
    allowed.splice(at, 1);
  }
  return false;
}
