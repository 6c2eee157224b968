import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Observation } from "../../src/history/observations.ts";
import type { TrialView } from "../../src/history/view.ts";
import { evidenceFor } from "../../src/samplers/evidence.ts";
import { encodeLine } from "../../src/journal/line.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { verifyStudy } from "../../src/study/verify.ts";
import { suggestLater } from "../support/suggest-later.ts";
import { runVirtual, type VirtualRun, type VirtualStudy } from "../support/virtual-study.ts";

const spec = (trials: number, seed = 1): StudySpec => ({
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 }, y: { type: "float", low: 0, high: 1 } },
  strategy: "bayesian",
  stop: { trials },
  seed,
});

const sources = ({ history }: VirtualStudy): readonly string[] => history.trials.map(({ source }) => source);

describe("a study that leaves the choice of the sampler to the engine", () => {
  it("starts evenly, goes on with the process, and draws one trial in six at random", async () => {
    const study = await runVirtual({
      spec: spec(40),
      objective: { loss: ({ params }) => (Number(params["x"]) - 0.3) ** 2 + (Number(params["y"]) - 0.6) ** 2 },
    });
    const expected = Array.from({ length: 40 }, (_, trial) =>
      trial < 4 ? "sobol" : [24, 30, 36].includes(trial) ? "random" : "gp",
    );
    expect(sources(study)).toEqual(expected);
    const { trials } = study.history;
    expect(trials[24]?.reason).toBe("drawn at random; one trial in 6 is, to judge the model by");
    expect(trials.every(({ source, predicted }) => (predicted !== undefined) === (source === "gp"))).toBe(true);
  });

  it("says what the process has won against chance", async () => {
    const study = await runVirtual({
      spec: spec(56),
      objective: { loss: ({ params }) => (Number(params["x"]) - 0.3) ** 2 + (Number(params["y"]) - 0.6) ** 2 },
    });
    const { trials } = study.history;
    expect(
      sources(study)
        .slice(49)
        .filter((source) => source === "gp").length,
    ).toBe(6);
    expect(trials[49]?.reason).toMatch(
      /; of 40 trials by gp and 5 at random, gp has the better in [6-9]\d % of pairs$/,
    );
  });

  it("leaves a model that is no better than chance, and says why", async () => {
    // Whatever the model likes is bad: only what was drawn at random is good.
    const study = await runVirtual({
      spec: spec(110),
      objective: { loss: ({ trial }) => (trial >= 24 && trial % 6 === 0 ? 0 : 1 + (trial % 5)) },
    });
    const later = study.history.trials.slice(49);
    expect(later[0]?.source).toBe("tpe");
    expect(later[0]?.reason).toMatch(/of 40 trials by gp and 5 at random, gp has the better in 0 % of pairs$/);
    expect(study.history.trials.at(-1)?.source).toBe("random");
    expect(study.history.trials.at(-1)?.reason).toMatch(
      /^drawn at random; of \d+ trials by gp .*, of \d+ trials by tpe /,
    );
    expect(later.some(({ source }) => source === "gp")).toBe(false);
  });
});

describe("a study with a budget that leaves the choice of the sampler to the engine", () => {
  const budget = { min: 1, max: 4, eta: 4 };
  const loss: VirtualRun["objective"]["loss"] = ({ params }, step) => Number(params["x"]) + 1 / step;

  it("lets three arms compete where most trials are not trained to the end", async () => {
    const study = await runVirtual({
      spec: { ...spec(60), strategy: { sampler: "auto", scheduler: "asha" }, budget },
      objective: { loss, checkpoints: "after" },
    });
    const by = new Set(sources(study).slice(12));
    expect(by).toEqual(new Set(["gp", "screened", "random"]));
    const created = study.events.filter((event) => event.type === "trial-created");
    for (const { reason } of created.slice(20))
      expect(reason).toMatch(
        /; (\d+ of \d+ trials found so are among the best \d+, for which it is taken with \d+ %|while little is known, they take turns)$/,
      );
  });

  it("goes by the evidence where all are trained to the end", async () => {
    const study = await runVirtual({ spec: { ...spec(40), budget }, objective: { loss } });
    expect(sources(study)).toEqual(
      Array.from({ length: 40 }, (_, trial) => (trial < 4 ? "sobol" : [24, 30, 36].includes(trial) ? "random" : "gp")),
    );
  });
});

