import { InvalidSpecError, type Issue } from "../errors.ts";
import { checkParams } from "../space/check-params.ts";
import type { Parameter, Parameters, Params, ParameterValue } from "../space/parameter.ts";
import { createSpace } from "../space/space.ts";
import type { GivenSpec } from "./from-optuna.ts";
import type { ImportedEnd, ImportedReport, ImportedStudy, ImportedTrial } from "./imported-study.ts";
import { inferConditions } from "./infer-conditions.ts";
import type { Mapping } from "./table-mapping.ts";
import { asNumber, type Cell, type Row, type Table } from "./table.ts";

/** From this ratio of the largest to the smallest value on, a float above 0 counts as one with `log`. */
const LOG_RATIO = 100;
const GOOD_ENDS = /^(finished|completed?|success|succeeded|done|true|terminated)$/i;

/**
 * The trials of a table in hpo's words.
 *
 * - Its rows are in the order of their steps; the last one with the metric is the result.
 * - A trial whose last step is before the greatest of all was stopped early.
 * - One without a result, with a result that is no finite number, or with a state that is no good end has failed.
 *
 * @param spec the space and metric, where a user gives them; otherwise the ranges are those that were tried
 * @throws InvalidSpecError with everything that does not fit
 */
export function fromTable(table: Table, mapping: Mapping, name: string, spec?: GivenSpec): ImportedStudy {
  const issues: Issue[] = [];
  if (spec !== undefined && spec.metric.goal !== mapping.metric.goal)
    issues.push({
      path: "metric.goal",
      expected: `"${mapping.metric.goal}", as in the mapping`,
      received: JSON.stringify(spec.metric.goal),
    });
  const metric = { name: spec?.metric.name ?? mapping.metric.name, goal: mapping.metric.goal };
  const groups = groupRows(table, mapping, issues);
  const types = new Map(
    Object.values(mapping.parameters).map((column) => [
      column,
      typeOf(groups.map(({ rows }) => firstCell(rows, column))),
    ]),
  );
  const seen = groups.map(({ rows }) => paramsOf(rows, mapping, types));
  const parameters = spec?.parameters ?? inferSpace(mapping, seen);
  const space = createSpace(parameters);
  const last = Math.max(0, ...groups.map(({ rows }) => rows.at(-1)?.step ?? 0));
  if (spec?.budget !== undefined && spec.budget.max < last)
    issues.push({ path: "budget.max", expected: `at least ${last}, the last step`, received: String(spec.budget.max) });
  const leftOut: string[] = [];
  const trials = groups.flatMap((group, index): readonly ImportedTrial[] => {
    const params = seen[index] as Params;
    const problems = checkParams(space, params, group.label);
    const wrong = problems.filter(({ received }) => received !== "nothing");
    issues.push(...wrong);
    if (problems.length > wrong.length)
      leftOut.push(`${group.label} lacks ${problems.map(({ path }) => path.split(".").at(-1)).join(", ")}`);
    return problems.length > 0 ? [] : [toTrial(group, params, { mapping, metric: metric.name, last })];
  });
  if (issues.length > 0) throw new InvalidSpecError("the table", issues);
  const unit = mapping.step === "epoch" ? "epochs" : "steps";
  const budget = spec?.budget ?? (mapping.step !== undefined && last > 0 ? { max: last } : undefined);
  return {
    tool: "a table",
    name,
    metric,
    parameters,
    budget: budget === undefined ? undefined : { unit, ...budget },
    trials,
    notes: [],
    leftOut,
  };
}

interface PlacedRow {
  readonly step: number | undefined;
  readonly cells: Readonly<Record<string, Cell>>;
}

interface Group {
  readonly label: string;
  readonly rows: readonly PlacedRow[];
}

function groupRows({ rows }: Table, { trial, step }: Mapping, issues: Issue[]): readonly Group[] {
  const groups = new Map<string, PlacedRow[]>();
  for (const [index, row] of rows.entries()) {
    const at = step === undefined ? undefined : asNumber(row.cells[step]);
    if (step !== undefined && (at === undefined || !(at >= 0) || at === Infinity)) {
      issues.push({
        path: `${row.place}.${step}`,
        expected: "a step of at least 0",
        received: describe(row.cells[step]),
      });
      continue;
    }
    const key = keyOf(row, trial, index);
    const group = groups.get(key) ?? [];
    if (group.push({ step: at, cells: row.cells }) === 1) groups.set(key, group);
  }
  return [...groups].map(([label, placed]) => ({
    label,
    rows: placed.toSorted((a, b) => (a.step ?? 0) - (b.step ?? 0)),
  }));
}

