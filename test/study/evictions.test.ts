import fc from "fast-check";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CheckpointEvicted, Recorded } from "../../src/history/events.ts";
import { History } from "../../src/history/history.ts";
import { encodeLine } from "../../src/journal/line.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { Decider } from "../../src/study/decider.ts";
import { verifyStudy, type VerifyResult } from "../../src/study/verify.ts";
import { runVirtual, type VirtualObjective, type VirtualRun } from "../support/virtual-study.ts";

/** Whole studies whose checkpoints do not fit, on a simulated disk: 1 KB and more for each. */

const folder = mkdtempSync(join(tmpdir(), "hpo-evictions-"));
afterAll(() => rmSync(folder, { recursive: true }));

const spec = (disk: string, more: Partial<StudySpec> = {}): StudySpec => ({
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 }, n: { type: "int", low: 0, high: 9 } },
  strategy: "hyperband",
  budget: { min: 1, max: 9, unit: "epochs" },
  trial: { retries: 1 },
  checkpoints: { disk },
  seed: 5,
  ...more,
});

/** Some crash once, some fail for good; those with a large `n` save more. */
const objective: VirtualObjective = {
  checkpoints: "after",
  loss: ({ params, trial }, step) => (trial % 11 === 6 && step > 1 ? Number.NaN : Number(params["x"]) + 1 / step),
  bytes: ({ params }) => 1024 * (1 + (Number(params["n"]) % 3)),
  duration: ({ run }, step) => 1 + ((run * 31 + step * 17) % 7),
  failure: ({ trial, attempt }, step) =>
    trial % 5 === 2 && attempt === 1 && step === 1
      ? { kind: "failed", cause: { kind: "signal", message: "it was ended by SIGSEGV" } }
      : undefined,
};

/** What a study came to, without how often something was done again. */
const substance = ({ best, finished, trials }: History): unknown => ({
  best,
  finished,
  trials: trials.map(({ number, params, state, value, completedBudget, reports, cause }) => ({
    number,
    params,
    state,
    value,
    completedBudget,
    reports,
    cause,
  })),
});

const evictions = (events: readonly Recorded[]): readonly Recorded<CheckpointEvicted>[] =>
  events.filter((event) => event.type === "checkpoint-evicted");

const verify = (events: readonly Recorded[]): VerifyResult => {
  const file = join(folder, "journal.jsonl");
  writeFileSync(file, events.map((event, seq) => `${encodeLine({ ...event, seq })}\n`).join(""));
  return verifyStudy(file);
};

const without = (run: VirtualRun): VirtualRun => {
  const { checkpoints: _, ...rest } = run.spec;
  return { ...run, spec: rest };
};

/** After every event, but for the evictions that it calls for: what is kept fits, or none of it may go; and no run misses it. */
function assertWithin(events: readonly Recorded[], disk: number): void {
  const decider = new Decider();
  for (const event of events) {
    decider.apply(event);
    const { history } = decider;
    // What a run starts from is there.
    if (event.type === "run-started") expect(event.startStep).toBe((history.trials[event.trial]?.checkpoint ?? 0) + 1);
    if (history.sessionEnded || decider.owed() !== undefined) continue;
    const { bytes, exceeded } = history.checkpoints;
    const sum = history.trials.reduce((all, { saved }) => all + saved.reduce((own, each) => own + each.bytes, 0), 0);
    if (bytes !== sum) expect(bytes).toBe(sum);
    if (bytes <= disk) continue;
    expect(exceeded).toBe(true);
    const kept = history.trials.filter(({ checkpointBytes }) => checkpointBytes > 0);
    for (const { number, state } of kept)
      expect(number === history.best?.number || state === "running" || state === "waiting").toBe(true);
  }
}

