import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestFolder } from "../cli/cli.ts";
import { pythonWith } from "../support/python.ts";

/** The callbacks with the real libraries, in studies of the built command line; skipped where a library is missing. */

interface Shown {
  readonly best: { readonly value: number } | null;
  readonly trials: readonly {
    readonly state: string;
    readonly reports: readonly { readonly step: number }[];
    readonly runs: readonly { readonly startStep: number }[];
    readonly cause: { readonly message: string } | null;
  }[];
}

let folder: TestFolder;
beforeEach(() => (folder = new TestFolder()));
afterEach(() => folder.remove());

const FULL = { sampler: "random", scheduler: "full" };
/** Stops every trial at its first report. */
const STOPS = { sampler: "random", scheduler: { name: "threshold", upper: -1 } };

async function study(python: string, script: string, metric: string, strategy: string | object): Promise<Shown> {
  folder.write("train.py", script);
  folder.write("space.json", {
    name: "real",
    objective: { command: [python, "train.py"] },
    metric: { name: metric, goal: "minimize" },
    parameters: { rate: { type: "float", low: 0.01, high: 0.5 } },
    budget: { min: 1, max: 4, eta: 2, unit: "rounds" },
    strategy,
    stop: { trials: strategy === "hyperband" ? 4 : 1 },
    workers: { cpus: 1 },
    seed: 3,
  });
  await folder.run(["study", "start", "space.json", "--quiet"], { KERAS_BACKEND: "jax", JAX_PLATFORMS: "cpu" });
  return folder.json<Shown>("study", "show", "real");
}

const DATA = `
import numpy as np
random = np.random.default_rng(0)
x = random.normal(size=(200, 4)); y = (x[:, 0] + x[:, 1] > 0).astype(int)
`;

const XGBOOST = (callback: string): string => `
import hpo, xgboost
${DATA}
trial = hpo.trial({"rate": 0.3}, budget=4)
train, valid = xgboost.DMatrix(x[:150], y[:150]), xgboost.DMatrix(x[150:], y[150:])
before = trial.checkpoint.directory
model = xgboost.train({"objective": "binary:logistic", "eta": trial.params.rate, "nthread": 1}, train,
    num_boost_round=trial.budget - trial.start_step + 1, evals=[(train, "train"), (valid, "valid")],
    xgb_model=before and before / "model.ubj", callbacks=[${callback}])
print("left with", model.num_boosted_rounds(), "rounds")
`;

const KERAS = (callback: string): string => `
import hpo, keras
${DATA}
trial = hpo.trial({"rate": 0.3}, budget=4)
before = trial.checkpoint.directory
if before is None:
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.SGD(trial.params.rate), "binary_crossentropy", metrics=["accuracy"])
else:
    model = keras.models.load_model(before / "model.keras")
history = model.fit(x[:150], y[:150], validation_data=(x[150:], y[150:]), verbose=2,
    initial_epoch=trial.start_step - 1, epochs=trial.budget, callbacks=[${callback}])
print("left with", history.epoch[-1] + 1, "rounds")
`;

const LIBRARIES = [
  { name: "xgboost", modules: ["xgboost", "numpy"], script: XGBOOST, callback: "xgboost_callback", save: "model.ubj" },
  { name: "keras", modules: ["keras", "jax"], script: KERAS, callback: "keras_callback", save: "model.keras" },
].map((library) => ({ ...library, metric: library.name === "keras" ? "val_loss" : "logloss" }));

for (const { name, modules, script, callback, save, metric } of LIBRARIES) {
  const { python, reason } = pythonWith(...modules);
  describe.skipIf(python === undefined)(python === undefined ? `${name} (${reason})` : name, () => {
    const printed = (): string => readFileSync(join(folder.folder, "studies/real/trials/0/stdout.log"), "utf8");

    test("reports each round", async () => {
      const { best, trials } = await study(python ?? "", script(`hpo.${callback}()`), metric, FULL);
      expect(trials[0]).toMatchObject({ state: "complete", cause: null });
      expect(trials[0]?.reports.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
      expect(best?.value).toBeLessThan(0.69);
    });

    test("ends the training when the run is told to stop", async () => {
      const { trials } = await study(python ?? "", script(`hpo.${callback}()`), metric, STOPS);
      expect(trials[0]).toMatchObject({ state: "pruned" });
      expect(printed()).toContain("left with 1 rounds");
    });

    test("goes on from what it saved", { timeout: 240_000 }, async () => {
      const { trials } = await study(python ?? "", script(`hpo.${callback}("${save}")`), metric, "hyperband");
      const promoted = trials.filter(({ runs }) => runs.length > 1);
      expect(promoted.length).toBeGreaterThan(0);
      for (const { runs, reports } of promoted) {
        expect(runs.at(-1)?.startStep).toBeGreaterThan(1);
        expect(reports.map(({ step }) => step)).toEqual(reports.map((_, index) => index + 1));
      }
    });

    test("says which metrics there are when the study's is not among them", async () => {
      const { trials } = await study(python ?? "", script(`hpo.${callback}()`), "auc", FULL);
      expect(trials[0]?.cause?.message).toMatch(
        /expected the study's metric 'auc' among what is measured, which is .*loss/,
      );
    });
  });
}
