import { useMemo, useState } from "preact/hooks";
import { TRIAL_STATES, type TrialState } from "../../src/history/view.ts";
import { count } from "../charts/words.ts";
import { StateMark } from "../parts/state-badge.tsx";
import { Empty } from "../parts/notice.tsx";
import { columnsOf } from "../table/columns.ts";
import { download, toCsv, toJson } from "../table/export.ts";
import { filterRows } from "../table/filter.ts";
import { sortRows, type Order } from "../table/sort.ts";
import { TrialTable } from "../table/trial-table.tsx";
import type { StudyProps } from "./study-props.ts";

/** All trials in a table. */
export function TrialsScreen({ study, view }: StudyProps) {
  const { head, trials } = study;
  const { selection, onOpen } = view;
  const [text, setText] = useState("");
  const [states, setStates] = useState<ReadonlySet<TrialState>>(new Set());
  const [order, setOrder] = useState<Order>({ column: "number", descending: true });
  const columns = useMemo(() => columnsOf(head), [head.parameters, head.budget, head.metric]);
  const failed = (head.trials.failed ?? 0) > 0;
  const shown = columns.filter(({ id }) => id !== "cause" || failed);
  const filtered = useMemo(
    () => filterRows(trials, columns, { text, states, selection }),
    [trials, columns, text, states, selection],
  );
  const rows = useMemo(() => {
    const column = columns.find(({ id }) => id === order.column);
    return column === undefined ? filtered : sortRows(filtered, column, order.descending);
  }, [filtered, columns, order]);
  const toggle = (state: TrialState): void => {
    const next = new Set(states);
    if (!next.delete(state)) next.add(state);
    setStates(next);
  };
  const csv = (): void => download(`${head.name}-trials.csv`, "text/csv", toCsv(rows, columns));
  const json = (): void => download(`${head.name}-trials.json`, "application/json", toJson(rows, columns));
  if (trials.length === 0) {
    return (
      <Empty>
        <p>No trials yet. They appear here by themselves as they start.</p>
      </Empty>
    );
  }
  return (
    <section aria-labelledby="trials-title">
      <h2 id="trials-title" class="unseen">
        Trials
      </h2>
      <div class="tools">
        <label class="search">
          <span class="unseen">Filter the trials</span>
          <input
            type="search"
            value={text}
            placeholder={`Filter: ${exampleOf(head.metric.name)}`}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <div class="toggles" role="group" aria-label="States that are shown">
          {TRIAL_STATES.filter((state) => (head.trials[state] ?? 0) > 0 || states.has(state)).map((state) => (
            <button
              key={state}
              type="button"
              class="small toggle"
              aria-pressed={states.has(state)}
              onClick={() => toggle(state)}
            >
              <StateMark state={state} />
              {state} <span class="faint">{head.trials[state] ?? 0}</span>
            </button>
          ))}
        </div>
        <div class="exports">
          <button type="button" class="small" onClick={csv}>
            Save as CSV
          </button>
          <button type="button" class="small" onClick={json}>
            Save as JSON
          </button>
        </div>
      </div>
      <p class="meta" role="status">
        {rows.length === trials.length
          ? count(trials.length, "trial")
          : `${rows.length} of ${count(trials.length, "trial")}`}
      </p>
      {rows.length === 0 ? (
        <Empty>
          <p>No trial is like that.</p>
          <button type="button" onClick={() => (setText(""), setStates(new Set()), view.onSelect(undefined))}>
            Show all trials
          </button>
        </Empty>
      ) : (
        <TrialTable head={head} rows={rows} columns={shown} order={order} onOrder={setOrder} onOpen={onOpen} />
      )}
    </section>
  );
}

function exampleOf(metric: string): string {
  return `words, or ${metric}<0.1`;
}
