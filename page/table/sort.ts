import type { TrialRow } from "../../src/views/payload.ts";
import type { Column } from "./columns.ts";

export interface Order {
  readonly column: string;
  readonly descending: boolean;
}

const WORDS = new Intl.Collator("en", { numeric: true });

/** The rows in an order; those without a value come last either way, equal ones in the order of their numbers. */
export function sortRows(rows: readonly TrialRow[], column: Column, descending: boolean): readonly TrialRow[] {
  const of = column.rank ?? column.of;
  const keyed = rows.map((row) => ({ row, key: of(row) }));
  const sign = descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === undefined || b.key === undefined) {
      return Number(a.key === undefined) - Number(b.key === undefined) || a.row.number - b.row.number;
    }
    const order =
      typeof a.key === "number" && typeof b.key === "number"
        ? a.key - b.key
        : typeof a.key === typeof b.key || typeof a.key === "object"
          ? WORDS.compare(String(a.key), String(b.key))
          : WORDS.compare(typeof a.key, typeof b.key);
    return sign * order || a.row.number - b.row.number;
  });
  return keyed.map(({ row }) => row);
}
