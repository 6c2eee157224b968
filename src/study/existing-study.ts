import { rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { HpoError } from "../errors.ts";
import type { HistoryView } from "../history/view.ts";
import type { StudySettings } from "../history/settings.ts";
import { acquireWriterLock } from "../journal/writer-lock.ts";
import { endOrphans } from "../workers/orphans.ts";
import { differencesInWords, specDifferences, type SpecDifference } from "./spec-differences.ts";
import { listStudies, loadStudy, studyFolder, studyMarker } from "./study-folder.ts";

/** What to do about a study that has the name already: refuse, go on with it, or delete it and begin anew. */
export const IF_EXISTS = ["error", "resume", "overwrite"] as const;
export type IfExists = (typeof IF_EXISTS)[number];

/** Time that processes of a killed study are given before its files go, in milliseconds. */
const GRACE = 5_000;

/** What differs between the study in a folder and a spec; undefined where the study cannot be read. */
function differencesFrom(
  folder: string,
  spec: StudySettings,
  seedGiven: boolean,
): readonly SpecDifference[] | undefined {
  let history: HistoryView;
  try {
    ({ history } = loadStudy(dirname(folder), basename(folder)));
  } catch {
    return undefined;
  }
  const { seed, parallel } = history.settings;
  const wanted = { ...spec, name: history.settings.name, parallel, ...(seedGiven ? {} : { seed }) };
  return specDifferences({ ...history.settings, stop: history.stop }, wanted);
}

/** The refusal of a name that is taken, with what the study and the spec differ in. */
export function studyIsThere(folder: string, spec: StudySettings, seedGiven: boolean): HpoError {
  const found = differencesFrom(folder, spec, seedGiven) ?? [];
  const keeps = found.length === 0 ? "" : ". It keeps the spec that it was created with, which differs from this one:";
  const ways = [
    `Go on with it by "hpo study resume ${spec.name}" and the same --directory (in a program: resumeStudy, or ifExists: "resume")`,
    'Begin anew with --overwrite, which deletes it (in a program: ifExists: "overwrite"), or choose another name',
  ];
  return new HpoError(
    "study-exists",
    [`a study named "${spec.name}" is already in ${folder}${keeps}`, ...differencesInWords(found), ...ways].join("\n"),
  );
}

/**
 * Refuses to go on with a study under other parameters or another metric: its trials are about those that it has.
 *
 * @throws HpoError "study-exists"
 */
export function assertSameQuestion(folder: string, spec: StudySettings): void {
  const found = differencesFrom(folder, spec, false) ?? [];
  const about = found.filter(({ path }) => /^(?:parameters|metric)\b/.test(path));
  if (about.length === 0) return;
  throw new HpoError(
    "study-exists",
    [
      `the study "${spec.name}" in ${folder} cannot go on under this spec, which asks for something else:`,
      ...differencesInWords(about),
      'give the spec another name, or delete the study first (ifExists: "overwrite", or "hpo study delete")',
    ].join("\n"),
  );
}

/** Removes what a study has written into its folder. Whoever calls it holds the study's lock. */
export function emptyStudyFolder(folder: string): void {
  // The journal goes first: what is left without it is no study.
  for (const name of ["journal.jsonl", "journal.jsonl.unused", "spec.json", "trials"])
    rmSync(join(folder, name), { recursive: true, force: true });
}

/**
 * Deletes a study with its folder, a damaged one too.
 *
 * @throws HpoError "study-not-found", "study-locked" while a process runs it
 */
export async function deleteStudy(directory: string, name: string): Promise<void> {
  const folder = studyFolder(directory, name);
  // Says which studies there are.
  if (!listStudies(directory).includes(name)) loadStudy(directory, name);
  const lock = await acquireWriterLock(folder);
  try {
    await endOrphans(studyMarker(folder), GRACE);
    emptyStudyFolder(folder);
    rmSync(folder, { recursive: true, force: true });
  } finally {
    lock.release();
  }
}