describe("the checkpoints of a study with a limit", () => {
  const study = fc.record({
    kb: fc.integer({ min: 1, max: 30 }),
    slots: fc.integer({ min: 1, max: 5 }),
    seed: fc.nat(1000),
    checkpoints: fc.constantFrom("before" as const, "after" as const),
    strategy: fc.constantFrom("hyperband", "bohb", "random"),
  });
  const toRun = ({
    kb,
    slots,
    seed,
    checkpoints,
    strategy,
  }: typeof study extends fc.Arbitrary<infer T> ? T : never) => ({
    spec: spec(`${kb}KB`, { seed, strategy, stop: { trials: 17 } }),
    objective: { ...objective, checkpoints },
    slots,
  });

  it("are within it after every event, or only what may not go is left, in a journal that is verified", async () => {
    let evicted = 0;
    await fc.assert(
      fc.asyncProperty(study, fc.array(fc.integer({ min: 3, max: 60 }), { maxLength: 4 }), async (given, kills) => {
        const run = toRun(given);
        let events: readonly Recorded[] = [];
        for (const kill of kills) ({ events } = await runVirtual({ ...run, events, killAt: events.length + kill }));
        const last = await runVirtual({ ...run, events });
        assertWithin(last.events, given.kb * 1024);
        expect(verify(last.events).kind).toBe("verified");
        evicted += evictions(last.events).length;
      }),
      { numRuns: 40 },
    );
    expect(evicted).toBeGreaterThan(200);
  });

  it("leave on disk what the history keeps of each trial, no more and no less", async () => {
    await fc.assert(
      fc.asyncProperty(study, async (given) => {
        const { history, dispatcher } = await runVirtual(toRun(given));
        for (const { number, saved } of history.trials)
          expect(dispatcher.kept.get(number)).toEqual(saved.map(({ step }) => step));
      }),
      { numRuns: 30 },
    );
  });

  it.each(["before", "after"] as const)(
    "change nothing in what it comes to, whatever the event at which it is killed (saved %s the report)",
    async (checkpoints) => {
      const run = { spec: spec("6KB"), objective: { ...objective, checkpoints } };
      const whole = await runVirtual(run);
      expect(substance(whole.history)).toEqual(substance((await runVirtual(without(run))).history));
      expect(evictions(whole.events).length).toBeGreaterThan(9);
      expect(whole.history.checkpoints.reruns).toBeGreaterThan(0);
      for (let killAt = 3; killAt < whole.events.length; killAt++) {
        const killed = await runVirtual({ ...run, killAt });
        const resumed = await runVirtual({ ...run, events: killed.events });
        expect(substance(resumed.history)).toEqual(substance(whole.history));
        expect(evictions(resumed.events).map(({ trial, step }) => [trial, step])).toEqual(
          evictions(whole.events).map(({ trial, step }) => [trial, step]),
        );
        for (const { number, saved } of resumed.history.trials)
          expect(resumed.dispatcher.kept.get(number)).toEqual(saved.map(({ step }) => step));
      }
    },
  );

  it("change nothing in what a reproducible study on 4 slots comes to, at any timing and after any kills", async () => {
    const at = (chance: number): VirtualObjective => ({
      ...objective,
      // By the configuration alone: a kill makes another attempt of any.
      failure: ({ params }, step) =>
        params["n"] === 3 && step === 2
          ? { kind: "failed", cause: { kind: "signal", message: "it was ended by SIGSEGV" } }
          : undefined,
      duration: ({ run }, step) => 1 + ((run * 31 + step * 17 + chance * 7 + ((run * chance) % 13) ** 2) % 97),
    });
    for (const strategy of ["hyperband", "bohb"]) {
      const given = spec("9KB", { reproducible: true, workers: { cpus: 4 }, strategy, stop: { trials: 30 } });
      const whole = await runVirtual(without({ spec: given, objective: at(0), slots: 4 }));
      let reruns = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.nat(1000),
          fc.integer({ min: 1, max: 4 }),
          fc.array(fc.integer({ min: 3, max: 60 }), { maxLength: 4 }),
          async (chance, slots, kills) => {
            const run = { spec: given, objective: at(chance), slots };
            let events: readonly Recorded[] = [];
            for (const kill of kills) ({ events } = await runVirtual({ ...run, events, killAt: events.length + kill }));
            const last = await runVirtual({ ...run, events });
            expect(substance(last.history)).toEqual(substance(whole.history));
            assertWithin(last.events, 9 * 1024);
            expect(verify(last.events).kind).toBe("verified");
            reruns += last.history.checkpoints.reruns;
          },
        ),
        { numRuns: 20 },
      );
      expect(reruns).toBeGreaterThan(10);
    }
  });

  it("say why a promoted trial starts again at step 1", async () => {
    const { events, history } = await runVirtual({ spec: spec("6KB"), objective, slots: 2 });
    const again = events.filter(
      (event) => event.type === "run-started" && event.reason.startsWith("promoted") && event.startStep === 1,
    );
    expect(again.length).toBe(history.checkpoints.reruns);
    for (const event of again)
      expect(event).toMatchObject({
        reason: expect.stringMatching(/, from step 1, since its checkpoint was removed to keep within 6 KB$/),
      });
  });

  it("are told once where what may not go is too much", async () => {
    const { events } = await runVirtual({
      spec: spec("1KB"),
      objective: { ...objective, bytes: () => 5000 },
      slots: 3,
    });
    const told = events.filter((event) => event.type === "checkpoints-exceeded");
    expect(told).toMatchObject([
      {
        reason:
          "the checkpoints of what runs and of the best trial alone take 4.88 KB, more than the limit of 1 KB: none of them can be removed",
      },
    ]);
  });

  it("are all kept without a limit, and where nobody measured them", async () => {
    const run = { spec: spec("1KB"), objective };
    expect(evictions((await runVirtual(without(run))).events)).toEqual([]);
    const { bytes: _, ...silent } = objective;
    expect(evictions((await runVirtual({ ...run, objective: silent })).events)).toEqual([]);
  });
});

