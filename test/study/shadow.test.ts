import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Recorded, RunShadowed, RunStopped } from "../../src/history/events.ts";
import { safetyOf } from "../../src/history/safety.ts";
import { encodeLine } from "../../src/journal/line.ts";
import { createRng } from "../../src/numerics/rng.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { verifyStudy, type VerifyResult } from "../../src/study/verify.ts";
import { runVirtual, type VirtualObjective, type VirtualRun } from "../support/virtual-study.ts";

const folder = mkdtempSync(join(tmpdir(), "hpo-shadow-"));
afterAll(() => rmSync(folder, { recursive: true }));

function verify(events: readonly Recorded[]): VerifyResult {
  const file = join(folder, "journal.jsonl");
  writeFileSync(file, events.map((event, seq) => `${encodeLine({ ...event, seq })}\n`).join(""));
  return verifyStudy(file);
}

const spec = (scheduler: string, options: object, changes: Partial<StudySpec> = {}): StudySpec => ({
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy: { sampler: "random", scheduler: { name: scheduler, ...options } },
  budget: { min: 1, max: 9, unit: "epochs" },
  stop: { trials: 8 },
  seed: 1,
  ...changes,
});

/** Trials end at 1, 2, 3, … by their numbers, but for one that looks worst until its last epochs and is best in the end. */
const lateWinner = (late: number): VirtualObjective => ({
  loss: ({ trial }, step) => (trial === late ? (step < 7 ? 50 : 0) : trial + 1 + 9 - step),
});

const shadows = (events: readonly Recorded[]): readonly Recorded<RunShadowed>[] =>
  events.filter((event) => event.type === "run-shadowed");
const stops = (events: readonly Recorded[]): readonly Recorded<RunStopped>[] =>
  events.filter((event) => event.type === "run-stopped");

