import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyChanges, type Study } from "../../page/study.ts";
import type { StudyChanges, TrialRow } from "../../src/views/payload.ts";
import { madeStudy } from "./charts/made-study.ts";

const { head, trials: rows } = madeStudy({ trials: 12 });

describe("changes of a study", () => {
  it("come to the same in whatever pieces they come", () => {
    const pieces = fc.array(fc.uniqueArray(fc.nat(11), { maxLength: 5 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(pieces, (batches) => {
        const last = new Map<number, TrialRow>(rows.map((row) => [row.number, row]));
        let study: Study = applyChanges(undefined, { seq: 0, head, trials: rows });
        for (const [index, batch] of batches.entries()) {
          const changed = batch.toSorted((a, b) => a - b).map((n) => ({ ...(rows[n] as TrialRow), value: index }));
          for (const row of changed) last.set(row.number, row);
          study = applyChanges(study, { seq: index + 1, head, trials: changed });
        }
        expect(study.trials).toEqual([...last.values()]);
        expect(study.seq).toBe(batches.length);
      }),
    );
  });

  it("leave rows that did not change as they are, and the study before untouched", () => {
    const before = applyChanges(undefined, { seq: 3, head, trials: rows });
    const changed = { ...(rows[4] as TrialRow), value: 1 };
    const after = applyChanges(before, { seq: 4, head, trials: [changed] });
    expect(after.trials.filter((row, n) => row !== before.trials[n])).toEqual([changed]);
    expect(before.trials[4]).toBe(rows[4]);
    expect(applyChanges(after, { seq: 5, head, trials: [] }).trials).toBe(after.trials);
  });

  it("add trials", () => {
    const before = applyChanges(undefined, { seq: 3, head, trials: rows.slice(0, 5) });
    expect(applyChanges(before, { seq: 9, head, trials: rows.slice(5) }).trials).toEqual(rows);
  });

  it("are ignored when they are older, and void what was known when they are whole", () => {
    const study = applyChanges(undefined, { seq: 7, head, trials: rows });
    expect(applyChanges(study, { seq: 6, head, trials: [] })).toBe(study);
    expect(applyChanges(study, { seq: 2, head, trials: rows.slice(0, 1), whole: true })).toEqual({
      seq: 2,
      head,
      trials: rows.slice(0, 1),
    });
  });

  it("may be of the head alone, without an event", () => {
    const study = applyChanges(undefined, { seq: 7, head, trials: rows });
    const interrupted = { ...head, state: "interrupted" as const };
    expect(applyChanges(study, { seq: 7, head: interrupted, trials: [] }).head.state).toBe("interrupted");
  });
});

it("a trial has no value of a parameter that is inactive, though every object has something of that name", () => {
  const parameters = { constructor: { type: "float", low: 0, high: 1 } } as const;
  const changes = { seq: 0, head: { parameters }, trials: [{ number: 0, params: {} }] } as unknown as StudyChanges;
  const study = applyChanges(undefined, changes);
  const [trial] = study.trials;
  expect("constructor" in (trial?.params ?? { constructor: 1 })).toBe(false);
  expect(trial?.params["constructor"]).toBeUndefined();
});
