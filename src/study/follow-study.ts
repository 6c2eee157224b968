import type { Recorded } from "../history/events.ts";
import { tailJournal } from "../journal/tail-journal.ts";
import { holderOf } from "../journal/writer-lock.ts";
import { HpoError } from "../errors.ts";
import { assertStudy, journalFile, studyFolder } from "./study-folder.ts";

export interface FollowStudyOptions {
  readonly name: string;
  /** The folder of studies. @default "studies" */
  readonly directory?: string;
  /** Sequence number of the first wanted event. @default 0 */
  readonly from?: number;
  /** If aborted, the iteration ends. */
  readonly signal?: AbortSignal;
}

/**
 * The recorded events of a study on disk, in order. It may run in another process: then new events come until that process
 * closes it or dies. Reading changes nothing and holds no lock.
 *
 * An event's `seq` counts from 0 without gaps: pass the last one + 1 as `from` to go on later.
 *
 * @throws HpoError "study-not-found"; "journal-damaged"; "invalid-argument" if `from` is no integer of at least 0
 */
export async function* followStudy(options: FollowStudyOptions): AsyncGenerator<Recorded, void, undefined> {
  const { name, directory = "studies", from = 0, signal } = options;
  if (!Number.isInteger(from) || from < 0)
    throw new HpoError("invalid-argument", `from: expected an integer of at least 0, received ${JSON.stringify(from)}`);
  assertStudy(directory, name);
  const folder = studyFolder(directory, name);
  const isOpen = (): boolean => holderOf(folder) !== undefined;
  for await (const events of tailJournal(journalFile(folder), { isOpen, signal }))
    for (const event of events) if (event.seq >= from) yield event;
}
