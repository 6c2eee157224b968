import { afterAll, describe, expect, test } from "vitest";
import { TestFolder } from "../cli/cli.ts";

const folder = new TestFolder();
afterAll(() => folder.remove());

interface Shown {
  readonly best: { readonly number: number; readonly value: number };
  readonly trials: readonly {
    readonly state: string;
    readonly params: Readonly<Record<string, unknown>>;
    readonly value: number | null;
    readonly reports: readonly object[];
    readonly cause: unknown;
  }[];
}

/** Imports by the mapping that is suggested, and shows the study. */
async function importAsSuggested(table: string, name: string, ...words: readonly string[]): Promise<Shown> {
  const { code, stderr } = await folder.run(["study", "import", "csv", table]);
  expect(code).toBe(2);
  folder.write("map.json", stderr.slice(stderr.indexOf("{")));
  const imported = await folder.run(["study", "import", "csv", table, "--map", "map.json", "--name", name, ...words]);
  expect([imported.code, imported.stderr]).toEqual([0, expect.any(String)]);
  return folder.json<Shown>("study", "show", name);
}

describe("a folder of Ray Tune", () => {
  // The columns that its CSV and JSON loggers write; a trial's folder is named after it.
  const HEADER =
    "val_loss,timestamp,checkpoint_dir_name,done,training_iteration,trial_id,date,time_this_iter_s,time_total_s,pid,hostname,node_ip,config/lr,config/act,iterations_since_restore";
  const row = (trial: string, step: number, loss: number | string, config: string): string =>
    `${loss},${1_764_000_000 + step},,False,${step},${trial},2026-11-24_10-00-0${step},0.1,${step / 10},12,host,127.0.0.1,${config},${step}`;

  test("of progress.csv: curves, early stops and times", async () => {
    const trials = [
      ["a1", "0.1,relu", [0.9, 0.5, 0.4]],
      ["a2", "0.0001,tanh", [1.9, 1.5]],
      ["a3", "0.01,relu", [0.8, "nan", 0.3]],
    ] as const;
    for (const [trial, config, losses] of trials)
      folder.write(
        `ray/train_${trial}/progress.csv`,
        `${[HEADER, ...losses.map((loss, index) => row(trial, index + 1, loss, config))].join("\n")}\n`,
      );
    const { best, trials: shown } = await importAsSuggested("ray", "ray");
    expect(best).toMatchObject({ number: 2, value: 0.3 });
    expect(shown.map(({ state, params, value }) => [state, params, value])).toEqual([
      ["complete", { lr: 0.1, act: "relu" }, 0.4],
      ["pruned", { lr: 0.0001, act: "tanh" }, 1.5],
      ["complete", { lr: 0.01, act: "relu" }, 0.3],
    ]);
    expect(shown[2]?.reports).toMatchObject([{ step: 1, val_loss: 0.8 }, { step: 2 }, { step: 3, val_loss: 0.3 }]);
    const { code, stdout } = await folder.run(["study", "simulate", "ray", "--scheduler", "median"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("median")]);
  });

  test("of progress.csv without the configuration, as Ray 2.60 writes it: params.json has it", async () => {
    for (const [trial, lr, loss] of [
      ["b1", 0.1, 0.4],
      ["b2", 0.2, 0.3],
    ] as const) {
      folder.write(`ray2/${trial}/progress.csv`, `val_loss,training_iteration,trial_id\n${loss},1,${trial}\n`);
      folder.write(`ray2/${trial}/params.json`, `{\n  "lr": ${lr},\n  "act": "relu"\n}`);
    }
    const { trials } = await importAsSuggested("ray2", "ray2");
    expect(trials.map(({ params }) => params)).toEqual([
      { lr: 0.1, act: "relu" },
      { lr: 0.2, act: "relu" },
    ]);
  });

  test("of result.json: values keep their types, and what is nested is flat", async () => {
    const line = (trial: string, step: number, loss: number, config: object): string =>
      JSON.stringify({ val_loss: loss, training_iteration: step, trial_id: trial, config });
    folder.write("json/t1/result.json", `${line("t1", 1, 3, { lr: 0.5, net: { layers: 2, bias: true } })}\n`);
    folder.write("json/t2/result.json", `${line("t2", 1, 2, { lr: 0.2, net: { layers: 3, bias: false } })}\n`);
    const { trials } = await importAsSuggested("json", "json");
    expect(trials.map(({ params }) => params)).toEqual([
      { lr: 0.5, "net/layers": 2, "net/bias": true },
      { lr: 0.2, "net/layers": 3, "net/bias": false },
    ]);
  });
});

