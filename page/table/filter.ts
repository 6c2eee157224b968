import type { TrialState } from "../../src/history/view.ts";
import type { ParameterValue } from "../../src/space/parameter.ts";
import type { TrialRow } from "../../src/views/payload.ts";
import type { Selection } from "../view-props.ts";
import type { Column } from "./columns.ts";

export interface Filter {
  /** Terms with spaces between; a trial has to meet each. */
  readonly text: string;
  /** Trials in any of them; empty for all. */
  readonly states: ReadonlySet<TrialState>;
  readonly selection: Selection;
}

type Test = (row: TrialRow) => boolean;

/** The rows that a filter lets through, in their order. */
export function filterRows(rows: readonly TrialRow[], columns: readonly Column[], filter: Filter): readonly TrialRow[] {
  const { states, selection } = filter;
  const tests: Test[] = filter.text
    .split(/\s+/)
    .filter((term) => term !== "")
    .map((term) => testOf(term, columns));
  if (states.size > 0) tests.push((row) => states.has(row.state));
  if (selection !== undefined) tests.push((row) => selection.has(row.number));
  return tests.length === 0 ? rows : rows.filter((row) => tests.every((test) => test(row)));
}

/**
 * What a term asks for: "learningRate<0.01", "value>=2" and "optimizer=adam" compare a column, by its name in the file of the
 * table or by its title; any other word is looked for in all columns.
 */
function testOf(term: string, columns: readonly Column[]): Test {
  const [, name, operator, operand] = /^(.+?)(<=|>=|!=|=|<|>)(.+)$/.exec(term) ?? [];
  const column = columns.find(({ id }) => same(id, name)) ?? columns.find(({ title }) => same(title, name));
  if (column !== undefined && operator !== undefined && operand !== undefined) {
    return compare(column, operator, operand);
  }
  const word = term.toLowerCase();
  return (row) => columns.some((each) => wordOf(each.of(row)).includes(word));
}

function compare({ of }: Column, operator: string, operand: string): Test {
  const number = Number(operand);
  const order = (value: ParameterValue): number => {
    if (typeof value === "number" && !Number.isNaN(number)) return value - number;
    if (operator !== "=" && operator !== "!=") return Number.NaN;
    return wordOf(value) === operand.toLowerCase() ? 0 : 1;
  };
  const holds = OPERATORS[operator] as (difference: number) => boolean;
  return (row) => {
    const value = of(row);
    return value !== undefined && holds(order(value));
  };
}

const OPERATORS: Readonly<Record<string, (difference: number) => boolean>> = {
  "<": (difference) => difference < 0,
  "<=": (difference) => difference <= 0,
  ">": (difference) => difference > 0,
  ">=": (difference) => difference >= 0,
  "=": (difference) => difference === 0,
  "!=": (difference) => difference !== 0,
};

function same(a: string, b: string | undefined): boolean {
  return a.toLowerCase() === b?.toLowerCase();
}

function wordOf(value: ParameterValue | undefined): string {
  return value === undefined ? "" : String(value).toLowerCase();
}
