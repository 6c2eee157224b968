import { renameSync, rmSync } from "node:fs";
import { HpoError, InvalidSpecError } from "../errors.ts";
import { FileJournal } from "../journal/file-journal.ts";
import type { StudySpec } from "../space/spec.ts";
import { resolveSpec } from "../study/resolve.ts";
import { journalFile, makeFolder, prepareFolder, studyExists, studyFolder } from "../study/study-folder.ts";
import { importEvents } from "./import-events.ts";
import type { ImportedStudy } from "./imported-study.ts";

export interface ImportPlace {
  readonly directory: string;
  /** The new study's name. */
  readonly name: string;
  /** How to go on with it; left out, the study can be looked at and simulated. */
  readonly given?: { readonly spec: StudySpec; readonly folder: string };
}

/**
 * Writes a study of another tool as a study of hpo: whole, or not at all.
 *
 * @returns its folder
 * @throws HpoError "study-exists"; InvalidSpecError where its space or name is none of hpo's
 */
export async function importStudy(study: ImportedStudy, { directory, name, given }: ImportPlace): Promise<string> {
  const spec = given === undefined ? { ...specOf(study), name } : { ...given.spec, name };
  const folder = studyFolder(directory, name);
  const settings = withNameHint(() =>
    resolveSpec(spec, {
      subject: "the imported study",
      specFolder: given?.folder ?? process.cwd(),
      studyFolder: folder,
      ...(spec.objective === undefined ? { objective: "none" as const } : {}),
    }),
  );
  if (studyExists(folder))
    throw new HpoError(
      "study-exists",
      `a study named "${name}" is already in ${folder}: choose another name with --name`,
    );
  makeFolder(folder);
  prepareFolder(folder, spec);
  const file = journalFile(folder);
  const part = `${file}.part`;
  rmSync(part, { force: true });
  const journal = FileJournal.create(part);
  try {
    for (const event of importEvents(study, settings, Date.now())) journal.append(event);
    await journal.commit();
  } finally {
    journal.close();
  }
  renameSync(part, file);
  return folder;
}

/** Another tool's names need not be names of folders. */
function withNameHint<T>(resolve: () => T): T {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof InvalidSpecError)) throw error;
    const hint = "choose another one with --name";
    throw new InvalidSpecError(
      "the imported study",
      error.issues.map((issue) => (issue.path === "name" ? { ...issue, hint } : issue)),
    );
  }
}

/** A spec that starts nothing new by itself. */
function specOf({ name, metric, parameters, budget, trials }: ImportedStudy): StudySpec {
  return {
    name,
    metric,
    parameters,
    ...(budget === undefined ? {} : { budget }),
    stop: { trials: Math.max(trials.length, 1) },
  };
}
