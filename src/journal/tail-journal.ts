import { setTimeout as wait } from "node:timers/promises";
import type { Recorded } from "../history/events.ts";
import { HpoError } from "../errors.ts";
import { JournalFollower } from "./follow-journal.ts";

/** Milliseconds between two looks at a journal that does not grow. */
const INTERVAL = 200;
/** About how many bytes are read at once. */
const PIECE = 1 << 20;

export interface TailOptions {
  /** Whether a process still has the study open. */
  readonly isOpen: () => boolean;
  /** If aborted, the iteration ends. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a journal from its start and goes on while its study is open. An event comes once it is in the file.
 *
 * @returns pieces of events, none of them empty; the last one has the last event of a study that nobody has open
 * @throws HpoError "journal-damaged" also if the journal is replaced or removed meanwhile
 */
export async function* tailJournal(
  file: string,
  { isOpen, signal }: TailOptions,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  let piece: Recorded[] = [];
  let started = false;
  const follower = new JournalFollower(file, {
    begin: () => {
      if (started) throw new HpoError("journal-damaged", `${file} was replaced or removed while it was read`);
      piece = [];
    },
    event: (event) => {
      started = true;
      piece.push(event);
    },
  });
  let last: Recorded | undefined;
  let wasOpen = true;
  for (;;) {
    if (signal?.aborted === true) return;
    const progress = follower.read(PIECE);
    if (piece.length > 0) {
      last = piece.at(-1);
      const read = piece;
      piece = [];
      yield read;
    }
    if (progress === "more") continue;
    // What a process wrote last, before it let go of the study, is read once more.
    if (last?.type === "session-ended" || !wasOpen) return;
    wasOpen = isOpen();
    if (wasOpen) await wait(INTERVAL, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}
