import type { TrialRow } from "../../src/views/payload.ts";
import { numberInWords } from "../charts/words.ts";
import { hrefOf } from "../route.ts";
import type { Study } from "../study.ts";
import { reasonInWords } from "../words.ts";
import { TrialBadge } from "./state-badge.tsx";

const SHOWN = 8;

/** The trials in which something happened last, and why. */
export function LatestTrials({ study: { head, trials } }: { readonly study: Study }) {
  if (trials.length === 0) return <p class="faint">No trial has started yet.</p>;
  const latest = [...trials].sort((a, b) => lastTime(b) - lastTime(a) || b.number - a.number).slice(0, SHOWN);
  return (
    <ul class="latest">
      {latest.map(({ number, state, value, reason, cause }) => (
        <li key={number}>
          <a href={hrefOf({ page: "trial", study: head.name, trial: number })}>
            <span class="unseen">Trial </span>
            {number}
          </a>
          <TrialBadge state={state} />
          <span class="number">{value === null ? "" : numberInWords(value)}</span>
          <span class="clip" title={cause?.message ?? reason}>
            {cause?.message ?? reasonInWords(reason)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function lastTime({ createdAt, endedAt, runs }: TrialRow): number {
  return endedAt ?? runs.at(-1)?.startedAt ?? createdAt;
}
