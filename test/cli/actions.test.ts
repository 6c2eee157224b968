import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { spec, TestFolder, WAITS } from "./cli.ts";

/** What a user does to a study from another terminal, or while it rests: `trial stop` and `study note`. */

let place: TestFolder;

beforeEach(() => {
  place = new TestFolder();
  place.write("train.mjs", WAITS);
  place.write("space.json", spec({ strategy: "random", workers: { cpus: 1, gpus: "none" }, stop: { trials: 2 } }));
});

afterEach(() => place.remove());

interface ShownTrial {
  readonly state: string;
  readonly reason: string;
  readonly stopRequested: boolean;
  readonly notes: readonly { readonly at: number; readonly text: string }[];
}

const start = async (...flags: string[]): Promise<ReturnType<TestFolder["start"]>> => {
  const study = place.start(["study", "start", "space.json", ...flags]);
  await study.saw(/trial 0 started/);
  return study;
};

const verified = async (): Promise<void> => {
  const { code, stderr } = await place.run(["study", "verify", "toy"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
};

test("trial stop ends one trial of a running study, and the study goes on", async () => {
  // It takes its time to end, so that the answer comes before.
  place.write(
    "train.mjs",
    WAITS.replace(
      "if (trial.signal.aborted)",
      "if (trial.signal.aborted && existsSync(new URL('./end', import.meta.url)))",
    ),
  );
  const study = await start();
  const stop = await place.run(["trial", "stop", "toy", "0"]);
  place.write("end", "");
  expect(stop).toEqual({
    code: 0,
    stdout: "trial 0 is told to stop; it ends at its next report, or after 5 seconds\n",
    stderr: "",
  });
  await study.saw(/trial 1 started/);
  const again = await place.run(["trial", "stop", "toy", "0"]);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain("trial 0 has ended already: it is pruned");
  place.write("go", "");
  const { code, stdout } = await study.ended;
  expect(code).toBe(0);
  expect(stdout).toMatch(/^trial 0 is to end: you asked for it$/m);
  expect(stdout).toMatch(/^trial 0 stopped: you asked for it$/m);
  const { state, reason, stopRequested } = await place.json<ShownTrial>("trial", "show", "toy", "0");
  expect({ state, reason, stopRequested }).toEqual({
    state: "pruned",
    reason: "stopped: you asked for it",
    stopRequested: true,
  });
  const shown = (await place.run(["trial", "show", "toy", "0"])).stdout;
  expect(shown).toMatch(/you asked for its end\n.*told to stop: stopped: you asked for it/);
  await verified();
});

test("study note adds notes while the study runs and when it is done, and does not make it unfinished", async () => {
  const study = await start();
  const running = await place.run(["study", "note", "toy", " the data was\ncleaned "]);
  expect(running).toEqual({ code: 0, stdout: 'noted for study "toy"\n', stderr: "" });
  place.write("go", "");
  expect((await study.ended).stdout).toMatch(/^noted: the data was cleaned$/m);
  expect((await place.run(["study", "note", "toy", "looks odd", "--trial", "1"])).stdout).toBe(
    'noted for trial 1 of "toy"\n',
  );
  expect(await place.json("study", "note", "toy", "as JSON")).toEqual({
    name: "toy",
    trial: null,
    text: "as JSON",
    running: false,
  });
  const { state, notes } = await place.json<{ readonly state: string; readonly notes: readonly object[] }>(
    "study",
    "show",
    "toy",
  );
  expect(state).toBe("finished");
  const at = expect.any(Number);
  expect(notes).toEqual([
    { at, text: "the data was\ncleaned", trial: null },
    { at, text: "looks odd", trial: 1 },
    { at, text: "as JSON", trial: null },
  ]);
  expect((await place.run(["study", "show", "toy"])).stdout).toMatch(
    /^ {2}notes {5}the data was cleaned\n {12}trial 1: looks odd\n {12}as JSON$/m,
  );
  expect((await place.run(["trial", "show", "toy", "1"])).stdout).toContain("note: looks odd");
  expect((await place.json<ShownTrial>("trial", "show", "toy", "1")).notes).toEqual([{ at, text: "looks odd" }]);
  await verified();
});

describe("a study that was killed", () => {
  test("lets go of a trial that ran", async () => {
    const study = await start();
    study.child.kill("SIGKILL");
    await study.ended;
    const { code, stdout } = await place.run(["trial", "stop", "toy", "0"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "trial 0 is stopped, as pruned: it does not go on\n" });
    place.write("go", "");
    expect((await place.run(["study", "resume", "toy"])).code).toBe(0);
    const { state, reason } = await place.json<ShownTrial>("trial", "show", "toy", "0");
    expect({ state, reason }).toEqual({ state: "pruned", reason: "dropped: you asked for it" });
    await verified();
  });

  test("carries out a stop that it had only written down", async () => {
    const study = await start();
    await place.run(["trial", "stop", "toy", "0"]);
    study.child.kill("SIGKILL");
    await study.ended;
    const file = join(place.folder, "studies", "toy", "journal.jsonl");
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    const request = lines.findIndex((line) => line.includes('"trial-stop-requested"'));
    expect(lines[request + 1]).toContain('"run-stopped"');
    writeFileSync(file, `${lines.slice(0, request + 1).join("\n")}\n`);
    place.write("go", "");
    expect((await place.run(["study", "resume", "toy"])).code).toBe(0);
    const resumed = readFileSync(file, "utf8").split("\n");
    expect(resumed[request + 1]).toContain('"reason":"stopped: you asked for it"');
    expect(resumed[request + 2]).toContain('"session-started"');
    expect((await place.json<ShownTrial>("trial", "show", "toy", "0")).state).toBe("pruned");
    await verified();
  });
});

test.each([
  [["trial", "stop", "toy", "0"], "trial 0 has ended already: it is complete"],
  [["trial", "stop", "toy", "2"], 'study "toy" has no trial 2: it has the trials 0 to 1'],
  [["study", "note", "toy", " "], "expected a note of 1 to 2,000 characters"],
  [["study", "note", "toy", "a", "--trial", "2"], 'study "toy" has no trial 2: it has the trials 0 to 1'],
])("%j is refused in words", async (argv, message) => {
  place.write("go", "");
  await place.run(["study", "start", "space.json"]);
  const { code, stderr, stdout } = await place.run(argv);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
});

test("a trial of a reproducible study is not stopped", async () => {
  place.write("space.json", spec({ strategy: "random", reproducible: true, workers: { cpus: 1, gpus: "none" } }));
  const study = await start();
  const { code, stderr } = await place.run(["trial", "stop", "toy", "0"]);
  expect(code).toBe(2);
  expect(stderr).toContain("must not depend on when somebody asks for a stop");
  place.write("go", "");
  expect((await study.ended).code).toBe(0);
});
