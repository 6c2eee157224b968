import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import type { Recorded } from "../../../src/history/events.ts";
import { encodeLine } from "../../../src/journal/line.ts";
import { verifyStudy, type VerifyResult } from "../../../src/study/verify.ts";
import { runVirtual } from "../../support/virtual-study.ts";
import { type Case, cases, forEachScheduler, runOf, substance } from "./scheduler-study.ts";

const folder = mkdtempSync(join(tmpdir(), "hpo-schedulers-"));
afterAll(() => rmSync(folder, { recursive: true }));

function verify(events: readonly Recorded[]): VerifyResult {
  const file = join(folder, "journal.jsonl");
  writeFileSync(file, events.map((event) => `${encodeLine(event)}\n`).join(""));
  return verifyStudy(file);
}

/** Ways in which somebody could alter an answer; undefined where it is not of that kind. */
const ALTERED: Readonly<Record<string, (event: Recorded) => Recorded | undefined>> = {
  "a run's budget": (event) => (event.type === "run-started" ? { ...event, budget: event.budget + 1 } : undefined),
  "a run's rung": (event) =>
    event.type === "run-started" && event.placement !== undefined
      ? { ...event, placement: { ...event.placement, rung: event.placement.rung + 1 } }
      : undefined,
  "a promotion": (event) =>
    event.type === "run-started" && event.reason.startsWith("promoted")
      ? { ...event, trial: event.trial === 0 ? 1 : 0 }
      : undefined,
  "a promotion's reason": (event) =>
    event.type === "run-started" && event.reason.startsWith("promoted")
      ? { ...event, reason: event.reason.replace("rank 1", "rank 2").concat(".") }
      : undefined,
  "a drop": (event) => (event.type === "trial-dropped" ? { ...event, trial: event.trial + 1 } : undefined),
  "a drop's reason": (event) => (event.type === "trial-dropped" ? { ...event, reason: "dropped" } : undefined),
  "a stop": (event) => (event.type === "run-stopped" ? { ...event, reason: "stopped" } : undefined),
  "the step of a stop": (event) =>
    event.type === "run-stopped" && event.step !== undefined ? { ...event, step: event.step + 1 } : undefined,
  "the chance of a stop or drop": (event) =>
    (event.type === "run-stopped" || event.type === "trial-dropped") && event.chance !== undefined
      ? { ...event, chance: event.chance + 0.01 }
      : undefined,
  "a chance that is not foretold": (event) =>
    (event.type === "run-stopped" || event.type === "trial-dropped") && event.chance === undefined
      ? { ...event, chance: 0.01 }
      : undefined,
  "a stop in the shadow": (event) => (event.type === "run-shadowed" ? { ...event, reason: "stopped" } : undefined),
  "what a shadow has to beat": (event) =>
    event.type === "run-shadowed" ? { ...event, toBeat: event.toBeat - 1 } : undefined,
  "a shadow that becomes a stop": (event) => {
    if (event.type !== "run-shadowed") return undefined;
    const { toBeat: _, ...stop } = event;
    return { ...stop, type: "run-stopped" };
  },
  "a stop that becomes a shadow": (event) =>
    event.type === "run-stopped" ? { ...event, type: "run-shadowed", step: event.step ?? 1, toBeat: 0 } : undefined,
  "a shadow that is gone": (event) =>
    event.type === "run-shadowed"
      ? { seq: event.seq, at: event.at, type: "checkpoint-saved", run: event.run, step: 1 }
      : undefined,
  // As if the run had been allowed to go on.
  "a stop that is gone": (event) =>
    event.type === "run-stopped"
      ? { seq: event.seq, at: event.at, type: "checkpoint-saved", run: event.run, step: 1 }
      : undefined,
};

/** On one slot, or where it is asked for, nothing depends on time. */
const settled = (given: Case): Case => (given.slots === 1 ? given : { ...given, reproducible: true });

forEachScheduler((name) => {
  it("gives a study that depends on no kill, at any event, and on no timing, where that is promised", async () => {
    const timing = fc.record({
      kills: fc.array(fc.integer({ min: 3, max: 120 }), { minLength: 1, maxLength: 3 }),
      durations: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 9 }),
      fewer: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(cases, timing, async (some, { kills, durations, fewer }) => {
        const given = settled({ ...some, slots: Math.min(some.slots, 6) });
        const whole = await runVirtual(runOf(name, given));
        // A study that failed tries again when it is resumed.
        fc.pre(whole.history.finished?.failed === false);
        const other = runOf(name, { ...given, behaviour: { ...given.behaviour, durations } });
        const slots = fewer ? 1 : given.slots;
        let events: readonly Recorded[] = [];
        for (const kill of kills) {
          if (events.some(({ type }) => type === "study-finished")) break;
          ({ events } = await runVirtual({ ...other, slots, events, killAt: events.length + kill }));
        }
        const resumed = await runVirtual({ ...other, slots, events });
        expect(substance(resumed)).toEqual(substance(whole));
        expect(resumed.history.best).toEqual(whole.history.best);
        expect(verify(resumed.events)).toMatchObject({ kind: "verified" });
      }),
      { numRuns: 15 },
    );
  });

  it("gives journals that verify, in which every altered decision is found", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(), async (given, pick) => {
        const { events } = await runVirtual(runOf(name, given));
        expect(verify(events)).toMatchObject({ kind: "verified" });
        for (const [what, alter] of Object.entries(ALTERED)) {
          const candidates = events.filter((event) => alter(event) !== undefined);
          const chosen = candidates[pick % Math.max(1, candidates.length)];
          if (chosen === undefined) continue;
          seen.add(what);
          const altered = events.map((event) => (event === chosen ? (alter(event) as Recorded) : event));
          expect(verify(altered), what).toMatchObject({ kind: "different", seq: chosen.seq });
        }
      }),
      { numRuns: 8 },
    );
    expect(seen).toContain("a run's budget");
  });
});
