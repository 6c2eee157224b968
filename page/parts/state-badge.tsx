import type { TrialState } from "../../src/history/view.ts";
import type { StudyState } from "../../src/views/payload.ts";
import { STATE_MEANINGS, STUDY_MEANINGS } from "../words.ts";

/** Shapes tell states apart without their colours; the same as in the pictures. */
const SHAPES: Readonly<Record<TrialState, string>> = {
  waiting: "M3.5 3.5h9v9h-9z",
  running: "M8 3a5 5 0 1 0 0 10a5 5 0 0 0 0-10z",
  paused: "M3.5 3.5h9v9h-9z",
  complete: "M8 3a5 5 0 1 0 0 10a5 5 0 0 0 0-10z",
  pruned: "M8 3L13.5 12.5H2.5z",
  failed: "M4.5 3L8 6.5L11.5 3L13 4.5L9.5 8L13 11.5L11.5 13L8 9.5L4.5 13L3 11.5L6.5 8L3 4.5z",
};

export function StateMark({ state }: { readonly state: TrialState }) {
  const open = state === "waiting" || state === "running";
  return (
    <svg class={`mark ${open ? "open" : ""} state-${state}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[state]} />
    </svg>
  );
}

/** A trial's state: a shape, a colour and the word. */
export function TrialBadge({ state }: { readonly state: TrialState }) {
  return (
    <span class="trial-state" title={STATE_MEANINGS[state]}>
      <StateMark state={state} />
      {state}
    </span>
  );
}

export function StudyBadge({ state }: { readonly state: StudyState }) {
  return (
    <span class={`badge study-${state}`} title={STUDY_MEANINGS[state]}>
      <span class="dot" aria-hidden="true" />
      {state}
    </span>
  );
}
