import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simulateStudy } from "hpo";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Recorded } from "../../src/history/events.ts";
import { encodeLine } from "../../src/journal/line.ts";
import { CROSSING, recordCurves } from "./recorded.ts";

/** The program's own call, on journals on disk. */

let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "hpo-simulation-"));
  write("crossing", await recordCurves(CROSSING, { slots: 2 }));
  write("bare", (await recordCurves(CROSSING)).map(withoutBudget));
  write("empty", (await recordCurves(CROSSING)).slice(0, 2));
  // The journal as it is when two trials have ended and the third has reported twice.
  write("open", (await recordCurves(CROSSING)).slice(0, 20));
});

afterAll(() => rmSync(directory, { recursive: true }));

function write(name: string, events: readonly Recorded[]): void {
  mkdirSync(join(directory, name));
  writeFileSync(journalOf(name), events.map((event) => `${encodeLine(event)}\n`).join(""));
}

const journalOf = (name: string): string => join(directory, name, "journal.jsonl");

function withoutBudget(event: Recorded): Recorded {
  return event.type === "study-created" ? { ...event, settings: { ...event.settings, budget: null } } : event;
}

test("one scheduler or several, by a word or with options, each filled in with its defaults", async () => {
  const one = await simulateStudy({ name: "crossing", directory, scheduler: "median" });
  expect(one).toMatchObject({
    name: "crossing",
    metric: { name: "loss", goal: "minimize" },
    unit: "epochs",
    fullBudget: 4,
    slots: 2,
    trials: 6,
    hasCurves: true,
    recorded: {
      scheduler: { name: "full" },
      steps: 24,
      slotTime: 84,
      makespan: 48,
      complete: 6,
      unfinished: 0,
      best: { trial: 5, value: 0.5, budget: 4 },
    },
  });
  expect(one.simulations.map(({ scheduler }) => scheduler)).toEqual([
    { name: "median", percentile: 50, startup: 5, warmup: 0, shadow: 5 },
  ]);
  const two = await simulateStudy({
    name: "crossing",
    directory,
    scheduler: ["hyperband", { name: "median", startup: 2 }],
    slots: 1,
  });
  expect(two.simulations.map(({ scheduler: { name }, makespan, slotTime }) => [name, makespan === slotTime])).toEqual([
    ["hyperband", true],
    ["median", true],
  ]);
});

test("nothing is written", async () => {
  const before = readFileSync(journalOf("open"));
  await simulateStudy({ name: "open", directory, scheduler: ["full", "median", "hyperband"] });
  expect(readFileSync(journalOf("open"))).toEqual(before);
});

test("a study that is not over counts as far as it is", async () => {
  const { recorded, simulations } = await simulateStudy({ name: "open", directory, scheduler: "full" });
  expect(recorded).toMatchObject({ complete: 2, unfinished: 1, steps: 4 + 4 + 2 });
  expect(simulations[0]).toMatchObject({ complete: 2, beyond: 1, steps: 10 });
});

test("all that is wrong with the schedulers is told at once, as of a spec", async () => {
  const scheduler = ["ful", { name: "median", startup: 0, percentle: 1 }, { startup: 1 } as unknown as string];
  await expect(simulateStudy({ name: "crossing", directory, scheduler })).rejects.toMatchObject({
    code: "invalid-spec",
    issues: [
      { path: "scheduler.0", received: '"ful"', hint: 'did you mean "full"?' },
      { path: "scheduler.1.startup", expected: expect.stringContaining("a whole number of at least 1") as string },
      { path: "scheduler.1.percentle", hint: 'did you mean "percentile"?' },
      { path: "scheduler.2.name" },
    ],
  });
});

test("a scheduler that needs a budget is refused where the study has none", async () => {
  await expect(simulateStudy({ name: "bare", directory, scheduler: "hyperband" })).rejects.toMatchObject({
    code: "invalid-spec",
    issues: [{ path: "scheduler", received: "no budget" }],
  });
});

test.each([0, 1.5, Number.NaN])("slots of %d are refused", async (slots) => {
  await expect(simulateStudy({ name: "crossing", directory, scheduler: "full", slots })).rejects.toMatchObject({
    code: "invalid-argument",
    message: expect.stringContaining("slots: expected an integer of at least 1") as string,
  });
});

test("a study without trials, and one that is not there, are refused", async () => {
  await expect(simulateStudy({ name: "empty", directory, scheduler: "full" })).rejects.toThrow(
    'expected a study with trials, but "empty" has none yet',
  );
  await expect(simulateStudy({ name: "crosing", directory, scheduler: "full" })).rejects.toMatchObject({
    code: "study-not-found",
  });
});