describe("a study whose trials are suggested by several samplers, in place and in a thread", () => {
  it.each([
    ["full", false],
    ["full", true],
    ["hyperband", false],
    ["hyperband", true],
  ] as const)("is what verify computes again: %s, reproducible %s", async (scheduler, reproducible) => {
    const study: VirtualRun = {
      spec: {
        ...spec(90),
        metric: { name: "loss", goal: "maximize" },
        strategy: { sampler: "auto", scheduler },
        budget: { min: 1, max: 4, eta: 2 },
        enqueue: [{ x: 0.5, y: 0.5 }],
        reproducible,
        workers: { cpus: 3 },
      },
      // The process is misled: what was drawn at random is the best.
      objective: {
        loss: ({ trial, params }, step) => (trial % 6 === 0 ? 3 : Number(params["x"])) - 1 / step,
        duration: ({ run }) => 1 + ((run * 7) % 5),
        checkpoints: "after",
      },
      slots: 3,
      suggester: suggestLater,
    };
    const whole = await runVirtual(study);
    // Under Hyperband the Parzen estimator has a turn only while most trials are whole.
    const others = scheduler === "full" ? ["tpe"] : ["screened"];
    expect([...new Set(sources(whole))]).toEqual(
      expect.arrayContaining(["enqueued", "sobol", "gp", "random", ...others]),
    );
    const folder = mkdtempSync(join(tmpdir(), "hpo-auto-"));
    const file = join(folder, "journal.jsonl");
    writeFileSync(file, whole.events.map((event) => `${encodeLine(event)}\n`).join(""));
    expect(verifyStudy(file)).toMatchObject({ kind: "verified" });
    rmSync(folder, { recursive: true });
    if (!reproducible) return;

    const killed = await runVirtual({ ...study, killAt: Math.floor(whole.events.length * 0.7) });
    const resumed = await runVirtual({ ...study, events: killed.events });
    const substance = ({ history: { trials } }: VirtualStudy): unknown =>
      trials.map(({ params, source, value }) => ({ params, source, value }));
    expect(substance(resumed)).toEqual(substance(whole));
  });
});

describe("the evidence for a sampler", () => {
  const trials = (words: readonly string[]): readonly TrialView[] =>
    words.map((source) => ({ source }) as unknown as TrialView);
  const known = (losses: readonly (number | undefined)[]): readonly Observation[] =>
    losses.map((loss, trial) => ({ trial, params: {}, loss }));

  it("is the share of pairs that it wins, ties by half, a failure being the worst", () => {
    const words = [...Array.from({ length: 8 }, () => "gp"), ...Array.from({ length: 5 }, () => "random"), "enqueued"];
    const losses = [1, 1, 1, 1, 3, 3, 9, undefined, 2, 3, 4, 5, undefined, 0];
    // 4 win 5 of 5, 2 win 3.5, one wins 1, and one ties with the failed one.
    expect(evidenceFor("gp", known(losses), trials(words))).toEqual({
      share: (4 * 5 + 2 * 3.5 + 1 + 0.5) / 40,
      trials: 8,
      canaries: 5,
    });
  });

  it("is what counting every pair gives", () => {
    const loss = fc.option(fc.oneof(fc.integer({ min: -2, max: 2 }), fc.constant(-0), fc.double({ noNaN: true })), {
      nil: undefined,
    });
    const some = fc.tuple(
      fc.array(loss, { minLength: 8, maxLength: 30 }),
      fc.array(loss, { minLength: 5, maxLength: 30 }),
    );
    fc.assert(
      fc.property(some, ([suggested, canaries]) => {
        const worth = (a: number, b: number): number => (a < b ? 1 : a === b ? 0.5 : 0);
        const pairs = suggested.flatMap((a) => canaries.map((b) => worth(a ?? Infinity, b ?? Infinity)));
        const words = [...suggested.map(() => "gp"), ...canaries.map(() => "random")];
        expect(evidenceFor("gp", known([...suggested, ...canaries]), trials(words))?.share).toBe(
          pairs.reduce((sum, each) => sum + each, 0) / pairs.length,
        );
      }),
    );
  });

  it("is none while there are few trials of either kind", () => {
    const few = [...Array.from({ length: 7 }, () => "gp"), ...Array.from({ length: 9 }, () => "random")];
    expect(evidenceFor("gp", known(few.map(() => 1)), trials(few))).toBeUndefined();
    const canaries = [...Array.from({ length: 20 }, () => "gp"), ...Array.from({ length: 4 }, () => "random")];
    expect(evidenceFor("gp", known(canaries.map(() => 1)), trials(canaries))).toBeUndefined();
  });
});
