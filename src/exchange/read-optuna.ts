import { readFileSync } from "node:fs";
import { HpoError } from "../errors.ts";
import type { OptunaStudy } from "./optuna-study.ts";

/** What a storage gave, and what was remarkable in it. */
export interface ReadStorage {
  readonly studies: readonly OptunaStudy[];
  readonly remarks: readonly string[];
}

const SQLITE = "sqlite:///";
/** How a file begins that is an SQLite database. */
const SQLITE_MARK = "SQLite format 3\0";

/**
 * Reads a storage of Optuna: a journal's file, or an SQLite database by its file or by Optuna's name for it.
 *
 * @throws HpoError "invalid-argument" where there is none, "not-supported" for other databases; InvalidSpecError with every line
 *   of a journal that cannot be read
 */
export async function readOptunaStorage(place: string): Promise<ReadStorage> {
  if (/^\w+(\+\w+)?:\/\//.test(place) && !place.startsWith(SQLITE))
    throw new HpoError(
      "not-supported",
      `${place.split(":")[0]} is not supported: expected a journal's file or sqlite:///FILE.db. Copy the study into one by Optuna: optuna.copy_study(from_study_name=…, from_storage=…, to_storage="sqlite:///study.db")`,
    );
  const file = place.startsWith(SQLITE) ? place.slice(SQLITE.length) : place;
  const content = read(file);
  if (place.startsWith(SQLITE) || content.subarray(0, SQLITE_MARK.length).toString("latin1") === SQLITE_MARK) {
    const { readOptunaSqlite } = await import("./optuna-sqlite-reader.ts");
    return { studies: await readOptunaSqlite(file), remarks: [] };
  }
  const { readOptunaJournal } = await import("./optuna-journal-reader.ts");
  const { studies, torn } = readOptunaJournal(content.toString("utf8"), file);
  return { studies, remarks: torn ? ["its last line is cut off and was left out"] : [] };
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const found = code === "ENOENT" ? "found no such file" : `but reading it failed: ${(cause as Error).message}`;
    throw new HpoError("invalid-argument", `${file}: expected a storage of Optuna, ${found}`, { cause });
  }
}

/**
 * The study that is meant.
 *
 * @throws HpoError "invalid-argument" that names those there are
 */
export function chooseStudy(studies: readonly OptunaStudy[], name: string | undefined): OptunaStudy {
  const [first] = studies;
  const found = name === undefined && studies.length === 1 ? first : studies.find((study) => study.name === name);
  if (found !== undefined) return found;
  const there = studies.length === 0 ? "there is none" : `there are ${studies.map((study) => study.name).join(", ")}`;
  throw new HpoError("invalid-argument", `--study: expected the name of a study in the storage; ${there}`);
}
