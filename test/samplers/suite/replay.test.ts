import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { EventOf, Recorded } from "../../../src/history/events.ts";
import { encodeLine } from "../../../src/journal/line.ts";
import { SCHEDULERS } from "../../../src/schedulers/registry.ts";
import type { StudySpec } from "../../../src/space/spec.ts";
import { Decider } from "../../../src/study/decider.ts";
import { createStrategy } from "../../../src/study/strategy.ts";
import { verifyStudy } from "../../../src/study/verify.ts";
import { schedulerOf } from "../../support/schedulers.ts";
import { suggestLater } from "../../support/suggest-later.ts";
import { finiteSpaces, spaces } from "../../support/spaces.ts";
import { runVirtual, type VirtualRun, type VirtualStudy } from "../../support/virtual-study.ts";
import {
  ANY_RESULTS,
  bowl,
  expectSound,
  forEachSampler,
  MIXED,
  resultsIn,
  sampledIn,
  samplerSpec,
  suggestionIn,
} from "./sampler-study.ts";

/** Samplers to which the seed is nothing. */
const WITHOUT_CHANCE: ReadonlySet<string> = new Set();

const folder = mkdtempSync(join(tmpdir(), "hpo-samplers-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A study with a bit of everything: enqueued, failed, promoted, dropped, stopped. */
const everything = (name: string, scheduler: string, changes: Partial<StudySpec> = {}): VirtualRun => ({
  spec: samplerSpec(name, MIXED, {
    strategy: { sampler: name, scheduler: schedulerOf(scheduler) },
    budget: { min: 1, max: 4, eta: 2 },
    enqueue: [{ x: 0.5, rate: 0.01, layers: 2, batch: 32, kind: "a" }],
    trial: { retries: 1 },
    stop: { trials: 16 },
    ...changes,
  }),
  objective: {
    ...resultsIn(MIXED, ["fine", "equal", "fine", "fine", "NaN", "fine", "throws"]),
    checkpoints: "after",
  },
});

/**
 * Asks again for a suggestion that a study was given: a fresh process that has only read the journal up to there, and a
 * fresh thread that has only got the task. Neither may say anything else, nor may what happens while they compute.
 */
function expectSameAgain(events: readonly Recorded[], chosen: EventOf<"trial-created">): void {
  const decider = new Decider();
  for (const event of events.slice(0, chosen.seen + 1)) decider.apply(event);
  expect(decider.next()).toEqual({ kind: "suggest", trial: chosen.trial });
  const task = decider.task(chosen.trial);
  const sent = structuredClone(task);
  const { sampler, samplerName } = createStrategy(decider.history.settings);
  const suggestion = suggestionIn(chosen, samplerName);
  expect(sampler.suggest(sent)).toEqual(suggestion);

  // What is open goes on until the trial is created; then nobody wants another suggestion for it.
  const runs = decider.history.runs.length;
  const next = events.findIndex(({ type, seq }) => type === "trial-created" && seq > chosen.seq);
  for (const event of events.slice(chosen.seq + 1, next === -1 ? events.length : next))
    if ((event.type === "reported" || event.type === "run-ended") && event.run < runs) decider.apply(event);
  for (let time = 0; time < 2; time++) expect(decider.strategy.sampler.suggest(task)).toEqual(suggestion);
}

forEachSampler((name) => {
  it("gives a fresh process and a fresh thread the suggestion that it gave then, and keeps nothing of its own", async () => {
    const run = fc.record({
      parameters: fc.oneof(fc.constant(MIXED), spaces, finiteSpaces),
      scheduler: fc.constantFrom(...Object.keys(SCHEDULERS)),
      slots: fc.integer({ min: 1, max: 4 }),
      seed: fc.nat(),
      results: fc.array(fc.constantFrom(...ANY_RESULTS), { minLength: 1, maxLength: 9 }),
      picks: fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ parameters, scheduler, slots, seed, results, picks }) => {
        const { events } = await runVirtual({
          spec: samplerSpec(name, parameters, {
            strategy: { sampler: name, scheduler: schedulerOf(scheduler) },
            budget: { min: 1, max: 4, eta: 2 },
            stop: { trials: 15 },
            seed,
          }),
          objective: resultsIn(parameters, results),
          slots,
          suggester: suggestLater,
        });
        const sampled = sampledIn(events);
        // Late ones most of all: they have a history behind them.
        for (const pick of [...picks, sampled.length - 1])
          expectSameAgain(events, sampled[pick % sampled.length] as EventOf<"trial-created">);
      }),
      { numRuns: 16 },
    );
  });

  describe.each(Object.keys(SCHEDULERS))("with the scheduler %s", (scheduler) => {
    it.each([1, 4])("gives a sound study that verify passes, on %i slots", async (slots) => {
      const study = await runVirtual({ ...everything(name, scheduler), slots, suggester: suggestLater });
      expectSound(study);
      const states = new Set(study.history.trials.map(({ state }) => state));
      expect(states).toContain("failed");
      if (scheduler !== "full") expect(states).toContain("pruned");
      const file = join(folder, "journal.jsonl");
      writeFileSync(file, study.events.map((event) => `${encodeLine(event)}\n`).join(""));
      expect(verifyStudy(file)).toMatchObject({ kind: "verified" });
    });

    it("gives the same study at any timing and after a kill at any event, where that is promised", async () => {
      const substance = ({ history }: VirtualStudy): unknown =>
        history.trials.map(({ params, state, value }) => ({ params, state, value }));
      for (const slots of [1, 3]) {
        // On one slot there is but one order, and it is the same without being asked for.
        const given = everything(name, scheduler, slots === 1 ? {} : { reproducible: true, workers: { cpus: slots } });
        const whole = await runVirtual({ ...given, slots });
        const timing = fc.record({
          killAt: fc.integer({ min: 3, max: whole.events.length - 2 }),
          chance: fc.nat(1000),
        });
        await fc.assert(
          fc.asyncProperty(timing, async ({ killAt, chance }) => {
            const duration = ({ run }: { readonly run: number }): number => 1 + ((run * 31 + chance * 7) % 11);
            const retimed = { ...given, objective: { ...given.objective, duration }, slots };
            const { events } = await runVirtual({ ...retimed, killAt });
            expect(substance(await runVirtual({ ...retimed, events }))).toEqual(substance(whole));
          }),
          { numRuns: 3 },
        );
      }
    });
  });

  it("gives the same study for the same seed, and another one for another", async () => {
    const loss = bowl(MIXED);
    const paramsOf = async (seed: string | number): Promise<readonly unknown[]> =>
      (
        await runVirtual({
          spec: samplerSpec(name, MIXED, { seed, stop: { trials: 12 } }),
          objective: { loss: ({ params }) => loss(params) },
        })
      ).history.trials.map(({ params }) => params);
    const first = await paramsOf(1);
    expect(await paramsOf(1)).toEqual(first);
    const isSame = JSON.stringify(await paramsOf(2)) === JSON.stringify(first);
    expect(isSame, "a sampler to which the seed is nothing, and no other, stands in WITHOUT_CHANCE").toBe(
      WITHOUT_CHANCE.has(name),
    );
  });
});
