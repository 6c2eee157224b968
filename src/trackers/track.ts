import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { HpoError } from "../errors.ts";
import { tailJournal } from "../journal/tail-journal.ts";
import { acquireWriterLock, holderOf, type WriterLock } from "../journal/writer-lock.ts";
import { ChangedRuns } from "./changed-runs.ts";
import { MlflowClient, MlflowError } from "./mlflow-client.ts";
import { MlflowSender } from "./mlflow-sender.ts";

/** Where a study is sent. */
export interface MlflowTarget {
  readonly uri: string;
  readonly experiment: string;
}

export interface TrackOptions {
  /** The study's folder. */
  readonly folder: string;
  readonly target: MlflowTarget;
  /** Milliseconds without any success after which it gives up, once nobody has the study open. */
  readonly patience: number;
  readonly signal?: AbortSignal;
  /** Hears of each failure that is tried again. */
  readonly onFailure?: (message: string) => void;
}

export interface Tracked {
  /** Trials that the server has now. */
  readonly trials: number;
  /** Those whose updates it refuses, with its words. */
  readonly refused: readonly string[];
  /** Why it gave up; undefined if all was sent. */
  readonly failure: string | undefined;
}

/** How far a target was sent, beside the journal: `track/mlflow.json`. */
interface Position extends MlflowTarget {
  /** Sequence number of the last event that was sent; −1 for none. */
  readonly seq: number;
}

/** Milliseconds before a failed request is tried again: the first time, and at most. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;

/**
 * Sends a study to MLflow and goes on while it is open: at least once, and without doubles. A position file says how far it came,
 * so that the next call sends the rest. It reads the journal only: whatever the server does, the study does not notice.
 *
 * @throws HpoError "study-locked" if another process sends this study
 */
export async function track(options: TrackOptions): Promise<Tracked> {
  const { folder, target, signal } = options;
  const place = join(folder, "track");
  mkdirSync(place, { recursive: true });
  const lock = await acquire(place);
  try {
    const known = readPosition(place);
    const same = known?.uri === target.uri && known.experiment === target.experiment;
    const changes = new ChangedRuns(same ? known.seq : -1);
    const sender = new MlflowSender(new MlflowClient(target.uri, process.env), target.experiment, folder);
    const isOpen = (): boolean => holderOf(folder) !== undefined;
    let failure: string | undefined;
    for await (const events of tailJournal(join(folder, "journal.jsonl"), { isOpen, signal })) {
      for (const event of events) changes.apply(event);
      if (changes.keys.length > 0) failure = await sendPatiently(() => sender.send(changes), isOpen, options, changes);
      if (failure !== undefined) break;
      writePosition(place, { ...target, seq: changes.history.seq });
    }
    if (failure === undefined && sender.wasUnsure)
      failure = await sendPatiently(() => sender.settleDoubles(changes.studyId), isOpen, options);
    return {
      trials: changes.history.trials.filter(({ runs }) => runs.length > 0).length,
      refused: [...sender.refused].map(
        ([key, message]) => `${key === "study" ? "the study" : `trial ${key}`}: ${message}`,
      ),
      failure,
    };
  } finally {
    lock.release();
  }
}

async function acquire(place: string): Promise<WriterLock> {
  try {
    return await acquireWriterLock(place);
  } catch (error) {
    if (!(error instanceof HpoError) || error.code !== "study-locked") throw error;
    throw new HpoError("study-locked", "another process sends this study already: wait for it to finish", {
      cause: error,
    });
  }
}

/** @returns why it gave up */
async function sendPatiently(
  send: () => Promise<void>,
  isOpen: () => boolean,
  { patience, signal, onFailure }: TrackOptions,
  changes?: ChangedRuns,
): Promise<string | undefined> {
  let pause = FIRST_WAIT;
  let idle = 0;
  let left = Infinity;
  for (;;) {
    try {
      await send();
      return undefined;
    } catch (error) {
      if (!(error instanceof MlflowError)) throw error;
      if (signal?.aborted === true || (idle >= patience && !isOpen())) return error.message;
      onFailure?.(error.message);
      const now = changes?.keys.length ?? 0;
      // A server that takes some of it is worth another attempt soon.
      if (now < left) [pause, idle, left] = [FIRST_WAIT, 0, now];
      await wait(pause, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      idle += pause;
      pause = Math.min(pause * 2, LONGEST_WAIT);
    }
  }
}

function readPosition(place: string): Position | undefined {
  try {
    return JSON.parse(readFileSync(join(place, "mlflow.json"), "utf8")) as Position;
  } catch {
    // Missing or torn: everything is sent again, which changes nothing.
    return undefined;
  }
}

function writePosition(place: string, position: Position): void {
  const part = join(place, "mlflow.json.part");
  writeFileSync(part, `${JSON.stringify(position)}\n`);
  renameSync(part, join(place, "mlflow.json"));
}
