import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findMarked } from "../../src/workers/orphans.ts";
import { eventually } from "../support/eventually.ts";
import { spec, TestFolder, WAITS } from "./cli.ts";

/** Runs its words on a terminal of their own, and sends them SIGHUP when a run has started. */
const HANGS_UP = `
import os, pty, signal, sys
pid, terminal = pty.fork()
if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])
told = b""
while True:
    try: told += os.read(terminal, 4096)
    except OSError: break
    if b"run-started" in told:
        print("run-started", flush=True)
        os.kill(pid, signal.SIGHUP)
        told = b""
print("left with", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

let place: TestFolder;

beforeEach(() => {
  place = new TestFolder();
  place.write("train.mjs", WAITS);
  place.write("space.json", spec({ trial: { grace: "2s" } }));
});

afterEach(() => place.remove());

async function interruptedStudy(signal: NodeJS.Signals = "SIGINT"): Promise<string> {
  const cli = place.start(["study", "start", "space.json"]);
  await cli.saw(/trial 0 started/);
  cli.child.kill(signal);
  const { code, stdout } = await cli.ended;
  expect(code).toBe(130);
  return stdout;
}

async function stateOf(name: string): Promise<string> {
  return (await place.json<{ state: string }>("study", "show", name)).state;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGXCPU"] as const;

test.each(SIGNALS)("%s interrupts with 130; resume completes", async (signal) => {
  const stdout = await interruptedStudy(signal);
  expect(stdout).toMatch(/^interrupting: nothing new starts, 1 run is ended/m);
  expect(stdout).toMatch(/^go on later with: hpo study resume toy$/m);
  expect(stdout).toMatch(/^toy interrupted$/m);
  expect(await stateOf("toy")).toBe("interrupted");
  place.write("go", "");
  const resumed = await place.run(["study", "resume", "toy"]);
  expect(resumed.code).toBe(0);
  expect(resumed.stdout).toMatch(/^1 run that was open starts again: trial 0$/m);
  expect(resumed.stdout).toMatch(/^toy finished: all 4 trials asked for are done$/m);
  expect((await place.run(["study", "verify", "toy"])).code).toBe(0);
});

test("without a terminal, as under nohup, a study goes on at SIGHUP", async () => {
  const cli = place.start(["study", "start", "space.json"]);
  await cli.saw(/trial 0 started/);
  cli.child.kill("SIGHUP");
  place.write("go", "");
  const { code, stdout } = await cli.ended;
  expect(stdout).not.toContain("interrupting");
  expect(code).toBe(0);
});

test("SIGHUP of the terminal that a study has interrupts it", async () => {
  const cli = place.start(["study", "start", "space.json", "--json"], {}, [HANGS_UP]);
  await cli.saw(/run-started/);
  const { stdout } = await cli.ended;
  expect(stdout).toContain("left with 130");
});

test("no process of hpo opens a debugger at SIGUSR1", async () => {
  const cli = place.start(["study", "start", "space.json"]);
  await cli.saw(/trial 0 started/);
  const processes = await eventually("launcher and host are there", () => {
    const found = findMarked(join(place.folder, "studies/toy"));
    return found.length >= 2 && found;
  });
  for (const pid of processes) process.kill(pid, "SIGUSR1");
  cli.child.kill("SIGUSR1");
  const { code, stderr } = await cli.ended;
  expect(stderr).not.toContain("Debugger");
  expect(code).toBe(130);
});

test("a warning of the batch system that comes twice is no second Ctrl-C", async () => {
  const cli = place.start(["study", "start", "space.json"]);
  await cli.saw(/trial 0 started/);
  cli.child.kill("SIGUSR1");
  await cli.saw(/interrupting/);
  cli.child.kill("SIGUSR1");
  const { code, stdout } = await cli.ended;
  expect(code).toBe(130);
  expect(stdout).toMatch(/^toy interrupted$/m);
});

test("a second Ctrl-C ends it at once, and nothing is left behind", async () => {
  place.write(
    "train.mjs",
    `process.on("SIGTERM", () => {});
     export default async (params, trial) => {
       await trial.report({ step: 1, loss: 1 });
       await new Promise((resolve) => setTimeout(resolve, 1e9));
     };`,
  );
  place.write("space.json", spec({ trial: { grace: "4s" } }));
  const cli = place.start(["study", "start", "space.json"]);
  await cli.saw(/trial 0 started/);
  const journal = join(place.folder, "studies/toy/journal.jsonl");
  await eventually("it has reported", () => readFileSync(journal, "utf8").includes('"reported"'));
  cli.child.kill("SIGINT");
  await cli.saw(/interrupting/);
  cli.child.kill("SIGINT");
  const { code, stdout } = await cli.ended;
  expect(code).toBe(130);
  // The session's end was not waited for.
  expect(stdout).not.toContain("toy interrupted");
  await eventually("its processes are gone", () => findMarked(join(place.folder, "studies/toy")).length === 0);
  expect(await stateOf("toy")).toBe("interrupted");
});

test("resume tells a torn tail and changed code", async () => {
  await interruptedStudy();
  appendFileSync(join(place.folder, "studies/toy/journal.jsonl"), '{"seq":9');
  expect((await place.run(["study", "show", "toy"])).stdout).toContain("last line is torn (8 bytes)");
  place.write("train.mjs", `${WAITS}\n// changed`);
  place.write("go", "");
  const { code, stdout } = await place.run(["study", "resume", "toy"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^cut a torn last line of 8 bytes from the journal$/m);
  expect(stdout).toMatch(/^the objective's code has changed since the last run \([\da-f]{16} → [\da-f]{16}\)/m);
});

