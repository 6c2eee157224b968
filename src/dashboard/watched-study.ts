import type { FSWatcher } from "node:fs";
import { systemError } from "../files/system-error.ts";
import { JournalFollower, type Progress } from "../journal/follow-journal.ts";
import { journalFile } from "../study/study-folder.ts";
import type { StudyChanges, StudySummary, UnreadableStudy } from "../views/payload.ts";
import { studyChanges } from "../views/study-changes.ts";
import { StudyFold } from "../views/study-fold.ts";
import { studySummary } from "../views/study-head.ts";
import { isRunning } from "../views/study-state.ts";
import { watchFolder } from "./watch-folder.ts";

/** Bytes of a journal that are read at once, before others have their turn. */
const PIECE = 256 * 1024;

/** One study on disk, and everybody who looks at it: its journal is read and folded once for all of them. */
export class WatchedStudy {
  readonly name: string;
  readonly folder: string;
  fold: StudyFold = new StudyFold();
  /** A process holds its lock. */
  running = false;
  /** Why its journal cannot be read, in words. */
  problem: string | undefined;
  /** Its folder or its journal is not there any more. */
  gone = false;
  /** Raised whenever its journal begins anew: what was known is void. */
  epoch = 0;
  readonly #follower: JournalFollower;
  readonly #listeners = new Set<() => void>();
  #watcher: FSWatcher | undefined;
  #ready = false;
  #sessionChanged = false;
  #told = "";

  constructor(name: string, folder: string) {
    this.name = name;
    this.folder = folder;
    this.#follower = new JournalFollower(journalFile(folder), {
      begin: () => {
        this.fold = new StudyFold();
        this.epoch++;
      },
      event: (event) => {
        this.fold.apply(event);
        this.#sessionChanged ||= event.type === "session-started" || event.type === "session-ended";
      },
    });
  }

  /** It was read to its end at least once, or could not be. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Calls `wake` when the operating system says that something in its folder has changed. */
  watch(wake: () => void): void {
    this.#watcher = watchFolder(this.folder, wake);
  }

  close(): void {
    this.#watcher?.close();
    this.gone = true;
    this.#tell();
  }

  /** Calls `hear` whenever something has changed. @returns what ends it */
  listen(hear: () => void): () => void {
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }

  /** Reads the next piece of its journal. */
  readOn(): Progress {
    let progress: Progress;
    try {
      progress = this.#follower.read(PIECE);
      this.problem = undefined;
    } catch (error) {
      // Whatever is wrong with one study is told of it, and leaves the others alone.
      this.problem = (systemError(error) as Error).message;
      progress = "end";
    }
    if (progress === "more") return progress;
    this.gone = progress === "absent";
    this.#ready = true;
    if (this.#sessionChanged) this.lookRunning();
    else this.#tell();
    this.#sessionChanged = false;
    return progress;
  }

  /** Looks whether a process runs it. */
  lookRunning(): void {
    try {
      this.running = isRunning(this.folder);
    } catch {
      // What cannot be looked at here shows where its journal is read.
      this.running = false;
    }
    if (this.#ready) this.#tell();
  }

  /** Changes whenever what is shown of it does. */
  get version(): string {
    return `${this.epoch} ${this.fold.seq} ${this.running} ${this.gone} ${this.problem ?? ""}`;
  }

  /** @returns undefined while there is nothing: its first line is not whole yet */
  summary(): StudySummary | UnreadableStudy | undefined {
    if (this.problem !== undefined) return { name: this.name, problem: this.problem };
    return this.fold.seq < 0 ? undefined : { ...studySummary(this.fold, this), name: this.name };
  }

  changesSince(seq: number): StudyChanges {
    const { head, ...changes } = studyChanges(this.fold, this, seq);
    // A folder may have been renamed; it is the folder that is asked for.
    return { ...changes, head: { ...head, name: this.name } };
  }

  #tell(): void {
    if (this.version === this.#told) return;
    this.#told = this.version;
    for (const hear of this.#listeners) hear();
  }
}
