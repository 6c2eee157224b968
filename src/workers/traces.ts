/** What a run may leave behind in a host: whatever of it a later run could notice makes the host one to be replaced. */

/** Turns of the event loop given to closing handles to disappear. */
const TURNS = 4;

/** Turns given to files that are being read or written: they end by themselves, as the cache of a loader for TypeScript. */
const FILE_TURNS = 20;
/** How long such a turn takes, in milliseconds. */
const FILE_TURN = 5;

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
  for (let turn = 0, onFiles = false; turn < (onFiles ? TURNS + FILE_TURNS : TURNS); turn++) {
    await new Promise((resolve) => (turn < TURNS ? setImmediate(resolve) : setTimeout(resolve, FILE_TURN)));
    const now = takeTraces();
    if (now.process !== before.process) return false;
    const more = surplus(now.resources, before.resources);
    if (more.length === 0) return process.memoryUsage.rss() <= most;
    onFiles = more.every((resource) => /^(?:FSReq|CloseReq)/.test(resource));
  }
  return false;
}

/** What `now` holds that `before` does not, counted by kind. */
function surplus(now: readonly string[], before: readonly string[]): readonly string[] {
  const allowed = [...before];
  return now.filter((resource) => {
    const at = allowed.indexOf(resource);
    if (at !== -1) allowed.splice(at, 1);
    return at === -1;
  });
}
