import type { StudyChanges, StudyHead, TrialRow } from "../src/views/payload.ts";

/** A study as the page knows it. Never changed: a new one is made, and what did not change is the same object in it. */
export interface Study {
  readonly head: StudyHead;
  /** The trial with number n is at index n. */
  readonly trials: readonly TrialRow[];
  /** Sequence number of the last event that is in it. */
  readonly seq: number;
}

/**
 * The study after `changes`; `study` itself where they are older than it. The head may change without any event: a coordinator
 * was killed.
 */
export function applyChanges(study: Study | undefined, changes: StudyChanges): Study {
  const { head, seq } = changes;
  const changed = withOwnParams(changes.trials, head);
  if (study === undefined || changes.whole === true) return { head, trials: changed, seq };
  if (seq < study.seq) return study;
  if (changed.length === 0) return { head, trials: study.trials, seq };
  const trials = [...study.trials];
  for (const row of changed) trials[row.number] = row;
  return { head, trials, seq };
}

/** Parameters may be called as something that every object has, such as "constructor": a trial then has its own values alone. */
function withOwnParams(rows: readonly TrialRow[], { parameters }: StudyHead): readonly TrialRow[] {
  if (!Object.keys(parameters).some((name) => name in Object.prototype)) return rows;
  return rows.map((row) => ({ ...row, params: Object.assign(Object.create(null), row.params) as TrialRow["params"] }));
}