describe("a stop in the shadow", () => {
  it("finds the winner that the median rule stops", async () => {
    const run = (shadow: number): VirtualRun => ({
      spec: spec("median", { startup: 5, shadow }),
      objective: lateWinner(5),
    });
    const without = await runVirtual(run(0));
    expect(without.history.best).toMatchObject({ number: 0, value: 1 });
    expect(safetyOf(without.history)).toMatchObject({ stopped: 3, shadow: { stops: 0 } });

    const { events, history } = await runVirtual(run(100));
    expect(history.best).toMatchObject({ number: 5, value: 0 });
    expect(history.trials[5]).toMatchObject({
      state: "complete",
      reason:
        "would have been stopped at step 1: its best loss by then, 50, is worse than 11, the median of 5 completed trials; goes on in the shadow, to see whether that would have been right",
    });
    // It is asked for once, and not again at the steps after.
    expect(shadows(events).map(({ run: number, step, toBeat }) => [number, step, toBeat])).toEqual([
      [5, 1, 1],
      [6, 1, 0],
      [7, 1, 0],
    ]);
    expect(safetyOf(history)).toMatchObject({
      stopped: 0,
      steps: { done: 8 * 9, saved: 0, shadow: 3 * 8 },
      shadow: { stops: 3, ended: 3, wrong: 1 },
    });
    expect(verify(events)).toMatchObject({ kind: "verified" });
  });

  it("is drawn by seed and trial alone", async () => {
    const given = spec("median", { startup: 1, shadow: 30 }, { stop: { trials: 40 } });
    const { events, history } = await runVirtual({ spec: given, objective: lateWinner(-1) });
    const drawn = (trial: number): boolean => createRng("1", trial, "shadow").uniform() < 0.3;
    const asked = history.trials.filter(({ givenUp }) => givenUp !== undefined).map(({ number }) => number);
    expect(asked.length).toBeGreaterThan(30);
    expect(shadows(events).map(({ run }) => run)).toEqual(asked.filter(drawn));
    expect(stops(events).map(({ run }) => run)).toEqual(asked.filter((trial) => !drawn(trial)));
    expect(shadows(events).length).toBeGreaterThan(3);
  });

  it("is one in twenty where nothing else is asked for, and none of a user's own explicit rules", async () => {
    const many = { stop: { trials: 200 } };
    const shadowsOf = async (scheduler: string, options: object): Promise<readonly number[]> =>
      shadows((await runVirtual({ spec: spec(scheduler, options, many), objective: lateWinner(-1) })).events).map(
        ({ run }) => run,
      );
    const drawn = Array.from({ length: 200 }, (_, trial) => trial).filter(
      (trial) => createRng("1", trial, "shadow").uniform() < 0.05,
    );
    expect(await shadowsOf("median", {})).toEqual(drawn.filter((trial) => trial >= 5));
    expect(drawn.length).toBeGreaterThan(2);
    expect(await shadowsOf("threshold", { upper: 5 })).toEqual([]);
    expect(await shadowsOf("patient", { patience: 1, delta: 10 })).toEqual([]);
  });

  it("is none in a study from before there were shadows, which is resumed", async () => {
    const run: VirtualRun = { spec: spec("median", { startup: 1, shadow: 100 }), objective: lateWinner(-1) };
    const { events } = await runVirtual(run);
    const [created] = events;
    if (created?.type !== "study-created") throw new TypeError("a study begins with its creation");
    const { shadow: _, ...scheduler } = created.settings.scheduler;
    // With so many trials, one in twenty would be seen.
    const settings = { ...created.settings, scheduler, stop: { ...created.settings.stop, trials: 100 } };
    const resumed = await runVirtual({ ...run, events: [{ ...created, settings }] });
    expect(stops(resumed.events)).toHaveLength(99);
    expect(shadows(resumed.events)).toEqual([]);
  });

  it("is carried out all the same when the budget is used, or the study's end has come", async () => {
    const overrun = await runVirtual({
      spec: spec("median", { startup: 1, shadow: 100 }),
      objective: { ...lateWinner(-1), overrun: 2 },
    });
    expect(stops(overrun.events).map(({ reason, step }) => [reason, step])).toEqual(
      Array.from({ length: 8 }, () => ["has used its budget of 9 epochs: it reported step 10", undefined]),
    );
    expect(overrun.history.trials.map(({ state }) => state)).toEqual(Array.from({ length: 8 }, () => "complete"));
    expect(safetyOf(overrun.history)).toMatchObject({ stopped: 0, shadow: { stops: 7, ended: 7 } });
  });

  it("needs a whole training to compare with", async () => {
    // Trials that rested on the lowest rung are all that ASHA knows on these slots when the first full runs come to it.
    const objective: VirtualObjective = { loss: ({ trial }) => (trial < 3 ? trial : trial + 100) };
    const given = spec("asha", { shadow: 100 }, { stop: { trials: 12 } });
    const { events } = await runVirtual({ spec: given, objective, slots: 6 });
    const whole = events.findIndex(
      (event) => event.type === "run-ended" && event.outcome.kind === "completed" && runOf(events, event.run) === 9,
    );
    const answers = (part: readonly Recorded[]): readonly string[] =>
      part.flatMap(({ type }) => (type === "run-stopped" || type === "run-shadowed" ? [type] : []));
    expect(answers(events.slice(0, whole))).toContain("run-stopped");
    expect(answers(events.slice(0, whole))).not.toContain("run-shadowed");
    expect(verify(events)).toMatchObject({ kind: "verified" });
  });

  it("is none of curve, which only drops, with a chance", async () => {
    const objective: VirtualObjective = { loss: ({ params }, step) => (params["x"] as number) + 1 / step };
    const resting = await runVirtual({
      spec: spec("curve", {}, { stop: { trials: 20 } }),
      objective: { ...objective, checkpoints: "after" },
    });
    const drops = resting.events.filter((event) => event.type === "trial-dropped");
    expect(drops.length).toBeGreaterThan(3);
    for (const { chance } of drops) expect(chance).toBeLessThanOrEqual(0.05);
    const record = safetyOf(resting.history);
    expect(record).toMatchObject({ stopped: 0, dropped: drops.length, shadow: { stops: 0 } });
    const sum = drops.reduce((total, { chance }) => total + (chance ?? 0), 0);
    expect(record?.foretold?.wrong).toBeCloseTo(sum, 12);
    expect(record?.foretold?.of).toBe(drops.filter(({ chance }) => chance !== undefined).length);
  });
});

function runOf(events: readonly Recorded[], run: number): number | undefined {
  return events.find((event) => event.type === "run-started" && event.run === run && event.budget === 9) && 9;
}

describe("the limit of a scheduler whose stops were wrong", () => {
  it("widens the median, by how many of the shadows showed it", async () => {
    const { history } = await runVirtual({
      spec: spec("median", { startup: 5, shadow: 100 }, { stop: { trials: 9 } }),
      objective: lateWinner(5),
    });
    // (1 + 20) / (2 · 20) of the 50 % that are stopped are left.
    expect(history.trials[6]?.reason).toMatch(
      /is worse than .*, the limit of the best 73\.75% of 6 completed trials, loosened since 1 of 1 stop in the shadow was wrong; goes on/,
    );
    expect(history.trials[8]?.reason).toContain("loosened since 1 of 3 stops in the shadow was wrong");
  });
});

