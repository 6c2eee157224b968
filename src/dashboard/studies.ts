import { existsSync, type FSWatcher } from "node:fs";
import { resolve } from "node:path";
import { systemError } from "../files/system-error.ts";
import { listStudies } from "../study/study-folder.ts";
import type { StudySummary, UnreadableStudy } from "../views/payload.ts";
import { watchFolder } from "./watch-folder.ts";
import { WatchedStudy } from "./watched-study.ts";

/** How often everything is looked at where no word came that it has changed, in milliseconds. */
const LOOK = 1_000;

/** All studies of a directory, read in turns: a large journal keeps nobody waiting. */
export class Studies {
  /** As the user gave it. */
  readonly directory: string;
  /** Why the directory cannot be listed, in words. */
  problem: string | undefined;
  readonly #studies = new Map<string, WatchedStudy>();
  /** Those that have something to be read, the next first. */
  readonly #due = new Set<WatchedStudy>();
  /** Those of them that somebody waits for: they go first. */
  readonly #wanted = new Set<WatchedStudy>();
  readonly #listeners = new Set<() => void>();
  readonly #timer: NodeJS.Timeout;
  #watcher: FSWatcher | undefined;
  #reading: NodeJS.Immediate | undefined;
  #waiting: (() => void)[] = [];
  #closed = false;

  constructor(directory: string) {
    this.directory = directory;
    this.#timer = setInterval(() => this.look(), LOOK);
    this.look();
  }

  /** A study that is there and was read to its end; undefined when there is none of that name. */
  async find(name: string): Promise<WatchedStudy | undefined> {
    if (!this.#studies.has(name)) this.look();
    const study = this.#studies.get(name);
    if (study === undefined) return undefined;
    if (!study.ready) this.#wanted.add(study);
    await this.#until(() => study.ready || study.gone);
    return study.gone || (study.problem === undefined && study.fold.seq < 0) ? undefined : study;
  }

  /** What is known of every study now, by name; of a directory that cannot be listed, why. */
  list(): readonly (StudySummary | UnreadableStudy)[] {
    if (this.problem !== undefined) return [{ name: this.directory, problem: this.problem }];
    return [...this.#studies.values()]
      .filter((study) => study.ready && !study.gone)
      .flatMap((study) => study.summary() ?? [])
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Resolves when every study was read to its end once. */
  async settled(): Promise<void> {
    await this.#until(() => [...this.#studies.values()].every((study) => study.ready));
  }

  /** Calls `hear` when a study came, went or changed. @returns what ends it */
  listen(hear: () => void): () => void {
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }

  /** Looks for studies that came or went, and at those that are there. */
  look(): void {
    if (this.#closed) return;
    const names = new Set(this.#names());
    for (const [name, study] of this.#studies) if (!names.has(name)) this.#remove(name, study);
    for (const name of names) if (!this.#studies.has(name)) this.#add(name);
    for (const study of this.#studies.values()) {
      this.#check(study);
      study.lookRunning();
    }
    this.#watchDirectory();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    clearImmediate(this.#reading);
    this.#watcher?.close();
    for (const study of this.#studies.values()) study.close();
    this.#settle();
  }

  #names(): readonly string[] {
    const before = this.problem;
    try {
      this.problem = undefined;
      return listStudies(this.directory);
    } catch (error) {
      this.problem = (systemError(error) as Error).message;
      return [];
    } finally {
      if (this.problem !== before) this.#tell();
    }
  }

  #add(name: string): void {
    const study = new WatchedStudy(name, resolve(this.directory, name));
    this.#studies.set(name, study);
    study.listen(() => this.#tell());
    study.watch(() => this.#check(study));
  }

  #remove(name: string, study: WatchedStudy): void {
    this.#studies.delete(name);
    this.#due.delete(study);
    this.#wanted.delete(study);
    study.close();
    this.#settle();
  }

  #check(study: WatchedStudy): void {
    if (this.#closed || study.gone) return;
    this.#due.add(study);
    this.#reading ??= setImmediate(() => this.#readNext());
  }

  /** One piece of one journal, then whatever else this process has to do. */
  #readNext(): void {
    this.#reading = undefined;
    const [study] = this.#wanted.size > 0 ? this.#wanted : this.#due;
    if (study === undefined) return;
    this.#due.delete(study);
    if (study.readOn() === "more") this.#due.add(study);
    else {
      this.#wanted.delete(study);
      if (study.gone) this.#remove(study.name, study);
      this.#settle();
    }
    if (this.#due.size > 0) this.#reading = setImmediate(() => this.#readNext());
  }

  #until(condition: () => boolean): Promise<void> {
    return new Promise((done) => {
      const ask = (): void => {
        if (this.#closed || condition()) done();
        else this.#waiting.push(ask);
      };
      ask();
    });
  }

  #settle(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const ask of waiting) ask();
  }

  #tell(): void {
    for (const hear of this.#listeners) hear();
  }

  /** It may come later, or go and come again. */
  #watchDirectory(): void {
    if (!existsSync(this.directory)) {
      this.#watcher?.close();
      this.#watcher = undefined;
    } else
      this.#watcher ??= watchFolder(this.directory, () => {
        if (!this.#closed) this.look();
      });
  }
}