describe("a table of W&B's runs", () => {
  const TABLE = `"Name","State","Notes","User","Tags","Created","Runtime","Sweep","batch","lr","optimizer","momentum","val_accuracy"
"sunny-1","finished","-","me","","2026-11-20T10:00:00.000Z","60","","32","0.1","sgd","0.9","0.81"
"sunny-2","crashed","-","me","","2026-11-20T10:02:00.000Z","60","","64","0.001","adam","","0.5"
"sunny-3","finished","-","me","","2026-11-20T10:04:00.000Z","60","","16","0.01","adam","","0.93"
`;

  test("a row is a trial, and an empty cell a parameter that was inactive", async () => {
    folder.write("wandb.csv", TABLE);
    const { best, trials } = await importAsSuggested("wandb.csv", "wandb");
    expect(best).toMatchObject({ number: 2, value: 0.93 });
    expect(trials.map(({ state, params, cause }) => [state, params, cause])).toEqual([
      ["complete", { batch: 32, lr: 0.1, optimizer: "sgd", momentum: 0.9 }, null],
      ["failed", { batch: 64, lr: 0.001, optimizer: "adam" }, { kind: "no-result", message: "its state was crashed" }],
      ["complete", { batch: 16, lr: 0.01, optimizer: "adam" }, null],
    ]);
  });

  test("every problem of the mapping is told", async () => {
    folder.write("wandb.csv", TABLE);
    folder.write("bad.json", {
      parameters: { lr: "LR", batch: "batch" },
      metric: { column: "accuracy", goal: "more" },
      steps: "epoch",
      state: "State",
    });
    const { code, stderr } = await folder.run(["study", "import", "csv", "wandb.csv", "--map", "bad.json"]);
    expect(code).toBe(2);
    expect(stderr).toContain('parameters.lr: expected a column of the table, received "LR" — did you mean "lr"?');
    expect(stderr).toContain('metric.column: expected a column of the table, received "accuracy"');
    expect(stderr).toContain('metric.goal: expected minimize or maximize, received "more"');
    expect(stderr).toContain("steps: expected one of parameters, metric, trial, step, time, state");
  });

  test("every row without a step is told with its place", async () => {
    folder.write("steps.csv", "run,epoch,lr,loss\na,1,0.1,1\na,x,0.1,2\nb,,0.2,3\n");
    folder.write("steps.json", {
      parameters: { lr: "lr" },
      metric: { column: "loss", goal: "minimize" },
      trial: "run",
      step: "epoch",
    });
    const { code, stderr } = await folder.run(["study", "import", "csv", "steps.csv", "--map", "steps.json"]);
    expect(code).toBe(2);
    expect(stderr).toContain('steps.csv:3.epoch: expected a step of at least 0, received "x"');
    expect(stderr).toContain("steps.csv:4.epoch: expected a step of at least 0, received an empty cell");
  });

  test.each([
    ["nothing there", "none.csv", "none.csv: expected a table of results"],
    ["a header alone", "header.csv", "header.csv: expected rows of results, found none"],
    ["a broken quote", "quote.csv", "quote.csv: expected CSV with a header"],
    ["a folder of nothing", "empty", "empty: expected folders of trials with result.json or progress.csv"],
  ])("%s", async (_, file, message) => {
    folder.write("header.csv", "a,b\n");
    folder.write("quote.csv", 'a,b\n"1,2\n');
    folder.write("empty/readme.txt", "nothing");
    const { code, stderr } = await folder.run(["study", "import", "csv", file]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
