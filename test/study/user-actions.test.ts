import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createStudy, resumeStudy, type Recorded, type Study } from "hpo";
import { encodeLine } from "../../src/journal/line.ts";
import { readJournal } from "../../src/journal/read-journal.ts";
import { verifyStudy } from "../../src/study/verify.ts";
import { eventually } from "../support/eventually.ts";

/** What users do to studies with real objectives: stops of one trial, and notes. */

const directory = mkdtempSync(join(tmpdir(), "hpo-actions-"));
afterAll(() => rmSync(directory, { recursive: true }));

const base = {
  directory,
  metric: { name: "loss", goal: "minimize" as const },
  parameters: { x: { type: "float" as const, low: 0, high: 1 } },
  strategy: "random",
  seed: 1,
  stop: { trials: 2 },
  workers: { cpus: 1, gpus: "none" as const },
};

/** Runs a study and asks for the end of trial 0 when an event comes. */
async function stopAt(
  study: Study,
  when: (event: Recorded) => boolean | Promise<boolean>,
): Promise<readonly Recorded[]> {
  const events: Recorded[] = [];
  const run = study.run();
  for await (const event of run) {
    events.push(event);
    if (study.history.trials[0]?.stopRequested === false && (await when(event))) await study.stopTrial(0);
  }
  expect((await run).state).toBe("finished");
  return events;
}

const script = (name: string, code: string): string => {
  const file = join(directory, name);
  writeFileSync(file, code);
  return file;
};

/** Trial 0 never ends by itself; others do at once. */
const COMMANDS = {
  "reports and takes the signal": `
    const told = setInterval(() => console.log(JSON.stringify({ step: ++step, loss: 10 - step })), 20);`,
  "reports and ignores every stop": `
    process.on("SIGTERM", () => {});
    const told = setInterval(() => console.log(JSON.stringify({ step: ++step, loss: 10 - step })), 20);`,
  "never reports and ignores every stop": `
    process.on("SIGTERM", () => {});
    setInterval(() => {}, 1000);`,
};

describe("stopping a trial whose command", () => {
  it.each(Object.entries(COMMANDS))("%s ends it as pruned", async (name, code) => {
    const file = script(
      `${name.replaceAll(" ", "-")}.cjs`,
      `let step = 0;
      if (process.env.HPO_TRIAL !== "0") { console.log(JSON.stringify({ step: 1, loss: 1 })); }
      else { ${code} require("node:fs").writeFileSync(__filename + ".ready", ""); }`,
    );
    const study = await createStudy({
      ...base,
      name: name.replaceAll(" ", "-"),
      objective: { command: [process.execPath, file] },
      trial: { grace: "300ms", retries: 2 },
    });
    const silent = name.startsWith("never");
    const events = await stopAt(study, async ({ type }) => {
      if (type !== (silent ? "run-started" : "reported")) return false;
      await eventually("it does not hear of signals", () => existsSync(`${file}.ready`) || undefined);
      return true;
    });
    const [trial, next] = study.history.trials;
    expect(trial).toMatchObject({ state: "pruned", reason: "stopped: you asked for it", cause: undefined });
    expect(trial?.runs).toHaveLength(1);
    expect(trial?.value).toBe(silent ? undefined : trial?.reports.at(-1)?.metrics["loss"]);
    expect(next?.state).toBe("complete");
    const at = events.findIndex(({ type }) => type === "trial-stop-requested");
    expect(events[at + 1]).toMatchObject({ type: "run-stopped", run: 0, seen: events[at]?.seq });
    await study.close();
    expect(verifyStudy(join(study.folder as string, "journal.jsonl")).kind).toBe("verified");
  });
});

it("a module hears of its stop by its signal and by its next report, and may end in good order", async () => {
  const file = script(
    "module.mjs",
    `import { setTimeout as wait } from "node:timers/promises";
    export default async function train(params, trial) {
      if (trial.number !== 0) return 1;
      await trial.report({ step: 1, loss: 3 });
      while (!trial.signal.aborted) await wait(5);
      const decision = await trial.report({ step: 2, loss: 2 });
      console.log(decision.action + ", since " + decision.reason);
      return 2;
    }`,
  );
  const study = await createStudy({ ...base, name: "module", objective: { module: file } });
  await stopAt(study, ({ type }) => type === "reported");
  expect(study.history.trials[0]).toMatchObject({ state: "pruned", value: 3 });
  await study.close();
  const log = readFileSync(join(study.folder as string, "trials", "0", "stdout.log"), "utf8");
  expect(log).toContain("stop, since stopped: you asked for it");
});

