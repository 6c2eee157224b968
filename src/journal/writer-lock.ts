import { randomUUID } from "node:crypto";
import { closeSync, fstatSync, futimesSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { HpoError } from "../errors.ts";
import { openRegular } from "../files/open-regular.ts";
import { systemError } from "../files/system-error.ts";
import { fateOf, type ProcessIdentity, thisProcess } from "./process-identity.ts";

/**
 * One writer at a time, by a file that the file system lets only one process make: so it holds in every container and on every
 * machine that shares the disk, NFS (from version 3) included. It names its holder. Where the holder's process can be
 * looked for, its death frees the lock at once; elsewhere the file's time stamp, which the holder renews, has to stand still.
 */

interface Owner extends ProcessIdentity {
  readonly token: string;
}

/** Who holds a lock, as its file says. */
export interface Holder extends Owner {
  /** The file, to be told from a later one of the same name. */
  readonly inode: number;
  /** When it showed a sign of life last, by its own clock, in milliseconds since 1970. */
  readonly beatAt: number;
}

export interface WriterLock {
  /** It was taken from a holder that nobody could look for: that one may wake up and write. */
  readonly mayHaveRival: boolean;
  /** How the lock was lost, in words; undefined while it is held. */
  loss(): string | undefined;
  release(): void;
}

export interface WriterLockOptions {
  /** Milliseconds between two signs of life. @default 2,000 */
  readonly beat?: number;
  /** Milliseconds without one, after which a holder that cannot be looked for counts as dead. @default 30,000 */
  readonly silence?: number;
}

const BEAT = 2_000;
const SILENCE = 30_000;

/** Milliseconds between two looks at a sign of life. */
const LOOK = 200;

/** A sign of life this old, by clocks of two machines that may differ, is none. */
const OLD = 120_000;

/**
 * Takes the lock of a study's folder.
 *
 * @throws HpoError "study-locked" that names the process which holds it; "system" or "invalid-argument" where none can be made
 */
export async function acquireWriterLock(folder: string, options: WriterLockOptions = {}): Promise<WriterLock> {
  try {
    return await take(join(folder, "journal.lock"), folder, options);
  } catch (error) {
    throw systemError(error);
  }
}

/** Who holds the lock of a study's folder and may be alive; undefined when nobody does. */
export function holderOf(folder: string): Holder | undefined {
  const holder = readHolder(join(folder, "journal.lock"));
  if (holder === undefined) return undefined;
  const fate = fateOf(holder);
  const lives = fate === "alive" || (fate === "unknown" && Math.abs(Date.now() - holder.beatAt) < OLD);
  return lives ? holder : undefined;
}

export function holderInWords({ pid, host, scope }: Holder): string {
  if (pid === 0) return "another process";
  return scope === thisProcess().scope
    ? `process ${pid}`
    : `process ${pid} on ${host}, in another container or machine`;
}

async function take(file: string, folder: string, options: WriterLockOptions): Promise<WriterLock> {
  const { beat = BEAT, silence = SILENCE } = options;
  let mayHaveRival = false;
  for (;;) {
    const descriptor = createAlone(file, { ...thisProcess(), token: randomUUID() });
    if (descriptor !== undefined) return hold(file, descriptor, beat, mayHaveRival);
    const holder = readHolder(file);
    if (holder === undefined) continue;
    const fate = fateOf(holder);
    if (fate === "alive" || (fate === "unknown" && !(await isSilent(file, holder, silence))))
      throw new HpoError(
        "study-locked",
        `${folder} is in use by ${holderInWords(holder)}: wait for it, or end it with "hpo study stop"`,
      );
    // Two may come to this at once: who removes the file of the dead holds a lock for that, and looks again behind it.
    const breaker = await take(`${file}~`, folder, options);
    try {
      if (readHolder(file)?.token === holder.token) unlinkSync(file);
    } finally {
      breaker.release();
    }
    mayHaveRival ||= fate === "unknown";
  }
}

/** @returns undefined when there is such a file */
function createAlone(file: string, owner: Owner): number | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, "wx+");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  }
  try {
    writeSync(descriptor, `${JSON.stringify(owner)}\n`);
    return descriptor;
  } catch (error) {
    unlinkSync(file);
    closeSync(descriptor);
    throw error;
  }
}

function hold(file: string, descriptor: number, beat: number, mayHaveRival: boolean): WriterLock {
  const { ino, dev } = fstatSync(descriptor);
  const isOurs = (): boolean => {
    const there = statSync(file, { throwIfNoEntry: false });
    return there?.ino === ino && there.dev === dev;
  };
  const timer = setInterval(() => {
    try {
      const now = Date.now() / 1000;
      futimesSync(descriptor, now, now);
    } catch {
      // Whoever writes next hears what is wrong with the disk.
    }
  }, beat).unref();
  return {
    mayHaveRival,
    loss: () => {
      if (isOurs()) return undefined;
      const holder = readHolder(file);
      return holder === undefined ? "its lock was removed" : `it was taken over by ${holderInWords(holder)}`;
    },
    release: () => {
      clearInterval(timer);
      try {
        if (isOurs()) unlinkSync(file);
      } catch {
        // A folder that is gone, or cannot be written any more, has no lock that could be freed.
      }
      closeSync(descriptor);
    },
  };
}

/** Whether the holder's file shows no sign of life for so long; also when it is gone, or another's. */
async function isSilent(file: string, holder: Holder, silence: number): Promise<boolean> {
  const until = performance.now() + silence;
  do {
    await wait(LOOK);
    const now = readHolder(file);
    if (now?.token !== holder.token) return true;
    if (now.beatAt !== holder.beatAt) return false;
  } while (performance.now() < until);
  return true;
}

/** A file without an owner was left by one that died while it wrote: nobody can look for it. */
function readHolder(file: string): Holder | undefined {
  let descriptor: number;
  try {
    // Opened for each look: a network file system then asks its server.
    descriptor = openRegular(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
  try {
    const { ino: inode, mtimeMs: beatAt } = fstatSync(descriptor);
    return { ...readOwner(readFileSync(descriptor, "utf8"), inode), inode, beatAt };
  } finally {
    closeSync(descriptor);
  }
}

function readOwner(text: string, inode: number): Owner {
  const nobody = { pid: 0, start: "", host: "", scope: "", token: String(inode) };
  try {
    const owner = JSON.parse(text) as Partial<Owner> | null;
    const { pid, start, host, scope, token } = owner ?? {};
    const isWhole = Number.isSafeInteger(pid) && (pid as number) > 0 && [start, host, scope, token].every(isText);
    return isWhole ? (owner as Owner) : nobody;
  } catch {
    return nobody;
  }
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}