describe("verify", () => {
  const journal = async (): Promise<readonly Recorded[]> =>
    (await runVirtual({ spec: spec("6KB"), objective, slots: 2 })).events;

  it("names an eviction that the history implies and the journal lacks", async () => {
    const events = await journal();
    const at = events.findIndex(({ type }) => type === "checkpoint-evicted");
    expect(verify(events.toSpliced(at, 1))).toMatchObject({
      kind: "different",
      seq: at,
      message: expect.stringMatching(/^kind of answer: the history implies "checkpoint-evicted", the journal says/),
    });
  });

  it.each<[string, object, RegExp]>([
    ["another trial", { trial: 0 }, /^trial: /],
    ["another step", { step: 8 }, /^step: /],
    ["another size", { bytes: 7 }, /^bytes: /],
    ["another reason", { reason: "because" }, /^reason: /],
    ["another event that it saw", { seen: 3 }, /^the event it saw last: /],
    ["more than such an answer has", { fallback: "x" }, /^found fallback/],
  ])("names an eviction of %s", async (_, change, message) => {
    const events = await journal();
    const at = events.findIndex((event) => event.type === "checkpoint-evicted" && event.trial > 0 && event.step === 1);
    expect(verify(events.with(at, { ...events[at], ...change } as Recorded))).toMatchObject({
      kind: "different",
      seq: at,
      message: expect.stringMatching(message),
    });
  });

  it("names an eviction that nothing calls for, and a checkpoint of an impossible size", async () => {
    const events = await journal();
    const saved = events.findIndex(({ type }) => type === "checkpoint-saved");
    const eviction = evictions(events)[0] as Recorded;
    expect(verify(events.toSpliced(saved + 1, 0, eviction))).toMatchObject({ kind: "different", seq: saved + 1 });
    expect(() => verify(events.with(saved, { ...events[saved], bytes: -1 } as Recorded))).toThrow(
      expect.objectContaining({ code: "journal-damaged", message: expect.stringContaining('"bytes" cannot be -1') }),
    );
  });
});
