import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createStudy, resumeStudy, type AskedTrial, type Study } from "hpo";
import { verifyStudy } from "../../src/study/verify.ts";

const directory = mkdtempSync(join(tmpdir(), "hpo-checkpoint-"));
afterAll(() => rmSync(directory, { recursive: true }));

const spec = {
  name: "test",
  directory: null,
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  seed: 1,
} as const;

type Trial = AskedTrial<typeof spec.parameters>;

/** Does the steps of a run; each is saved, then reported. */
async function train(study: Study<typeof spec.parameters>, trial: Trial, last = trial.budget): Promise<void> {
  for (let step = trial.startStep; step <= last; step++) {
    await study.checkpoint(trial, step);
    const { action } = await study.report(trial, { step, loss: trial.number + 1 / step });
    if (action === "stop") return;
  }
}

describe("a checkpoint of a program that drives the study", () => {
  it("lets a promotion start behind it", async () => {
    const study = await createStudy({ ...spec, strategy: "hyperband", budget: { min: 1, max: 9 } });
    const starts: [number, number, number][] = [];
    for (let trial = await study.ask(); trial !== undefined; trial = await study.ask()) {
      if (trial.number < 3) starts.push([trial.number, trial.startStep, trial.budget]);
      await train(study, trial);
      await study.tell(trial, { loss: trial.number });
    }
    await study.close();
    expect(starts).toEqual([
      [0, 1, 1],
      [1, 1, 1],
      [2, 1, 1],
      [0, 2, 3],
      [1, 2, 3],
      [2, 2, 3],
      [0, 4, 9],
    ]);
  });

  it("is kept when the report of its step brings a stop", async () => {
    const scheduler = { name: "median", startup: 1 };
    const study = await createStudy({
      ...spec,
      strategy: { sampler: "random", scheduler },
      budget: { max: 9 },
    });
    for (const last of [9, 1]) {
      const trial = (await study.ask()) as Trial;
      await train(study, trial);
      await study.tell(trial, { loss: trial.number });
      expect(study.history.trials[trial.number]).toMatchObject({ checkpoint: last });
    }
    expect(study.history.trials[1]).toMatchObject({ state: "pruned" });
    await study.close();
  });

  it("outlives the program, from the last one whose step was reported", async () => {
    const name = "interrupted";
    const study = await createStudy({ ...spec, name, directory, strategy: "random", budget: { max: 9 } });
    const trial = (await study.ask()) as Trial;
    await train(study, trial, 4);
    await study.checkpoint(trial, 5);
    await study.close();
    const again = await resumeStudy({ name, directory });
    expect(await again.ask()).toMatchObject({ number: trial.number, attempt: 2, startStep: 5 });
    await again.close();
    expect(verifyStudy(join(directory, name, "journal.jsonl")).kind).toBe("verified");
  });

  it("has a whole step, behind what the run started from and what is saved, of a run that is open", async () => {
    const study = await createStudy({ ...spec, strategy: "hyperband", budget: { min: 1, max: 3 } });
    let trial = (await study.ask()) as Trial;
    for (const step of [0, -1, 0.5, Number.NaN, "1" as never])
      await expect(study.checkpoint(trial, step)).rejects.toMatchObject({
        code: "invalid-argument",
        message: expect.stringContaining("checkpoint: expected a whole step of at least 1"),
      });
    while (trial.budget < 3) {
      await train(study, trial);
      await expect(study.checkpoint(trial, 1)).rejects.toThrow("at least 2, the first one that is not saved yet");
      await study.tell(trial, trial.number);
      await expect(study.checkpoint(trial, 2)).rejects.toMatchObject({ code: "run-closed" });
      trial = (await study.ask()) as Trial;
    }
    expect(trial.startStep).toBe(2);
    await expect(study.checkpoint(trial, 1)).rejects.toThrow("at least 2");
    await expect(study.checkpoint({ run: 99 }, 1)).rejects.toMatchObject({ code: "run-closed" });
    await study.close();
    await expect(study.checkpoint(trial, 2)).rejects.toThrow("is closed");
  });
});