test("another terminal sees it run, enqueues and stops it", async () => {
  const cli = place.start(["study", "start", "space.json"]);
  await cli.saw(/trial 0 started/);
  expect(await stateOf("toy")).toBe("running");
  const locked = await place.run(["study", "resume", "toy"]);
  expect(locked).toMatchObject({ code: 1, stderr: expect.stringContaining(`process ${cli.child.pid}`) as string });
  const [first] = await place.json<readonly { free: boolean; reason: string }[]>("devices");
  expect(first).toMatchObject({ free: false, reason: 'taken by trial 0 of study "toy"' });

  place.write("params.json", { lr: 0.02, opt: "adam" });
  expect(await place.run(["study", "enqueue", "toy", "params.json"])).toMatchObject({
    code: 0,
    stdout: "1 configuration enqueued; the study runs and tries them next\n",
  });
  await cli.saw(/enqueued, tried next: lr 0.02, opt adam/);

  const stopped = await place.run(["study", "stop", "toy"]);
  expect(stopped.code).toBe(0);
  expect(stopped.stdout).toMatch(/was stopped \(process \d+\) and is interrupted; go on with: hpo study resume toy/);
  expect((await cli.ended).code).toBe(130);
  expect((await place.run(["study", "stop", "toy"])).stdout).toBe('study "toy" runs nowhere; it is interrupted\n');

  place.write("go", "");
  await place.run(["study", "resume", "toy"]);
  const { trials } = await place.json<{ trials: readonly { params: object }[] }>("study", "show", "toy");
  expect(trials[1]?.params).toEqual({ lr: 0.02, opt: "adam" });
});

test("a configuration enqueued at rest is tried first by the next resume", async () => {
  await interruptedStudy();
  place.write("list.json", [
    { lr: 0.02, opt: "adam" },
    { lr: 0.03, opt: "sgd" },
  ]);
  const { code, stdout } = await place.run(["study", "enqueue", "toy", "list.json"]);
  expect(code).toBe(0);
  expect(stdout).toBe("2 configurations enqueued; tried first by: hpo study resume toy\n");
  place.write("wrong.json", { lr: 5, optimizer: "adam" });
  const wrong = await place.run(["study", "enqueue", "toy", "wrong.json"]);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/3 problems:\n {2}lr: /);
  place.write("go", "");
  await place.run(["study", "resume", "toy"]);
  const { trials } = await place.json<{ trials: readonly { params: { lr: number } }[] }>("study", "show", "toy");
  expect(trials.slice(1, 3).map(({ params }) => params.lr)).toEqual([0.02, 0.03]);
});
