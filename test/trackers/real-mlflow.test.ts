import { afterAll, expect, test } from "vitest";
import { spec, TestFolder } from "../cli/cli.ts";

/** Against a real server: `mlflow server --port 5000`, then HPO_TEST_MLFLOW=http://127.0.0.1:5000. */
const uri = process.env["HPO_TEST_MLFLOW"];

const folder = new TestFolder();
afterAll(() => folder.remove());

interface FoundRun {
  readonly info: { readonly run_id: string; readonly run_name: string; readonly status: string };
  readonly data: Readonly<Record<"tags" | "params", readonly { readonly key: string; readonly value: string }[]>>;
}

async function call<T>(path: string, body?: object): Promise<T> {
  const response = await fetch(`${uri}/api/2.0/mlflow/${path}`, {
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
  });
  return (await response.json()) as T;
}

test.skipIf(uri === undefined)("MLflow has every trial once (needs HPO_TEST_MLFLOW)", async () => {
  folder.write(
    "train.mjs",
    `export default async (params, trial) => {
      for (let step = 1; step <= trial.budget; step++) await trial.report({ step, loss: params.lr / step, extra: step });
    };`,
  );
  const experiment = `hpo-test-${process.pid}-${Date.now()}`;
  folder.write(
    "space.json",
    spec({ strategy: { sampler: "random", scheduler: "full" }, budget: { max: 3 }, workers: { cpus: 1 } }),
  );
  await folder.run(["study", "start", "space.json", "--quiet"]);
  const words = ["study", "track", "toy", "--to", `mlflow=${uri}`, "--experiment", experiment];
  expect((await folder.run(words)).code).toBe(0);
  // As after the position file was lost: everything is sent again.
  folder.write("studies/toy/track/mlflow.json", "");
  expect((await folder.run(words)).code).toBe(0);

  const found = await call<{ experiment: { experiment_id: string } }>(
    `experiments/get-by-name?experiment_name=${experiment}`,
  );
  const { runs } = await call<{ runs: readonly FoundRun[] }>("runs/search", {
    experiment_ids: [found.experiment.experiment_id],
  });
  expect(runs.map(({ info }) => `${info.run_name} ${info.status}`).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
    "toy FINISHED",
    "trial 0 FINISHED",
    "trial 1 FINISHED",
    "trial 2 FINISHED",
    "trial 3 FINISHED",
  ]);
  for (const { info, data } of runs.filter((run) => run.info.run_name !== "toy")) {
    const { metrics } = await call<{ metrics: readonly { step: number | string; value: number }[] }>(
      `metrics/get-history?run_id=${info.run_id}&metric_key=loss`,
    );
    const lr = Number(data.params.find(({ key }) => key === "lr")?.value);
    expect(metrics.map(({ step, value }) => [Number(step), value])).toEqual([1, 2, 3].map((step) => [step, lr / step]));
    expect(data.tags.find(({ key }) => key === "hpo.state")?.value).toBe("complete");
  }
});
