import { readFileSync } from "node:fs";
import { HpoError, InvalidSpecError, type Issue } from "../errors.ts";
import { isRecord } from "../space/is-record.ts";
import { didYouMean } from "../space/nearest.ts";
import { type Goal, GOALS } from "../space/spec.ts";
import { asNumber, type Table } from "./table.ts";

/** What the columns of a table mean. */
export interface Mapping {
  /** Columns by the parameters' names. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly metric: { readonly column: string; readonly name: string; readonly goal: Goal };
  /** Tells which rows are of one trial. Left out, each row is a trial, or each folder. */
  readonly trial?: string;
  /** How far a row's training had come. Left out, a row is the end of a trial. */
  readonly step?: string;
  /** Seconds since 1970, or a date. */
  readonly time?: string;
  /** How the trial ended; "finished" and "completed" are good ends. */
  readonly state?: string;
}

const OPTIONAL = ["trial", "step", "time", "state"] as const;

/**
 * Reads and checks a mapping against the table.
 *
 * @throws InvalidSpecError with everything that is wrong; HpoError "invalid-argument" where it cannot be read
 */
export function readMapping(file: string, table: Table): Mapping {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new HpoError(
      "invalid-argument",
      `--map: expected a JSON file, ${file} cannot be read: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
  const issues: Issue[] = [];
  const column = (path: string, value: unknown): void => {
    if (typeof value === "string" && table.columns.includes(value)) return;
    const hint = typeof value === "string" ? didYouMean(value, table.columns) : undefined;
    issues.push({
      path,
      expected: "a column of the table",
      received: JSON.stringify(value) ?? "nothing",
      ...(hint === undefined ? {} : { hint }),
    });
  };
  const record = isRecord(document) ? document : {};
  const { parameters, metric } = record;
  if (!isRecord(parameters) || Object.keys(parameters).length === 0)
    issues.push({
      path: "parameters",
      expected: 'columns by parameter, such as {"lr": "config/lr"}',
      received: JSON.stringify(parameters) ?? "nothing",
    });
  else for (const [name, value] of Object.entries(parameters)) column(`parameters.${name}`, value);
  if (!isRecord(metric))
    issues.push({
      path: "metric",
      expected: '{"column": "loss", "goal": "minimize"}',
      received: JSON.stringify(metric) ?? "nothing",
    });
  else {
    column("metric.column", metric["column"]);
    if (!GOALS.includes(metric["goal"] as Goal))
      issues.push({
        path: "metric.goal",
        expected: GOALS.join(" or "),
        received: JSON.stringify(metric["goal"]) ?? "nothing",
      });
  }
  for (const key of OPTIONAL) if (record[key] !== undefined) column(key, record[key]);
  const known = new Set<string>(["parameters", "metric", ...OPTIONAL]);
  for (const key of Object.keys(record).filter((each) => !known.has(each)))
    issues.push({ path: key, expected: `one of ${[...known].join(", ")}`, received: JSON.stringify(key) });
  if (issues.length > 0) throw new InvalidSpecError(file, issues);
  const { column: from, name = from, goal } = metric as { column: string; name?: string; goal: Goal };
  return { ...record, metric: { column: from, name, goal } } as unknown as Mapping;
}

const METRICS = /loss|error|rmse|mae|perplexity|acc|auc|f1|score|reward|return/i;
const MAXIMIZED = /acc|auc|f1|score|reward|return/i;
/** What Ray Tune and W&B add to a user's own columns. */
const FRAME =
  /^(trial_id|experiment_id|experiment_tag|date|timestamp|time_|done|pid|hostname|node_ip|iterations_since_restore|timesteps|episodes|training_iteration|checkpoint_dir_name|should_checkpoint|should_be_checkpointed|warmup_time|_|Name$|ID$|State$|Notes$|User$|Tags$|Created$|Runtime$|Sweep$|GPU|Hostname$|Updated$|End Time$|Group$|Job Type$|Commit$|epoch$|step$)/;

/** A mapping that the header suggests, for a person to correct. */
export function suggestMapping({ columns, rows }: Table): Mapping {
  const first = (...names: readonly string[]): string | undefined => names.find((name) => columns.includes(name));
  const own = columns.filter((name) => !FRAME.test(name));
  const config = own.filter((name) => name.startsWith("config/"));
  const numeric = (name: string): boolean => rows.some(({ cells }) => asNumber(cells[name]) !== undefined);
  const metrics = own.filter((name) => !config.includes(name) && numeric(name));
  const column =
    metrics.find((name) => METRICS.test(name) && /val|test|eval/i.test(name)) ??
    metrics.find((name) => METRICS.test(name)) ??
    metrics.at(-1) ??
    "";
  const parameters = config.length > 0 ? config : own.filter((name) => name !== column && !METRICS.test(name));
  const trial = first("trial_id", "ID", "run_id");
  const step = first("training_iteration", "epoch", "step", "_step");
  const time = first("timestamp", "_timestamp", "Created");
  const state = first("State");
  return {
    parameters: Object.fromEntries(parameters.map((name) => [name.replace(/^config\//, ""), name])),
    metric: { column, name: column, goal: MAXIMIZED.test(column) ? "maximize" : "minimize" },
    ...(trial === undefined ? {} : { trial }),
    ...(step === undefined ? {} : { step }),
    ...(time === undefined ? {} : { time }),
    ...(state === undefined ? {} : { state }),
  };
}
