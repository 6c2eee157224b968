import type { Database } from "node-sqlite3-wasm";
import { HpoError } from "../errors.ts";
import { READABLE_REVISIONS } from "./optuna-schema.ts";
import {
  type MutableTrial,
  newTrial,
  OPTUNA_STATES,
  type OptunaDirection,
  type OptunaState,
  type OptunaStudy,
} from "./optuna-study.ts";
import { parsePython } from "./python-json.ts";
import { openSqlite } from "./sqlite.ts";

type Row = Readonly<Record<string, unknown>>;

/**
 * Reads the studies of a database of Optuna, from 3.0 on. Times are in UTC where Optuna 5 made it, and otherwise in the zone of
 * this machine.
 *
 * @throws HpoError "invalid-argument" where it is none
 */
export async function readOptunaSqlite(file: string): Promise<readonly OptunaStudy[]> {
  const database = await opened(file);
  try {
    assertRevision(database, file);
    return new Reader(database).studies();
  } finally {
    database.close();
  }
}

async function opened(file: string): Promise<Database> {
  try {
    return await openSqlite(file, "read");
  } catch (cause) {
    throw new HpoError(
      "invalid-argument",
      `${file}: expected a database that can be read: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}

function assertRevision(database: Database, file: string): void {
  let revision: unknown;
  try {
    revision = (database.get("SELECT version_num FROM alembic_version") as Row | null)?.["version_num"];
  } catch (cause) {
    throw new HpoError(
      "invalid-argument",
      `${file}: expected an SQLite database of Optuna 3.0 or later: ${(cause as Error).message}`,
      { cause },
    );
  }
  if (!READABLE_REVISIONS.includes(String(revision)))
    throw new HpoError(
      "invalid-argument",
      `${file}: expected tables of revision ${READABLE_REVISIONS.join(" or ")}, found ${String(revision)}: bring it up by "optuna storage upgrade --storage sqlite:///${file}"`,
    );
}

class Reader {
  readonly #database: Database;
  /** Optuna 5 counts in UTC, earlier ones in the zone of the machine. */
  readonly #zone: string;

  constructor(database: Database) {
    this.#database = database;
    const [info] = this.#rows("SELECT library_version FROM version_info");
    this.#zone = parseInt(String(info?.["library_version"]), 10) >= 5 ? "Z" : "";
  }

  studies(): readonly OptunaStudy[] {
    return this.#rows("SELECT study_id, study_name FROM studies ORDER BY study_id").map(({ study_id, study_name }) => ({
      name: String(study_name),
      directions: this.#of("study_directions", "study_id", study_id, "objective").map(
        ({ direction }) => direction as OptunaDirection,
      ),
      userAttributes: attributes(this.#of("study_user_attributes", "study_id", study_id, "study_user_attribute_id")),
      systemAttributes: attributes(
        this.#of("study_system_attributes", "study_id", study_id, "study_system_attribute_id"),
      ),
      trials: this.#trials(study_id),
    }));
  }

  #trials(study: unknown): readonly MutableTrial[] {
    const trials = new Map<unknown, MutableTrial>();
    // Two processes could come to the same number: the order of creation counts.
    for (const row of this.#of("trials", "study_id", study, "trial_id")) {
      const trial = newTrial(trials.size, stateOf(row["state"]));
      trial.start = this.#time(row["datetime_start"]);
      trial.complete = this.#time(row["datetime_complete"]);
      trials.set(row["trial_id"], trial);
    }
    const each = (table: string, order: string, take: (trial: MutableTrial, row: Row) => void): void => {
      const rows = this.#rows(
        `SELECT own.* FROM ${table} own JOIN trials USING (trial_id) WHERE trials.study_id = ? ORDER BY own.${order}`,
        study,
      );
      for (const row of rows) take(trials.get(row["trial_id"]) as MutableTrial, row);
    };
    each("trial_params", "param_id", (trial, row) =>
      trial.params.set(String(row["param_name"]), {
        internal: Number(row["param_value"]),
        distribution: String(row["distribution_json"]),
      }),
    );
    each("trial_values", "objective", (trial, row) => {
      trial.values = [...(trial.values ?? []), typed(row["value"], row["value_type"])];
    });
    each("trial_intermediate_values", "step", (trial, row) =>
      trial.intermediate.set(Number(row["step"]), typed(row["intermediate_value"], row["intermediate_value_type"])),
    );
    each("trial_user_attributes", "trial_user_attribute_id", (trial, row) =>
      Object.assign(trial.userAttributes, attributes([row])),
    );
    each("trial_system_attributes", "trial_system_attribute_id", (trial, row) =>
      Object.assign(trial.systemAttributes, attributes([row])),
    );
    return [...trials.values()];
  }

  #of(table: string, column: string, id: unknown, order: string): readonly Row[] {
    return this.#rows(`SELECT * FROM ${table} WHERE ${column} = ? ORDER BY ${order}`, id);
  }

  #rows(sql: string, ...values: readonly unknown[]): readonly Row[] {
    return this.#database.all(sql, values as number[]);
  }

  #time(text: unknown): number | null {
    return typeof text === "string" ? Date.parse(`${text.replace(" ", "T")}${this.#zone}`) : null;
  }
}

function stateOf(state: unknown): OptunaState {
  return OPTUNA_STATES.find((each) => each === state) ?? "FAIL";
}

function attributes(rows: readonly Row[]): Record<string, unknown> {
  return Object.fromEntries(rows.map(({ key, value_json }) => [String(key), parsePython(String(value_json))]));
}

const NON_FINITE: Readonly<Record<string, number>> = { INF_POS: Infinity, INF_NEG: -Infinity, NAN: NaN };

function typed(value: unknown, type: unknown): number {
  return NON_FINITE[String(type)] ?? Number(value);
}
