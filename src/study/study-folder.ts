import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { HpoError } from "../errors.ts";
import type { Recorded } from "../history/events.ts";
import { History } from "../history/history.ts";
import { didYouMean } from "../space/nearest.ts";
import { impossibleEvent, readJournal, type JournalExtent } from "../journal/read-journal.ts";

/** Where a study lies on disk: `<directory>/<name>/` with `journal.jsonl`, `spec.json` and `trials/<number>/`. */

export function studyFolder(directory: string, name: string): string {
  return resolve(directory, name);
}

/** What marks the processes of a study in a folder: its real path, by whatever way it was named. */
export function studyMarker(folder: string): string {
  return realpathSync(folder);
}

export function journalFile(folder: string): string {
  return join(folder, "journal.jsonl");
}

export function trialFolder(folder: string, trial: number): string {
  return join(folder, "trials", String(trial));
}

/** Whether a study lives there: its first line is whole. (A coordinator that died before that has left nothing to resume.) */
export function studyExists(folder: string): boolean {
  const file = journalFile(folder);
  return existsSync(file) && statSync(file).size > 0 && hasFirstLine(file);
}

function hasFirstLine(file: string): boolean {
  let first = false;
  try {
    readJournal(file, () => {
      first = true;
      throw new Error("enough");
    });
  } catch (error) {
    return first || error instanceof HpoError;
  }
  return false;
}

/**
 * Makes a study's folder, durably, with those above it.
 *
 * @throws HpoError "invalid-argument" when that cannot be
 */
export function makeFolder(folder: string): void {
  try {
    const first = mkdirSync(join(folder, "trials"), { recursive: true });
    if (first === undefined) return;
    for (let made = folder; made.length >= first.length; made = dirname(made)) sync(made);
    sync(dirname(first));
  } catch (error) {
    throw new HpoError(
      "invalid-argument",
      `expected a folder that can be written for the study, but ${folder} cannot: ${(error as Error).message}. Choose another with --directory`,
      { cause: error },
    );
  }
}

function sync(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes the copy of the spec for people; sets aside a journal that never got its first line. */
export function prepareFolder(folder: string, spec: unknown): void {
  const file = journalFile(folder);
  if (existsSync(file)) renameSync(file, `${file}.unused`);
  writeFileSync(join(folder, "spec.json"), `${JSON.stringify(spec, null, 2)}\n`);
}

/** A study as its journal tells it, for reading only. */
export interface LoadedStudy extends JournalExtent {
  readonly folder: string;
  readonly history: History;
}

/**
 * Reads and folds a study's journal.
 *
 * @param options.each hears every event too
 * @param options.fold folds the events, where more than the history is wanted
 * @throws HpoError "study-not-found", naming the studies that are there; "journal-damaged"
 */
export function loadStudy(
  directory: string,
  name: string,
  options: {
    readonly each?: (event: Recorded) => void;
    readonly fold?: { readonly history: History; apply(event: Recorded): void };
  } = {},
): LoadedStudy {
  const folder = studyFolder(directory, name);
  if (!studyExists(folder)) throw notFound(directory, name);
  const history = options.fold?.history ?? new History();
  const fold = options.fold ?? history;
  const file = journalFile(folder);
  const extent = readJournal(file, (event) => {
    try {
      fold.apply(event);
    } catch (error) {
      throw impossibleEvent(file, event, error);
    }
    options.each?.(event);
  });
  return { folder, history, ...extent };
}

/** Names of the studies in a directory, sorted; empty when the directory does not exist. */
export function listStudies(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && studyExists(join(directory, entry.name)))
    .map((entry) => entry.name)
    .sort();
}

function notFound(directory: string, name: string): HpoError {
  const names = listStudies(directory);
  const near = didYouMean(name, names);
  const there =
    names.length === 0
      ? "there are no studies there"
      : `there are: ${names.slice(0, 10).join(", ")}${names.length > 10 ? ", …" : ""}`;
  return new HpoError(
    "study-not-found",
    `expected a study named "${name}" in ${resolve(directory)}, but ${there}${near === undefined ? "" : `; ${near}`} (the folder of your studies is given by --directory)`,
  );
}
