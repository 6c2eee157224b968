import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { spec, TestFolder } from "../cli/cli.ts";
import { eventually } from "../support/eventually.ts";
import { type Fault, MemoryMlflow, type StoredRun } from "./memory-mlflow.ts";

const folder = new TestFolder();
afterAll(() => folder.remove());

const TRAIN = `
export default async function train(params, trial) {
  if (trial.number === 2) throw new Error("no luck");
  for (let step = trial.startStep; step <= trial.budget; step++) {
    if (trial.number === 0) await trial.checkpoint.save(step, async () => {});
    await trial.report({ step, loss: params.lr / step, "time (s)": step });
  }
}
`;

let server: MemoryMlflow;
beforeEach(async () => {
  server = await MemoryMlflow.start();
});
afterEach(() => server.close());

/** Runs a study of five trials with three steps each. */
async function study(name: string, changes: object = {}): Promise<void> {
  folder.write("train.mjs", TRAIN);
  folder.write(
    "space.json",
    spec({
      name,
      strategy: { sampler: "random", scheduler: "full" },
      budget: { max: 3 },
      stop: { trials: 5 },
      workers: { cpus: 1 },
      ...changes,
    }),
  );
  const { code, stderr } = await folder.run(["study", "start", "space.json", "--quiet"]);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
}

function send(name: string, ...words: readonly string[]) {
  return folder.run(["study", "track", name, "--to", `mlflow=${server.uri}`, ...words]);
}

function kept(): readonly StoredRun[] {
  return [...server.runs.values()].filter(({ deleted }) => !deleted);
}

function runOf(trial: number | "study"): StoredRun {
  const found = kept().filter(({ tags }) => tags.get("hpo.trial") === String(trial));
  expect(found).toHaveLength(1);
  return found[0] as StoredRun;
}

/** Every run, parameter and point is there, once. */
function expectWhole(): void {
  expect(kept()).toHaveLength(6);
  const parent = runOf("study");
  expect(parent.status).toBe("FINISHED");
  for (let number = 0; number < 5; number++) {
    const run = runOf(number);
    expect(run.tags.get("mlflow.parentRunId")).toBe(parent.id);
    expect(run.status).toBe(number === 2 ? "FAILED" : "FINISHED");
    expect([...run.params.keys()].toSorted()).toEqual(["lr", "opt"]);
    const points = [...(run.metrics.get("loss") ?? [])].map((point) => JSON.parse(point) as { step: number });
    expect(points.map(({ step }) => step).toSorted((a, b) => a - b)).toEqual(number === 2 ? [] : [1, 2, 3]);
  }
}

