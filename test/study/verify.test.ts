import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Recorded, Reported, RunEnded, RunStopped, TrialCreated, TrialDropped } from "../../src/history/events.ts";
import { encodeLine } from "../../src/journal/line.ts";
import type { Sampler } from "../../src/samplers/sampler.ts";
import { STRATEGY_WORDS } from "../../src/study/strategies.ts";
import type { Suggester } from "../../src/study/suggester.ts";
import { verifyStudy, type VerifyResult } from "../../src/study/verify.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual, type VirtualObjective } from "../support/virtual-study.ts";

const folder = mkdtempSync(join(tmpdir(), "hpo-verify-"));
afterAll(() => rmSync(folder, { recursive: true }));

const spec: StudySpec = {
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 }, n: { type: "int", low: -3, high: 3 } },
  budget: { min: 1, max: 9, unit: "epochs" },
  seed: 3,
};
const objective: VirtualObjective = {
  loss: ({ params }, step) => (params["x"] as number) + 1 / step,
  overrun: 1,
};

/** Writes a journal with right checksums and right numbers, whatever its events say. */
const verify = (events: readonly Recorded[]): VerifyResult => {
  const file = join(folder, "journal.jsonl");
  writeFileSync(file, events.map((event, seq) => `${encodeLine({ ...event, seq })}\n`).join(""));
  return verifyStudy(file);
};

const journalOf = async (strategy: string, slots = 1): Promise<readonly Recorded[]> =>
  (await runVirtual({ spec: { ...spec, strategy }, objective, slots })).events;

/** Replaces the first event that `find` accepts; returns its place too. */
const edit = <E extends Recorded>(
  events: readonly Recorded[],
  find: (event: Recorded) => event is E,
  change: (event: E) => readonly Recorded[],
): { readonly edited: readonly Recorded[]; readonly at: number } => {
  const at = events.findIndex(find);
  return { at, edited: [...events.slice(0, at), ...change(events[at] as E), ...events.slice(at + 1)] };
};

