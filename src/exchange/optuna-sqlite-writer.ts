import type { Database } from "node-sqlite3-wasm";
import { REVISION, SCHEMA, SCHEMA_VERSION } from "./optuna-schema.ts";
import type { Attributes, OptunaStudy, OptunaTrial } from "./optuna-study.ts";
import { stringifyPython } from "./python-json.ts";
import { openSqlite } from "./sqlite.ts";

/** As whose version the database is written: from 5.0 on, times are in UTC. */
const WRITTEN_AS = "5.0.0";

type Cell = string | number | null;

/** Writes a study as a database of its own; the file must not be there. */
export async function writeOptunaSqlite(study: OptunaStudy, file: string): Promise<void> {
  const database = await openSqlite(file, "create");
  try {
    database.exec("BEGIN");
    database.exec(SCHEMA);
    const insert = inserter(database);
    insert("version_info", { version_info_id: 1, schema_version: SCHEMA_VERSION, library_version: WRITTEN_AS });
    insert("alembic_version", { version_num: REVISION });
    insert("studies", { study_id: 1, study_name: study.name });
    study.directions.forEach((direction, objective) =>
      insert("study_directions", { study_id: 1, direction, objective }),
    );
    const ofStudy = { study_id: 1 };
    insertAttributes(insert, "study_user_attributes", ofStudy, study.userAttributes);
    insertAttributes(insert, "study_system_attributes", ofStudy, study.systemAttributes);
    for (const trial of study.trials) insertTrial(insert, trial);
    insert.finish();
    database.exec("COMMIT");
  } finally {
    database.close();
  }
}

interface Inserter {
  (table: string, row: Readonly<Record<string, Cell>>): void;
  finish(): void;
}

/** A statement for each table, prepared once. */
function inserter(database: Database): Inserter {
  const statements = new Map<string, ReturnType<Database["prepare"]>>();
  const insert = (table: string, row: Readonly<Record<string, Cell>>): void => {
    const columns = Object.keys(row);
    const places = columns.map(() => "?").join(", ");
    const names = columns.map((column) => `"${column}"`).join(", ");
    let statement = statements.get(table);
    if (statement === undefined) {
      statement = database.prepare(`INSERT INTO ${table} (${names}) VALUES (${places})`);
      statements.set(table, statement);
    }
    statement.run(Object.values(row));
  };
  return Object.assign(insert, {
    finish: () => {
      for (const statement of statements.values()) statement.finalize();
    },
  });
}

function insertTrial(insert: Inserter, trial: OptunaTrial): void {
  // Optuna counts from 1.
  const ofTrial = { trial_id: trial.number + 1 };
  insert("trials", {
    ...ofTrial,
    number: trial.number,
    study_id: 1,
    state: trial.state,
    datetime_start: inUtc(trial.start),
    datetime_complete: inUtc(trial.complete),
  });
  for (const [name, { internal, distribution }] of trial.params)
    insert("trial_params", { ...ofTrial, param_name: name, param_value: internal, distribution_json: distribution });
  trial.values?.forEach((value, objective) =>
    insert("trial_values", { ...ofTrial, objective, value: finite(value), value_type: typeOf(value) }),
  );
  for (const [step, value] of trial.intermediate)
    insert("trial_intermediate_values", {
      ...ofTrial,
      step,
      intermediate_value: finite(value),
      intermediate_value_type: typeOf(value),
    });
  insertAttributes(insert, "trial_user_attributes", ofTrial, trial.userAttributes);
  insertAttributes(insert, "trial_system_attributes", ofTrial, trial.systemAttributes);
}

function insertAttributes(
  insert: Inserter,
  table: string,
  owner: Readonly<Record<string, number>>,
  attributes: Attributes,
): void {
  for (const [key, value] of Object.entries(attributes))
    insert(table, { ...owner, key, value_json: stringifyPython(value) });
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function typeOf(value: number): string {
  if (Number.isNaN(value)) return "NAN";
  return Number.isFinite(value) ? "FINITE" : value > 0 ? "INF_POS" : "INF_NEG";
}

function inUtc(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString().replace("T", " ").replace("Z", "000");
}
