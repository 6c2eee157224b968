import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Recorded } from "../../src/history/events.ts";
import { readJournal } from "../../src/journal/read-journal.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import type { StudyChanges, TrialRow } from "../../src/views/payload.ts";
import { studyChanges } from "../../src/views/study-changes.ts";
import { StudyFold } from "../../src/views/study-fold.ts";
import { runVirtual, type VirtualObjective, type VirtualRun } from "../support/virtual-study.ts";

const place = { folder: "/studies/some", running: true };

function golden(version: string): Recorded[] {
  const file = fileURLToPath(new URL(`../golden/journal-${version}.jsonl`, import.meta.url));
  const events: Recorded[] = [];
  readJournal(file, (event) => events.push(event));
  return events;
}

const spec = (scheduler: string): StudySpec => ({
  name: scheduler,
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 }, y: { type: "int", low: 1, high: 9 } },
  budget: { min: 1, max: 9 },
  strategy: { sampler: "random", scheduler },
  stop: { trials: 30 },
  seed: 5,
});

const objective: VirtualObjective = {
  loss: ({ trial }, step) => ((trial * 7) % 11) + 3 / step,
  failure: ({ trial, attempt }, step) =>
    trial % 9 === 4 && attempt === 1 && step === 2
      ? { kind: "failed", cause: { kind: "error", message: "it broke" } }
      : undefined,
};

/** Killed twice in the middle, and resumed: runs were lost. */
async function interrupted(scheduler: string): Promise<readonly Recorded[]> {
  const run: VirtualRun = {
    spec: spec(scheduler),
    slots: 3,
    objective: scheduler === "median" ? objective : { ...objective, checkpoints: "after" },
  };
  const first = await runVirtual({ ...run, killAt: 40 });
  const second = await runVirtual({ ...run, events: first.events, killAt: 90 });
  return (await runVirtual({ ...run, events: second.events })).events;
}

const journals: Record<string, readonly Recorded[]> = { golden: golden("0.4.0"), old: golden("0.1.0") };
for (const scheduler of ["hyperband", "asha", "median", "curve"]) journals[scheduler] = await interrupted(scheduler);

const folded = (events: readonly Recorded[]): StudyFold => {
  const fold = new StudyFold();
  for (const event of events) fold.apply(event);
  return fold;
};

/** As it travels. */
const sent = (changes: StudyChanges): StudyChanges => JSON.parse(JSON.stringify(changes)) as StudyChanges;

/** As a page does it. */
function merge(before: StudyChanges, changes: StudyChanges): StudyChanges {
  const trials: TrialRow[] = changes.whole ? [] : [...before.trials];
  for (const row of changes.trials) trials[row.number] = row;
  return { ...changes, trials, whole: true };
}

describe("the changes of a study", () => {
  it.each(Object.keys(journals))("since any event, on top of what was known then, are the whole study: %s", (name) => {
    const events = journals[name] as readonly Recorded[];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: events.length }), fc.nat(events.length), (first, more) => {
        const last = Math.min(events.length, first + more);
        const before = sent(studyChanges(folded(events.slice(0, first)), place, -1));
        const fold = folded(events.slice(0, last));
        const changes = sent(studyChanges(fold, place, before.seq));
        expect(merge(before, changes)).toEqual(sent(studyChanges(fold, place, -1)));
      }),
    );
  });

  it("since the last event are none, and since one that is not there everything", () => {
    const fold = folded(journals["hyperband"] as readonly Recorded[]);
    expect(studyChanges(fold, place, fold.seq).trials).toEqual([]);
    expect(studyChanges(fold, place, fold.seq).whole).toBeUndefined();
    expect(studyChanges(fold, place, fold.seq + 1)).toEqual(studyChanges(fold, place, -1));
  });

  it("have sessions that end when the next begins", () => {
    const { sessions } = studyChanges(folded(journals["hyperband"]?.slice(0, -1) ?? []), place, -1).head;
    expect(sessions.map(({ endedAt }) => endedAt === null)).toEqual([false, false, true]);
  });

  it("have the rungs of the scheduler", () => {
    const rungs = (name: string) => studyChanges(folded(journals[name] as readonly Recorded[]), place, -1).head.rungs;
    expect([rungs("hyperband"), rungs("asha"), rungs("curve"), rungs("median")]).toEqual([
      [1, 3, 9],
      [1, 3, 9],
      [1, 3, 9],
      [],
    ]);
  });

  it.each(Object.keys(journals))("after each event alone are those of it, and of few trials: %s", (name) => {
    const events = journals[name] as readonly Recorded[];
    const fold = folded(events.slice(0, 1));
    let known = sent(studyChanges(fold, place, -1));
    for (const event of events.slice(1)) {
      const open = fold.history.openRuns.length;
      fold.apply(event);
      const changes = sent(studyChanges(fold, place, known.seq));
      expect(changes.trials.length).toBeLessThanOrEqual(Math.max(1, open));
      known = merge(known, changes);
      expect(known).toEqual(sent(studyChanges(fold, place, -1)));
    }
  });
});