describe("verify", () => {
  for (const strategy of STRATEGY_WORDS)
    for (const slots of [1, 3, 8])
      it(`passes an honest journal of ${strategy} with ${slots} slots`, async () => {
        const events = await journalOf(strategy, slots);
        expect(verify(events)).toEqual({
          kind: "verified",
          events: events.length,
          answers: events.filter((event) => "seen" in event).length,
        });
      });

  for (const strategy of STRATEGY_WORDS)
    it(`passes a reproducible journal of ${strategy}, killed and resumed`, async () => {
      const run = { spec: { ...spec, strategy, reproducible: true, workers: { cpus: 3 } }, objective, slots: 3 };
      const { events } = await runVirtual({ ...run, killAt: 70 });
      expect(verify(events).kind).toBe("verified");
      expect(verify((await runVirtual({ ...run, events })).events).kind).toBe("verified");
    });

  describe("suggestions that came later than what they saw", () => {
    const lateJournal = async (strategy: string): Promise<readonly Recorded[]> => {
      const suggester = (sampler: Sampler): Suggester => ({
        suggest: async (task) => {
          for (let turn = 0; turn < 9; turn++) await new Promise((resolve) => setImmediate(resolve));
          return sampler.suggest(task);
        },
        close: async () => undefined,
      });
      return (await runVirtual({ spec: { ...spec, strategy }, objective, slots: 3, suggester })).events;
    };
    /** A run ended while it was computed. */
    const isLate =
      (journal: readonly Recorded[]) =>
      (event: Recorded): event is Recorded<TrialCreated> =>
        event.type === "trial-created" &&
        event.fit !== undefined &&
        journal.slice(event.seen + 1, event.seq).some(({ type }) => type === "run-ended");

    it.each(["bayesian", "bohb"])("pass in an honest journal of %s", async (strategy) => {
      const events = (await lateJournal(strategy)).slice(0, 300);
      expect(events.some(isLate(events))).toBe(true);
      expect(verify(events).kind).toBe("verified");
    });

    it.each<[string, (event: Recorded<TrialCreated>) => object, RegExp]>([
      ["its parameters", ({ params }) => ({ params: { ...params, x: 0.5 } }), /^params: /],
      ["its reason", () => ({ reason: "because" }), /^reason: /],
      ["its fit", ({ fit }) => ({ fit: { ...fit, observations: 1 } }), /^fit: /],
      ["what it saw, to the future", ({ seq }) => ({ seen: seq }), /^it saw event \d+ last, expected one from/],
      ["what it saw, to before the last trial", () => ({ seen: 2 }), /^it saw event 2 last, expected one from/],
      [
        "what it saw, to what came later",
        ({ seq }) => ({ seen: seq - 1 }),
        /^(params|reason|fit|what was asked for): /,
      ],
      ["that it fell back", () => ({ fallback: "no model" }), /^found fallback, which no such answer has/],
    ])("are named when somebody edited %s", async (_, change, message) => {
      const journal = await lateJournal("bayesian");
      const { edited, at } = edit(journal, isLate(journal), (event) => [{ ...event, ...change(event) }]);
      expect(verify(edited.slice(0, at + 1))).toMatchObject({
        kind: "different",
        seq: at,
        message: expect.stringMatching(message),
      });
    });
  });

  it("passes a journal that ends anywhere, and one that goes on after a kill anywhere", async () => {
    const whole = await journalOf("hyperband", 2);
    for (let end = 1; end < whole.length; end += 3) {
      expect(verify(whole.slice(0, end)).kind).toBe("verified");
      const { events } = await runVirtual({
        spec: { ...spec, strategy: "hyperband" },
        objective,
        slots: 2,
        events: whole.slice(0, end),
      });
      expect(verify(events).kind).toBe("verified");
    }
  });

  it("names an edited suggestion", async () => {
    const { edited, at } = edit(
      await journalOf("random"),
      (event): event is Recorded<TrialCreated> => event.type === "trial-created" && event.trial === 4,
      (event) => [{ ...event, params: { ...event.params, x: 0.123 } }],
    );
    expect(verify(edited)).toMatchObject({
      kind: "different",
      seq: at,
      line: at + 1,
      type: "trial-created",
      message: expect.stringMatching(/^params: /),
    });
  });

  it("names an edited reason", async () => {
    const { edited, at } = edit(
      await journalOf("hyperband"),
      (event): event is Recorded<TrialDropped> => event.type === "trial-dropped",
      (event) => [{ ...event, reason: `${event.reason}!` }],
    );
    expect(verify(edited)).toMatchObject({
      kind: "different",
      seq: at,
      type: "trial-dropped",
      message: expect.stringMatching(/^reason: /),
    });
  });

  it("names the place of an omitted stop", async () => {
    const { edited, at } = edit(
      await journalOf("hyperband"),
      (event): event is Recorded<RunStopped> => event.type === "run-stopped",
      () => [],
    );
    expect(verify(edited)).toMatchObject({
      kind: "different",
      seq: at,
      message: expect.stringMatching(/^expected the stop of run 0 /),
    });
  });

  it("names an omitted drop", async () => {
    const { edited, at } = edit(
      await journalOf("hyperband"),
      (event): event is Recorded<TrialDropped> => event.type === "trial-dropped",
      () => [],
    );
    expect(verify(edited)).toMatchObject({ kind: "different", seq: at });
  });

  it("names the answer that a report moved across a threshold contradicts", async () => {
    // A report past the budget is a stop; moved below it, the recorded stop has no ground.
    const honest = await journalOf("hyperband");
    const { edited, at } = edit(
      honest,
      (event): event is Recorded<Reported> => event.type === "reported" && event.step === 2,
      (event) => [{ ...event, step: 1 }],
    );
    expect(verify(edited)).toMatchObject({ kind: "different", seq: at + 1, type: "run-stopped" });
  });

  it("names the promotion that a loss moved across the rung's threshold contradicts", async () => {
    const { events } = await runVirtual({
      spec: { ...spec, strategy: "hyperband" },
      objective: { loss: objective.loss },
    });
    const dropped = events.find((event) => event.type === "trial-dropped") as Recorded<TrialDropped>;
    const { edited, at } = edit(
      events,
      (event): event is Recorded<RunEnded> => event.type === "run-ended" && event.run === dropped.trial,
      (event) => [{ ...event, outcome: { kind: "completed", metrics: { loss: 0.0001 } } }],
    );
    const result = verify(edited);
    expect(result).toMatchObject({ kind: "different", type: "trial-dropped" });
    expect((result as { seq: number }).seq).toBeGreaterThan(at);
  });

  it.each<[string, (event: Recorded) => boolean, (event: Recorded) => readonly object[]]>([
    ["ends a run twice", (event) => event.type === "run-ended", (event) => [event, event]],
    [
      "reports on a run that has ended",
      (event) => event.type === "run-ended",
      (event) => [event, { ...event, type: "reported", step: 1, metrics: { loss: 1 } }],
    ],
    [
      "runs out of a time that it does not have",
      (event) => event.type === "run-ended",
      (event) => [event, { type: "time-elapsed", at: event.at }],
    ],
    ["adds to an answer", (event) => event.type === "trial-created", (event) => [{ ...event, blessed: true }]],
    [
      "goes on after its last session",
      (event) => event.type === "session-ended",
      (event) => [event, { type: "enqueued", at: event.at, params: { x: 0, n: 0 } }],
    ],
  ])("names the event by which a journal %s", async (_, find, change) => {
    const events = await journalOf("hyperband");
    const at = events.findIndex(find);
    const edited = [...events.slice(0, at), ...(change(events[at] as Recorded) as Recorded[]), ...events.slice(at + 1)];
    // What was added moves the answers behind it, which must not be what is found.
    const result = verify(edited);
    expect(result).toMatchObject({ kind: "different" });
    expect([at, at + 1]).toContain((result as { seq: number }).seq);
  });

  it("names a run on a slot that is taken", async () => {
    const events = await journalOf("hyperband", 2);
    const at = events.findIndex((event) => event.type === "run-started" && event.slot === "cpu-1");
    const edited = events.with(at, { ...(events[at] as Recorded), slot: "cpu-0" } as Recorded);
    expect(verify(edited)).toMatchObject({ kind: "different", seq: at, message: "cannot be: a run is open on cpu-0" });
  });

  it("does not compare the answers of another version", async () => {
    const [created, ...rest] = await journalOf("random");
    expect(verify([{ ...created, engine: "0.0.1" } as Recorded, ...rest])).toMatchObject({
      kind: "not-comparable",
      message: expect.stringContaining("0.0.1"),
    });
  });
});