it("a function that hears of nothing is given up after the grace", async () => {
  const study = await createStudy({
    ...base,
    directory: null,
    name: "function",
    objective: (_, trial) => (trial.number === 0 ? new Promise<number>(() => undefined) : 1),
    trial: { grace: "100ms" },
  });
  await stopAt(study, ({ type }) => type === "run-started");
  expect(study.history.trials.map(({ state }) => state)).toEqual(["pruned", "complete"]);
  await study.close();
});

it("a run that is to stop before it was started is not started", async () => {
  const called: number[] = [];
  const study = await createStudy({
    ...base,
    name: "early",
    objective: (_, trial) => called.push(trial.number),
  });
  const running = study.run();
  // Its start is recorded in this turn, and written in a later one.
  while (study.history.runs.length === 0) await Promise.resolve();
  await study.stopTrial(0);
  await running;
  expect(called).toEqual([1]);
  expect(study.history.trials.map(({ state }) => state)).toEqual(["pruned", "complete"]);
  await study.close();
});

it("the next report of a driven run answers stop, and its tell ends it as pruned, whatever it says", async () => {
  const study = await createStudy({ ...base, name: "driven" });
  const asked = await study.ask();
  if (asked === undefined) throw new Error("there is a trial to ask for");
  await study.report(asked, { step: 1, loss: 3 });
  await study.stopTrial(asked.number);
  expect(await study.report(asked, { step: 2, loss: 1 })).toEqual({
    action: "stop",
    reason: "stopped: you asked for it",
  });
  await study.tell(asked, { state: "failed", cause: "it was cut short" });
  expect(study.history.trials[0]).toMatchObject({ state: "pruned", value: 3, cause: undefined });
  await expect(study.stopTrial(0)).rejects.toMatchObject({
    code: "invalid-argument",
    message: "trial 0 has ended already: it is pruned",
  });
  await expect(study.stopTrial(7)).rejects.toThrow('study "driven" has no trial 7: it has the trials 0 to 0');
  await study.close();
  await expect(study.stopTrial(0)).rejects.toThrow("is closed: resume it first");
});

describe("a note", () => {
  it("is kept with its time and its trial, without the space around it", async () => {
    const study = await createStudy({ ...base, name: "noted", objective: () => 1 });
    await study.run();
    const before = study.history.finished;
    await study.note("  the data was cleaned after this \n");
    await study.note("looks odd", { trial: 1 });
    await study.close();
    const again = await resumeStudy({ directory, name: "noted", objective: () => 1 });
    await again.note("read again");
    await again.close();
    expect(again.history.finished).toEqual(before);
    expect(again.history.notes.map(({ text, trial }) => ({ text, trial }))).toEqual([
      { text: "the data was cleaned after this", trial: null },
      { text: "looks odd", trial: 1 },
      { text: "read again", trial: null },
    ]);
    expect(verifyStudy(join(directory, "noted", "journal.jsonl")).kind).toBe("verified");
  });

  it("is refused in words where it is empty, too long, or about no trial", async () => {
    const study = await createStudy({ ...base, directory: null, name: "refused" });
    await expect(study.note(" \n")).rejects.toThrow("expected a note of 1 to 2,000 characters");
    await expect(study.note("é".repeat(2_001))).rejects.toThrow("received 2001");
    await study.note("😀".repeat(2_000));
    await expect(study.note("a", { trial: 0 })).rejects.toThrow('study "refused" has no trial 0: it has none yet');
    await expect(study.note(7 as unknown as string)).rejects.toThrow("expected the text of a note, received 7");
    expect(study.history.notes).toHaveLength(1);
    await study.close();
  });

  it.each([
    ["is about a trial that does not exist", { text: "a", trial: 9 }, /has no trial 9/],
    ["is empty", { text: "", trial: null }, /expected a note of 1 to/],
  ])("that %s is named by verify", async (name, note, message) => {
    const study = await createStudy({ ...base, name: name.replaceAll(" ", "-"), objective: () => 1 });
    await study.note("a");
    await study.close();
    const file = join(study.folder as string, "journal.jsonl");
    const all: Recorded[] = [];
    readJournal(file, (event) => all.push(event.type === "noted" ? { ...event, ...note } : event));
    writeFileSync(file, all.map((event) => `${encodeLine(event)}\n`).join(""));
    expect(verifyStudy(file)).toMatchObject({
      kind: "different",
      type: "noted",
      message: expect.stringMatching(message),
    });
  });
});
