import type { StudySettings } from "../history/settings.ts";
import { isRecord } from "../space/is-record.ts";
import { describeValue } from "../space/describe.ts";

/** One place where a study and a spec disagree, such as `parameters.lr.high`. */
export interface SpecDifference {
  readonly path: string;
  /** In words. */
  readonly study: string;
  readonly spec: string;
}

/** Where a spec asks for something else than the study that has its name, in the order of the spec. */
export function specDifferences(study: StudySettings, spec: StudySettings): readonly SpecDifference[] {
  return differences(study, spec, "");
}

/** As many as a person reads, a line each. */
export function differencesInWords(all: readonly SpecDifference[], most = 12): readonly string[] {
  const lines = all
    .slice(0, most)
    .map(({ path, study, spec }) => `  ${path}: ${study} in the study, ${spec} in the spec`);
  return all.length > most ? [...lines, `  … and ${all.length - most} more`] : lines;
}

function differences(study: unknown, spec: unknown, path: string): SpecDifference[] {
  if (isRecord(study) && isRecord(spec)) {
    const keys = new Set([...Object.keys(spec), ...Object.keys(study)]);
    return [...keys].flatMap((key) => differences(study[key], spec[key], path === "" ? key : `${path}.${key}`));
  }
  if (JSON.stringify(study) === JSON.stringify(spec)) return [];
  return [{ path, study: describeValue(study), spec: describeValue(spec) }];
}
