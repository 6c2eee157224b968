import { useEffect, useState } from "preact/hooks";
import type { StudyHead, TrialRow } from "../../src/views/payload.ts";
import { valueInWords } from "../charts/words.ts";
import { TrialBadge } from "../parts/state-badge.tsx";
import { hrefOf } from "../route.ts";
import { reasonInWords, spanInWords } from "../words.ts";
import type { Column } from "./columns.ts";
import type { Order } from "./sort.ts";

/** Rows on a page: a browser lays out so many in no time, however many trials there are. */
const PAGE = 100;

interface Props {
  readonly head: StudyHead;
  readonly rows: readonly TrialRow[];
  readonly columns: readonly Column[];
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
  readonly onOpen: (trial: number) => void;
}

export function TrialTable({ head, rows, columns, order, onOrder, onOpen }: Props) {
  const [page, setPage] = useState(0);
  const pages = Math.max(1, Math.ceil(rows.length / PAGE));
  const current = Math.min(page, pages - 1);
  useEffect(() => setPage(0), [order]);
  const sortBy = (column: string): void =>
    onOrder({ column, descending: order.column === column ? !order.descending : false });
  const open = (event: MouseEvent, trial: number): void => {
    const picked = window.getSelection()?.toString() ?? "";
    if (picked === "" && !(event.target instanceof HTMLAnchorElement)) onOpen(trial);
  };
  return (
    <>
      <div class="card flush scroll" tabIndex={0} role="region" aria-label="Table of trials">
        <table class="rows trials">
          <caption class="unseen">Trials; the buttons in the headings sort them</caption>
          <thead>
            <tr>
              {columns.map(({ id, title, numeric }) => (
                <th key={id} scope="col" class={numeric ? "numeric" : ""} aria-sort={sortOf(order, id)}>
                  <button type="button" class="sort" onClick={() => sortBy(id)}>
                    {title}
                    <span class="arrow" aria-hidden="true">
                      {order.column !== id ? "" : order.descending ? "▼" : "▲"}
                    </span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(current * PAGE, (current + 1) * PAGE).map((row) => (
              <tr
                key={row.number}
                class={row.number === head.best?.number ? "best" : ""}
                onClick={(event) => open(event, row.number)}
              >
                {columns.map((column) => (
                  <Cell key={column.id} head={head} column={column} row={row} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <nav class="pages" aria-label="Pages of the table">
          <button type="button" class="small" disabled={current === 0} onClick={() => setPage(0)}>
            First
          </button>
          <button type="button" class="small" disabled={current === 0} onClick={() => setPage(current - 1)}>
            Previous
          </button>
          <span role="status">
            Page {current + 1} of {pages}
          </span>
          <button type="button" class="small" disabled={current === pages - 1} onClick={() => setPage(current + 1)}>
            Next
          </button>
          <button type="button" class="small" disabled={current === pages - 1} onClick={() => setPage(pages - 1)}>
            Last
          </button>
        </nav>
      )}
    </>
  );
}

interface CellProps {
  readonly head: StudyHead;
  readonly column: Column;
  readonly row: TrialRow;
}

function Cell({ head, column: { id, numeric, of }, row }: CellProps) {
  const value = of(row);
  if (id === "number") {
    const best = row.number === head.best?.number;
    return (
      <th scope="row" class="numeric">
        {best && (
          <span class="star" title="The best so far">
            ★<span class="unseen">best </span>
          </span>
        )}
        <a href={hrefOf({ page: "trial", study: head.name, trial: row.number })}>{row.number}</a>
      </th>
    );
  }
  if (id === "state") {
    return (
      <td>
        <TrialBadge state={row.state} />
      </td>
    );
  }
  if (id === "reason" || id === "cause") {
    return (
      <td class="words" title={value === undefined ? "" : String(value)}>
        {value === undefined ? "" : reasonInWords(String(value))}
      </td>
    );
  }
  return (
    <td class={numeric ? "numeric" : ""} title={value === undefined ? "" : String(value)}>
      {wordOf(id, value)}
    </td>
  );
}

function wordOf(id: string, value: ReturnType<Column["of"]>): string {
  if (value === undefined) return "";
  if (id === "duration") return spanInWords((value as number) * 1000);
  return valueInWords(value);
}

function sortOf(order: Order, column: string): "ascending" | "descending" | "none" {
  if (order.column !== column) return "none";
  return order.descending ? "descending" : "ascending";
}
