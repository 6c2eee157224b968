import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { HpoError } from "../errors.ts";
import { openRegular } from "../files/open-regular.ts";
import { syncFolder } from "../files/sync-folder.ts";
import { refusalOf, systemError } from "../files/system-error.ts";
import type { Recorded } from "../history/events.ts";
import { fold as foldEvents, History } from "../history/history.ts";
import type { StudySettings } from "../history/settings.ts";
import { didYouMean } from "../space/nearest.ts";
import { impossibleEvent, type JournalExtent, readFirstEvent, readJournal } from "../journal/read-journal.ts";

const CHUNK = 1 << 12;

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

/**
 * Whether a study lives there: its first line is whole. (A coordinator that died before that has left nothing to resume.)
 *
 * @throws HpoError where that cannot be told: it is no word that there is none
 */
export function studyExists(folder: string): boolean {
  try {
    return hasWholeLine(journalFile(folder));
  } catch (error) {
    throw systemError(error);
  }
}

function hasWholeLine(file: string): boolean {
  let descriptor: number;
  try {
    descriptor = openRegular(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") throw error;
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return false;
    throw new HpoError(
      "invalid-argument",
      `${file} is a link that leads nowhere: remove it, or bring back what it means`,
    );
  }
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk))
      if (chunk.subarray(0, read).includes("\n")) return true;
    return false;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes a study's folder, durably, with those above it.
 *
 * @throws HpoError "invalid-argument" or "system" when that cannot be
 */
export function makeFolder(folder: string): void {
  try {
    const first = mkdirSync(join(folder, "trials"), { recursive: true });
    if (first === undefined) return;
    for (let made = folder; made.length >= first.length; made = dirname(made)) syncFolder(made);
    syncFolder(dirname(first));
  } catch (error) {
    const { says, isInput = false } = refusalOf(error) ?? { says: (error as Error).message, isInput: true };
    throw new HpoError(
      isInput ? "invalid-argument" : "system",
      `expected a folder that can be written for the study, but ${folder} cannot: ${says}. Choose another with --directory`,
      { cause: error },
    );
  }
}

/** Writes the copy of the spec for people; sets aside a journal that never got its first line, beside those that were before. */
export function prepareFolder(folder: string, spec: unknown): void {
  const file = journalFile(folder);
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) {
    let aside = `${file}.unused`;
    for (let count = 2; existsSync(aside); count++) aside = `${file}.unused-${count}`;
    renameSync(file, aside);
  }
  writeFileSync(join(folder, "spec.json"), `${JSON.stringify(spec, null, 2)}\n`);
}

/** What never changes of a study: its journal's first line tells it. */
export interface StudyStart {
  readonly folder: string;
  readonly settings: StudySettings;
}

/**
 * Reads a study's settings, and nothing of what has happened in it.
 *
 * @throws HpoError "study-not-found", naming the studies that are there; "journal-damaged"; "system"
 */
export function loadSettings(directory: string, name: string): StudyStart {
  const folder = studyFolder(directory, name);
  if (!studyExists(folder)) throw notFound(directory, name);
  const file = journalFile(folder);
  const first = firstEvent(file);
  try {
    return { folder, settings: foldEvents([first]).settings };
  } catch (error) {
    throw impossibleEvent(file, first, error);
  }
}

function firstEvent(file: string): Recorded {
  try {
    return readFirstEvent(file) as Recorded;
  } catch (error) {
    throw systemError(error);
  }
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
  assertStudy(directory, name);
  const folder = studyFolder(directory, name);
  const history = options.fold?.history ?? new History();
  const fold = options.fold ?? history;
  const file = journalFile(folder);
  try {
    const extent = readJournal(file, (event) => {
      try {
        fold.apply(event);
      } catch (error) {
        throw impossibleEvent(file, event, error);
      }
      options.each?.(event);
    });
    return { folder, history, ...extent };
  } catch (error) {
    throw systemError(error);
  }
}

/** @throws HpoError "study-not-found", naming the studies that are there */
export function assertStudy(directory: string, name: string): void {
  if (!studyExists(studyFolder(directory, name))) throw notFound(directory, name);
}

/**
 * Names of the studies in a directory, sorted; empty when the directory does not exist. What cannot be looked at is named too:
 * it must not vanish.
 *
 * @throws HpoError when the directory cannot be listed
 */
export function listStudies(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && mayBeStudy(join(directory, entry.name)))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw systemError(error);
  }
}

function mayBeStudy(folder: string): boolean {
  try {
    return studyExists(folder);
  } catch {
    return true;
  }
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