describe("a reproducible study with shadows", () => {
  it.each([
    ["median", 3],
    ["asha", 7],
  ])("by %s comes out the same at any timing, on fewer slots, and after any kills", async (scheduler, oneIn) => {
    const own = { median: { startup: 2 }, asha: {} }[scheduler];
    const options = { shadow: 50, ...own };
    const given = spec(scheduler, options, {
      stop: { trials: 30 },
      trial: { retries: 1 },
      workers: { cpus: 4 },
      reproducible: true,
    });
    const objective = (chance: number): VirtualObjective => ({
      loss: ({ params, trial }, step) =>
        trial % oneIn === oneIn - 1 && step > 5 ? -trial : (params["x"] as number) + 1 / step,
      duration: ({ run }, step) => 1 + ((run * 31 + step * 17 + chance * 7 + ((run * chance) % 13) ** 2) % 97),
      // After most of the shadows were decided; tried again.
      failure: ({ trial }, step) =>
        trial % 5 === 3 && step === 4
          ? { kind: "failed", cause: { kind: "signal", message: "it was ended by SIGSEGV" } }
          : undefined,
    });
    const whole = await runVirtual({ spec: given, objective: objective(0), slots: 4 });
    const substance = ({ history }: { readonly history: typeof whole.history }): unknown => ({
      outcomes: history.trials.map(({ params, state, value, reason, givenUp }) => ({
        params,
        state,
        value,
        reason,
        givenUp,
      })),
      shadow: safetyOf(history)?.shadow,
    });
    expect(safetyOf(whole.history)?.shadow.ended).toBeGreaterThan(2);
    expect(safetyOf(whole.history)?.shadow.wrong).toBeGreaterThan(0);
    // The order's own history knows of them too.
    const loosened = whole.history.trials.some(({ reason }) => reason.includes("loosened since"));
    expect(loosened).toBe(scheduler !== "asha");
    const timing = [fc.nat(1000), fc.integer({ min: 1, max: 4 })] as const;
    const anyKills = fc.array(fc.integer({ min: 3, max: 60 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(...timing, anyKills, async (chance, slots, kills) => {
        const run = { spec: given, objective: objective(chance), slots };
        let events: readonly Recorded[] = [];
        for (const kill of kills) {
          if (events.some(({ type }) => type === "study-finished")) break;
          ({ events } = await runVirtual({ ...run, events, killAt: events.length + kill }));
        }
        const resumed = await runVirtual({ ...run, events });
        expect(substance(resumed)).toEqual(substance(whole));
        expect(verify(resumed.events)).toMatchObject({ kind: "verified" });
      }),
      { numRuns: 20 },
    );
  });
});

describe("verify", () => {
  it("names a shadow that was altered, and one that was carried out", async () => {
    const given = spec("median", { shadow: 50 }, { stop: { trials: 40 } });
    const objective: VirtualObjective = { loss: ({ params }, step) => (params["x"] as number) + 1 / step };
    const { events } = await runVirtual({ spec: given, objective });
    const first = events.findIndex(({ type }) => type === "run-shadowed");
    const stop = events.findIndex(({ type }) => type === "run-stopped");
    const shadow = events[first] as Recorded<RunShadowed>;
    const { toBeat: _, ...carriedOut } = shadow;
    const replaced = (at: number, ...by: readonly Recorded[]): VerifyResult =>
      verify([...events.slice(0, at), ...by, ...events.slice(at + 1)]);
    const found = (at: number, message: RegExp): object => ({
      kind: "different",
      seq: at,
      message: expect.stringMatching(message) as string,
    });
    expect(replaced(first, { ...shadow, toBeat: shadow.toBeat + 1 })).toMatchObject(found(first, /^toBeat: /));
    expect(replaced(first, { ...shadow, step: shadow.step + 1 })).toMatchObject(found(first, /^step: /));
    expect(replaced(first, { ...shadow, chance: 0 })).toMatchObject(found(first, /chance/));
    expect(replaced(first, { ...carriedOut, type: "run-stopped" })).toMatchObject(
      found(first, /^expected run \d+ to go on in the shadow \("would have been .*found run-stopped$/),
    );
    expect(replaced(first)).toMatchObject(found(first, /^expected run \d+ to go on in the shadow/));
    const stopped = events[stop] as Recorded<RunStopped>;
    expect(
      replaced(stop, { ...stopped, type: "run-shadowed", step: stopped.step ?? 0, toBeat: shadow.toBeat }),
    ).toMatchObject(found(stop, /^expected the stop of run \d+ .*found run-shadowed$/));
    // A second one, which no report calls for.
    expect(replaced(first, shadow, { ...shadow, seen: first })).toMatchObject({ kind: "different", seq: first + 1 });
  });
});
