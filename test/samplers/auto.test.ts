import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { createRng } from "../../src/numerics/rng.ts";
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
  it("starts evenly, and goes on with the process where that predicts best", async () => {
    const study = await runVirtual({
      spec: spec(40),
      objective: { loss: ({ params }) => (Number(params["x"]) - 0.3) ** 2 + (Number(params["y"]) - 0.6) ** 2 },
    });
    const by = sources(study);
    expect(by.slice(0, 4)).toEqual(["sobol", "sobol", "sobol", "sobol"]);
    expect(by.slice(4).filter((source) => source === "gp").length).toBeGreaterThan(28);
    const { trials, lastFit } = study.history;
    expect(trials.every(({ source, predicted }) => (predicted !== undefined) === (source === "gp"))).toBe(true);
    expect(lastFit?.shares?.process).toBeGreaterThan(0.5);
  });

  it("sees within 20 trials that nothing can be predicted, and is then a random search as far as that goes", async () => {
    // Every trial is a draw of its own, wherever it is.
    const noise = createRng("noise", 0, "sample");
    const losses = Array.from({ length: 60 }, () => noise.uniform());
    const bySeed = await Promise.all(
      [1, 2, 3, 4].map((seed) =>
        runVirtual({
          spec: spec(60, seed),
          objective: { loss: ({ trial }) => losses[(trial * 7 + seed) % 60] as number },
        }),
      ),
    );
    const shares = bySeed.flatMap(({ events }) =>
      events.flatMap((event) =>
        event.type === "trial-created" && event.trial >= 20 ? (event.fit?.shares?.chance ?? []) : [],
      ),
    );
    expect(median(shares)).toBeGreaterThan(0.9);
    const late = bySeed.flatMap((study) => sources(study).slice(20));
    expect(late.filter((source) => source === "random").length / late.length).toBeGreaterThan(0.6);
    const drawn = bySeed[0]?.history.trials.find(({ source }) => source === "random");
    expect(drawn?.reason).toMatch(/^drawn at random, as \d+ % of the trials are: /);
    const modelled = bySeed.flatMap(({ history }) => history.trials.filter(({ source }) => source === "gp"));
    expect(modelled.map(({ reason }) => reason).join("\n")).toMatch(
      /by a Gaussian process of \d+ trials \(share \d+ %\)$/m,
    );
  });
});

describe("a long study that leaves the choice of the sampler to the engine", () => {
  it("goes on with the evolution strategy where the process sees no difference any more, and not before", async () => {
    const study = await runVirtual({
      spec: spec(160),
      objective: { loss: ({ params }) => (Number(params["x"]) - 0.3) ** 2 + (Number(params["y"]) - 0.6) ** 2 },
    });
    const by = sources(study);
    const first = by.indexOf("cmaes");
    expect(first).toBeGreaterThanOrEqual(100);
    expect(by.slice(4, first).every((source) => source !== "cmaes")).toBe(true);
    expect(study.history.trials[first]?.reason).toMatch(
      /; the Gaussian process takes for noise what differs among the best 6 trials$/,
    );
    expect(by.slice(first).filter((source) => source === "cmaes").length).toBeGreaterThan(30);
  });

  it("keeps the process where parameters have no order or are not always there", async () => {
    const parameters = {
      ...spec(1).parameters,
      kind: { type: "categorical", choices: ["a", "b"] },
    } as StudySpec["parameters"];
    const study = await runVirtual({
      spec: { ...spec(170), parameters },
      objective: { loss: ({ params }) => (Number(params["x"]) - 0.3) ** 2 + (Number(params["y"]) - 0.6) ** 2 },
    });
    expect(sources(study)).not.toContain("cmaes");
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

  it("believes models as far as they predict where all are trained to the end", async () => {
    const study = await runVirtual({ spec: { ...spec(30), budget }, objective: { loss } });
    expect(sources(study)).not.toContain("screened");
    expect(study.history.lastFit?.shares).toBeDefined();
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
      // The process is misled: what it goes by is not all that decides.
      objective: {
        loss: ({ trial, params }, step) => (trial % 6 === 0 ? 3 : Number(params["x"])) - 1 / step,
        duration: ({ run }) => 1 + ((run * 7) % 5),
        checkpoints: "after",
      },
      slots: 3,
      suggester: suggestLater,
    };
    const whole = await runVirtual(study);
    const others = scheduler === "full" ? [] : ["screened", "random"];
    expect([...new Set(sources(whole))]).toEqual(expect.arrayContaining(["enqueued", "sobol", "gp", ...others]));
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