describe("study track", () => {
  test("sends an old study: runs, parameters, metrics by step, states and reasons", async () => {
    await study("old");
    const { code, stdout } = await send("old", "--experiment", "mine");
    expect([code, stdout]).toEqual([0, `old: 5 trials in experiment mine of ${server.uri}\n`]);
    expect([...server.experiments.keys()]).toEqual(["mine"]);
    expectWhole();
    const tags = Object.fromEntries(runOf(2).tags);
    expect(tags).toMatchObject({
      "hpo.state": "failed",
      "hpo.source": "random",
      "hpo.slot": "cpu-0",
      "hpo.cause": expect.stringContaining("no luck"),
      "hpo.code": expect.stringMatching(/^[0-9a-f]+$/),
      "hpo.reason": expect.stringContaining("random"),
    });
    // MLflow's names have no brackets.
    expect([...runOf(0).metrics.keys()]).toEqual(["loss", "time _s_"]);
    const best = await folder.json<{ number: number; value: number }>("study", "best", "old");
    const parent = runOf("study");
    expect(parent.tags.get("hpo.best.trial")).toBe(String(best.number));
    expect(parent.tags.get("hpo.best.value")).toBe(String(best.value));
    const points = [...(parent.metrics.get("best loss") ?? [])].map((point) => JSON.parse(point) as { value: number });
    expect(points.at(-1)?.value).toBe(best.value);
    if (best.number === 0) expect(parent.tags.get("hpo.best.checkpoint")).toMatch(/old\/trials\/0\/checkpoint\/3$/);
  });

  test("sends nothing twice, and after a note only what it changes", async () => {
    await study("twice");
    await send("twice");
    const { requests } = server;
    await send("twice");
    expect(server.requests).toBe(requests);
    await folder.run(["study", "note", "twice", "a word", "--trial", "1"]);
    await send("twice");
    expectWhole();
    expect(runOf(1).tags.get("hpo.notes")).toBe("a word");
    // Another experiment gets all of it.
    await send("twice", "--experiment", "other");
    expect(kept()).toHaveLength(12);
  });

  test.each([
    ["refuses every third request", "refuses", (request: number) => (request % 3 === 0 ? "refuse" : "none")],
    [
      "does every third request without an answer",
      "unanswered",
      (request: number) => (request % 3 === 0 ? "unanswered" : "none"),
    ],
    ["is slow", "slow", () => "slow"],
  ] as const satisfies readonly (readonly [string, string, (request: number) => Fault])[])(
    "a server that %s has everything once in the end",
    async (_, name, fault) => {
      await study(name);
      let request = 0;
      server.fault = () => fault(++request);
      const { code, stderr } = await send(name);
      expect([code, stderr]).toEqual([0, expect.any(String)]);
      expectWhole();
    },
  );

  test("goes on where it was killed", async () => {
    await study("killed");
    server.fault = (path) => (path === "runs/update" && server.requests > 12 ? "refuse" : "none");
    const running = folder.start(["study", "track", "killed", "--to", `mlflow=${server.uri}`]);
    await running.saw(/trying again/);
    running.child.kill("SIGKILL");
    await running.ended;
    server.fault = () => "none";
    expect((await send("killed")).code).toBe(0);
    expectWhole();
  });

  test("tells a server that is not there, and how to go on", async () => {
    await study("down");
    const { uri } = server;
    await server.close();
    const { code, stderr } = await folder.run(["study", "track", "down", "--to", `mlflow=${uri}`]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${uri} does not answer`);
    expect(stderr).toContain("the same command sends the rest");
    server = await MemoryMlflow.start();
  });

  test.each([
    ["another tracker", ["--to", "wandb=http://127.0.0.1:1"], "--to: expected mlflow=URI"],
    ["no server named", [], "--to: expected mlflow=URI, since neither"],
  ])("refuses %s", async (_, words, message) => {
    await study(`refused-${words.length}`);
    const { code, stderr } = await folder.run(["study", "track", `refused-${words.length}`, ...words]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe("a study with a tracker", () => {
  const sent = (name: string): unknown => {
    const file = join(folder.folder, "studies", name, "track", "mlflow.json");
    const events = readFileSync(join(folder.folder, "studies", name, "journal.jsonl"), "utf8").split("\n").length - 2;
    return (JSON.parse(readFileSync(file, "utf8")) as { seq: number }).seq === events ? true : undefined;
  };
  const whenSent = (name: string): Promise<unknown> =>
    eventually("everything is sent", () => {
      try {
        return sent(name);
      } catch {
        return undefined;
      }
    });

  test("is sent while it runs", async () => {
    await study("live", { track: { mlflow: { uri: server.uri, experiment: "live" } } });
    await whenSent("live");
    expect([...server.experiments.keys()]).toEqual(["live"]);
    expectWhole();
  });

  test("does not notice a server that is down, and is sent when it comes back", async () => {
    const port = Number(new URL(server.uri).port);
    await server.close();
    await study("later", { track: { mlflow: { uri: `http://127.0.0.1:${port}` } } });
    server = await MemoryMlflow.start(port);
    await whenSent("later");
    expectWhole();
    expect(readFileSync(join(folder.folder, "studies/later/track/tracker.log"), "utf8")).toContain("does not answer");
  });

  test("needs a server in its spec or the environment", async () => {
    folder.write("train.mjs", TRAIN);
    folder.write("space.json", spec({ name: "none", track: { mlflow: {} } }));
    const { code, stderr } = await folder.run(["study", "start", "space.json"], { MLFLOW_TRACKING_URI: undefined });
    expect([code, stderr]).toEqual([2, expect.stringContaining("track.mlflow.uri: expected the address of a server")]);
    const check = await folder.run(["space", "check", "space.json"], { MLFLOW_TRACKING_URI: server.uri });
    expect(check.code).toBe(0);
  });
});