function keyOf({ cells, folder }: Row, trial: string | undefined, index: number): string {
  if (trial !== undefined) return String(cells[trial]);
  return folder ?? `row ${index + 1}`;
}

function describe(cell: Cell | undefined): string {
  return cell === undefined || cell === "" ? "an empty cell" : JSON.stringify(cell);
}

type ColumnType = "number" | "boolean" | "text";

function isEmpty(cell: Cell | undefined): boolean {
  return cell === undefined || cell === "";
}

function firstCell(rows: readonly PlacedRow[], column: string): Cell | undefined {
  return rows.find(({ cells }) => !isEmpty(cells[column]))?.cells[column];
}

function typeOf(cells: readonly (Cell | undefined)[]): ColumnType {
  const given = cells.filter((cell) => !isEmpty(cell) && cell !== null);
  if (given.length > 0 && given.every((cell) => Number.isFinite(asNumber(cell)))) return "number";
  return given.every((cell) => /^(true|false)$/i.test(String(cell))) ? "boolean" : "text";
}

function paramsOf(rows: readonly PlacedRow[], { parameters }: Mapping, types: ReadonlyMap<string, ColumnType>): Params {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, column]) => {
      const cell = firstCell(rows, column);
      return cell === undefined ? [] : [[name, valueOf(cell, types.get(column) ?? "text")] as const];
    }),
  );
}

function valueOf(cell: Cell, type: ColumnType): ParameterValue {
  if (cell === null) return null;
  if (type === "number") return asNumber(cell) as number;
  return type === "boolean" ? /^true$/i.test(String(cell)) : cell;
}

function inferSpace({ parameters }: Mapping, seen: readonly Params[]): Parameters {
  const flat = Object.keys(parameters).flatMap((name) => {
    const values = [
      ...new Set(seen.flatMap((params) => (Object.hasOwn(params, name) ? [params[name] as ParameterValue] : []))),
    ];
    return values.length === 0 ? [] : [[name, inferParameter(values)] as const];
  });
  return inferConditions(
    Object.fromEntries(flat),
    seen.map((params) => ({ params, whole: true })),
  );
}

function inferParameter(values: readonly ParameterValue[]): Parameter {
  if (!values.every((value) => typeof value === "number")) return { type: "categorical", choices: values };
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  if (values.every((value) => Number.isSafeInteger(value))) return { type: "int", low, high };
  return { type: "float", low, high, ...(low > 0 && high / low >= LOG_RATIO ? { log: true } : {}) };
}

interface Surroundings {
  readonly mapping: Mapping;
  readonly metric: string;
  /** The greatest step of all trials. */
  readonly last: number;
}

function toTrial({ label, rows }: Group, params: Params, { mapping, metric, last }: Surroundings): ImportedTrial {
  const values = rows.map(({ step, cells }) => ({ step, value: asNumber(cells[mapping.metric.column]) }));
  const reports = values.flatMap(({ step, value }): readonly ImportedReport[] => {
    if (step === undefined || value === undefined) return [];
    return [Number.isFinite(value) ? { step, metrics: { [metric]: value } } : { step, metrics: {}, omitted: [metric] }];
  });
  const times = mapping.time === undefined ? [] : rows.flatMap(({ cells }) => timeOf(cells[mapping.time as string]));
  const result = values.findLast(({ value }) => value !== undefined)?.value;
  const state = mapping.state === undefined ? undefined : rows.at(-1)?.cells[mapping.state];
  return {
    label,
    params,
    end: endOf(result, state, { step: rows.at(-1)?.step, last }),
    reports,
    start: times.at(0),
    complete: times.at(-1),
    notes: [],
  };
}

function endOf(
  result: number | undefined,
  state: Cell | undefined,
  { step, last }: { readonly step: number | undefined; readonly last: number },
): ImportedEnd {
  const failed = (kind: "no-result" | "non-finite", message: string): ImportedEnd => ({
    kind: "failed",
    cause: { kind, message },
  });
  if (!isEmpty(state) && !GOOD_ENDS.test(String(state))) return failed("no-result", `its state was ${String(state)}`);
  if (result === undefined) return failed("no-result", "it has no value of the metric");
  if (!Number.isFinite(result)) return failed("non-finite", `its value was ${result}`);
  if (step !== undefined && step < last)
    return { kind: "pruned", reason: `stopped at step ${step}, where others came to ${last}` };
  return { kind: "completed", value: result };
}

function timeOf(cell: Cell | undefined): readonly number[] {
  const seconds = asNumber(cell);
  const at = seconds === undefined ? Date.parse(String(cell)) : seconds * 1000;
  return Number.isFinite(at) ? [Math.round(at)] : [];
}
