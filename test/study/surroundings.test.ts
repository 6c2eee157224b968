import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createStudy, resumeStudy } from "../../src/index.ts";

const directory = mkdtempSync(join(tmpdir(), "hpo-surroundings-"));
afterAll(() => rmSync(directory, { recursive: true }));

const metric = { name: "loss", goal: "minimize" } as const;
const parameters = {
  x: { type: "float", low: -1, high: 1 },
  kind: { type: "categorical", choices: ["a", "b"] },
  depth: { type: "int", low: 1, high: 3, when: { kind: ["b"] } },
} as const;
const memory = { name: "test", directory: null, metric, parameters, seed: 1 };

describe("a study and its surroundings", () => {
  it("keeps what was tried as it was tried, whatever the objective does to it", async () => {
    const study = await createStudy({
      ...memory,
      objective: (params) => {
        const own = params as { x: number };
        own.x = 99;
        return 1;
      },
      stop: { trials: 2 },
    });
    const { best } = await study.run();
    await study.close();
    expect(Math.abs(best?.params.x ?? 99)).toBeLessThanOrEqual(1);
  });

  it("enqueues what was given at the time of the call", async () => {
    const study = await createStudy(memory);
    const params = { x: 0.2, kind: "a" as const };
    await study.enqueue(params as never);
    params.x = 0.3;
    expect((await study.ask())?.params.x).toBe(0.2);
    await study.close();
  });

  it("checks new stop rules in the spec's own words", async () => {
    const objective = (): number => 1;
    const study = await createStudy({ ...memory, name: "rules", directory, objective, stop: { trials: 2 } });
    await study.run();
    await study.close();
    const resume = (stop: object) => resumeStudy({ name: "rules", directory, objective, stop });
    await expect(resume({ trials: 0, time: "soon" })).rejects.toMatchObject({
      issues: [expect.objectContaining({ path: "stop.trials" }), expect.objectContaining({ path: "stop.time" })],
    });
    const same = await resume({ trials: undefined });
    expect(same.history.stop).toMatchObject({ trials: 2, time: null });
    await same.close();
    const longer = await resume({ trials: 3, time: "1h" });
    expect(longer.history.stop).toMatchObject({ trials: 3, time: 3_600_000 });
    expect((await longer.run()).trials).toHaveLength(3);
    await longer.close();
  });

  it("is finished still when it was only opened and closed", async () => {
    const objective = (): number => 1;
    const study = await createStudy({ ...memory, name: "opened", directory, objective, stop: { trials: 1 } });
    await study.run();
    await study.close();
    const again = await resumeStudy({ name: "opened", directory, objective });
    await again.close();
    expect(again.history.finished?.reason).toBe("the one trial asked for is done");
  });

  it("refuses to start, and to go on, where its module is not", async () => {
    const module = join(directory, "train.mjs");
    const spec = { ...memory, name: "moved", directory, objective: { module } };
    await expect(createStudy(spec)).rejects.toMatchObject({
      issues: [expect.objectContaining({ path: "objective.module" })],
    });
    writeFileSync(module, "export default () => 1;");
    await (await createStudy(spec)).close();
    rmSync(module);
    await expect(resumeStudy({ name: "moved", directory })).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining(`its module is not at ${module}`),
    });
  });

  it("is not driven by hand while it runs, nor run while it is driven by hand", async () => {
    const study = await createStudy({
      ...memory,
      objective: async () => {
        await expect(study.ask()).rejects.toMatchObject({ code: "invalid-argument" });
        await expect(study.tell({ run: 0 }, 1)).rejects.toMatchObject({ code: "invalid-argument" });
        return 1;
      },
      stop: { trials: 1 },
    });
    expect((await study.run()).trials[0]?.state).toBe("complete");
    await study.close();
  });

  it("counts a run that first speaks beyond its budget by what it says", async () => {
    const study = await createStudy({
      ...memory,
      budget: { min: 1, max: 9 },
      stop: { trials: 3 },
      objective: async (_, trial) => {
        for (let step = 10; ; step += 10) if ((await trial.report({ step, loss: step })).action === "stop") return;
      },
    });
    const { best, trials } = await study.run();
    await study.close();
    expect(best?.value).toBe(10);
    expect(trials[0]?.runs[0]?.stopReason).toBe("has used its budget of 1 step: it reported step 10");
  });
});
