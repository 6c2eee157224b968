import { expect, it } from "vitest";
import { importBench } from "./import-bench.ts";

interface Judge {
  readonly start: (number: number, full: number) => void;
  readonly look: (trials: readonly { readonly state: string }[]) => void;
  readonly verdict: () => Readonly<Record<string, unknown>>;
}

const { createJudge } = await importBench<{ readonly createJudge: () => Judge }>("judge-stops.mjs");

/** Trials of these losses at the full budget end one after the other, as said. */
function judge(losses: readonly number[], ends: readonly (readonly [number, string])[]): Record<string, unknown> {
  const { start, look, verdict } = createJudge();
  const trials = losses.map(() => ({ state: "running" }));
  for (const [number, full] of losses.entries()) start(number, full);
  for (const [number, state] of ends) {
    trials[number] = { state };
    look(trials);
  }
  return verdict();
}

it("counts what was better at the full budget than all that was complete by then", () => {
  const losses = [5, 3, 4, 1, NaN, 2, 7];
  const ends = [
    [1, "pruned"],
    [0, "complete"],
    [2, "pruned"],
    [4, "failed"],
    // Full training diverged for a trial that never got there.
    [5, "failed"],
    [6, "pruned"],
    [3, "paused"],
  ] as const;
  expect(judge(losses, ends)).toEqual({
    trials: 7,
    full: 1,
    failed: 2,
    stopped: 3,
    paused: 1,
    // 1 and 0 before anything was complete; 2 against 5; 3 at the end.
    would_be: 4,
    would_be_stopped: 2,
    would_be_paused: 1,
    would_be_opposed: 2,
    would_be_opposed_stopped: 1,
    would_be_opposed_paused: 1,
    // 5, 3, 1 in the order of the starts.
    records: 3,
    records_stopped: 1,
    records_paused: 1,
    would_be_final: 3,
    would_be_final_stopped: 2,
    would_be_final_paused: 1,
    best_lost: "paused",
  });
});

it("counts a stop by what was complete then, not later", () => {
  const after = judge([2, 1], [[1, "complete"], [0, "pruned"]]); // prettier-ignore
  const before = judge([2, 1], [[0, "pruned"], [1, "complete"]]); // prettier-ignore
  expect([after["would_be_stopped"], before["would_be_stopped"]]).toEqual([0, 1]);
});

it("takes what differs by no more than 1e-9 as the same", () => {
  const tie = judge([1, 1 - 5e-10], [[0, "complete"], [1, "pruned"]]); // prettier-ignore
  expect(tie).toMatchObject({ would_be_stopped: 0, would_be_final: 0, records: 1, best_lost: "complete" });
  const lost = judge([1, 1 - 5e-9], [[0, "complete"], [1, "pruned"]]); // prettier-ignore
  expect(lost).toMatchObject({ would_be_stopped: 1, would_be_final: 1, records: 2, best_lost: "stopped" });
});

it("has nothing to say where all failed", () => {
  expect(judge([NaN, NaN], [[0, "failed"]])).toMatchObject({ trials: 2, would_be: 0, records: 0, best_lost: null });
});
