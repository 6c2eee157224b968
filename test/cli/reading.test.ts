import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Recorded } from "../../src/history/events.ts";
import { decodeLine, encodeLine } from "../../src/journal/line.ts";
import { spec, TRAIN, TestFolder } from "./cli.ts";

interface ShownTrial {
  readonly number: number;
  readonly state: string;
  readonly params: { readonly lr: number; readonly opt: string };
  readonly value: number | null;
  readonly budget: number;
  readonly reports: readonly { readonly step: number; readonly loss: number }[];
  readonly reason: string;
  readonly cause: unknown;
}

interface Shown {
  readonly name: string;
  readonly state: string;
  readonly best: { readonly number: number; readonly value: number };
  readonly trials: readonly ShownTrial[];
}

let place: TestFolder;

beforeAll(async () => {
  place = new TestFolder();
  place.write("train.mjs", TRAIN);
  place.write("space.json", spec({ budget: { min: 1, max: 3, unit: "epochs" }, stop: undefined }));
  const { code, stderr } = await place.run(["study", "start", "space.json"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
});

afterAll(() => place.remove());

test("show tells a study and every trial of it", async () => {
  const shown = await place.json<Shown>("study", "show", "toy");
  expect(shown).toMatchObject({ name: "toy", state: "finished" });
  expect(shown.trials.map((trial) => trial.number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  const [first] = shown.trials as [ShownTrial];
  expect(first.reports[0]).toEqual({ step: 1, loss: expect.any(Number) as number });
  expect(first.cause).toBeNull();
  expect(["complete", "pruned"]).toContain(first.state);
  const best = shown.trials[shown.best.number];
  expect(best).toMatchObject({ state: "complete", value: shown.best.value, budget: 3 });
  expect(best?.value).toBe(Math.min(...shown.trials.filter((t) => t.budget === 3).map((t) => t.value ?? Infinity)));
});

test("show is a table for people", async () => {
  const { code, stdout } = await place.run(["study", "show", "toy"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^toy: finished, since all 9 trials asked for are done$/m);
  expect(stdout).toMatch(/^0 +(complete|pruned) +[\d.]+ +[13] +lr [\d.e-]+, opt (sgd|adam) \(.+\)$/m);
});

test("best gives number, parameters and value", async () => {
  const shown = await place.json<Shown>("study", "show", "toy");
  const best = await place.json<object>("study", "best", "toy");
  expect(best).toEqual({ ...shown.best, params: shown.trials[shown.best.number]?.params, budget: 3, checkpoint: null });
  const { stdout } = await place.run(["study", "best", "toy"]);
  expect(stdout).toContain(`trial ${shown.best.number}: loss ${shown.best.value} after 3 epochs`);
});

test("list has a row for each study, and says which is damaged", async () => {
  place.write("studies/broken/journal.jsonl", "no journal at all\n");
  const list = await place.json<readonly { name: string; state: string }[]>("study", "list");
  expect(list.map(({ name, state }) => [name, state])).toEqual([
    ["broken", "damaged"],
    ["toy", "finished"],
  ]);
  const { stdout } = await place.run(["study", "list"]);
  expect(stdout).toMatch(/^toy +finished +9 trials +curve +trial \d: loss /m);
  const elsewhere = await place.run(["study", "list", "--directory", "nowhere"]);
  expect(elsewhere).toMatchObject({ code: 0, stdout: expect.stringContaining("no studies in nowhere") as string });
});

test("a damaged journal is told by file and line", async () => {
  place.write("studies/broken/journal.jsonl", "no journal at all\n");
  const { code, stderr } = await place.run(["study", "show", "broken"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/journal\.jsonl, line 1 cannot be read/);
  expect(stderr).not.toMatch(/^ +at /m);
});

test("export writes every trial as CSV and as JSON", async () => {
  const shown = await place.json<Shown>("study", "show", "toy");
  const csv = (await place.run(["study", "export", "toy", "--format", "csv"])).stdout.trimEnd().split("\n");
  expect(csv[0]).toBe("number,state,value,budget,lr,opt,reason,cause");
  expect(csv).toHaveLength(10);
  const [first] = shown.trials as [ShownTrial];
  expect(csv[1]).toContain(`0,${first.state},${first.value},${first.budget},${first.params.lr},${first.params.opt},`);
  const { stdout, stderr } = await place.run(["study", "export", "toy", "--format", "json", "--out", "trials.json"]);
  expect(stdout).toBe("");
  expect(stderr).toBe("9 trials written to trials.json\n");
  const rows = JSON.parse(readFileSync(join(place.folder, "trials.json"), "utf8")) as object[];
  expect(rows[0]).toEqual({
    number: 0,
    state: first.state,
    value: first.value,
    budget: first.budget,
    params: first.params,
    reason: first.reason,
    cause: null,
  });
});

test("trial show tells why, the curve, the log, and how to run it again", async () => {
  const { code, stdout } = await place.run(["trial", "show", "toy", "0", "--directory", "./studies"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ +0:00 {2}created: spread evenly: the model starts when/m);
  expect(stdout).toMatch(/^curve of loss, \d reports?: /m);
  expect(stdout).toMatch(/^ {2}trained with [\d.]+$/m);
  expect(stdout).toContain("\n  hpo trial run toy 0 --directory ./studies\n");
  const json = await place.json<{ again: string; logs: readonly object[] }>("trial", "show", "toy", "0");
  expect(json).toMatchObject({ number: 0, again: "hpo trial run toy 0", command: null });
});

test("trial run does the same again and records nothing", async () => {
  const journal = join(place.folder, "studies/toy/journal.jsonl");
  const before = readFileSync(journal, "utf8");
  const shown = await place.json<Shown>("study", "show", "toy");
  const { number, value } = shown.best;
  const again = await place.run(["trial", "run", "toy", String(number), "--json"]);
  expect(again.code).toBe(0);
  const lines = again.stdout.trimEnd().split("\n");
  expect(lines).toHaveLength(4);
  expect(JSON.parse(lines[3] ?? "")).toEqual({
    type: "ended",
    outcome: { kind: "completed", metrics: { loss: value } },
  });
  const words = await place.run(["trial", "run", "toy", String(number)]);
  expect(words.stdout).toMatch(/^step 3: loss [\d.]+$/m);
  expect(words.stdout).toMatch(/^ {2}trained with/m);
  expect(readFileSync(journal, "utf8")).toBe(before);
});

test("verify passes what is true and finds what was changed", async () => {
  const journal = join(place.folder, "studies/toy/journal.jsonl");
  const before = readFileSync(journal, "utf8");
  expect(await place.run(["study", "verify", "toy"])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^toy: verified\. \d+ events replayed, \d+ answers computed again/) as string,
  });
  const events = before.trimEnd().split("\n").map(decodeEvent);
  const changed = events.map((event) =>
    encodeLine(event.type === "trial-created" && event.trial === 1 ? { ...event, reason: "drawn at will" } : event),
  );
  writeFileSync(journal, `${changed.join("\n")}\n`);
  try {
    const { code, stderr } = await place.run(["study", "verify", "toy"]);
    expect(stderr).toMatch(/^toy: different\. The first difference is in line \d+ of .*journal\.jsonl .*drawn at will/);
    expect(code).toBe(1);
    const result = await place.run(["study", "verify", "toy", "--json"]);
    expect(JSON.parse(result.stdout)).toMatchObject({ kind: "different", type: "trial-created" });
  } finally {
    writeFileSync(journal, before);
  }
});

function decodeEvent(line: string): Recorded {
  const decoded = decodeLine(Buffer.from(line));
  if ("problem" in decoded) throw new Error(decoded.problem);
  return decoded.event;
}

describe("what is not there", () => {
  test.each([
    [["study", "show", "tony"], 2, /expected a study named "tony".*there are: .*toy; did you mean "toy"\?/],
    [["trial", "show", "toy", "19"], 2, /study "toy" has no trial 19: it has the trials 0 to 8/],
    [
      ["study", "export", "toy", "--out", "no/such/folder/x.csv"],
      2,
      /--out: no\/such\/folder\/x.csv cannot be written/,
    ],
  ])("hpo %j ends with %d", async (argv, code, message) => {
    const result = await place.run(argv);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toMatch(/^ +at /m);
    expect(result.code).toBe(code);
  });
});

test("devices shows the slots of this machine", async () => {
  const devices = await place.json<readonly object[]>("devices");
  expect(devices[0]).toEqual({ slot: "cpu-0", kind: "cpu", free: true, reason: null });
  expect((await place.run(["devices"])).stdout).toMatch(/^cpu-0 {2}free$/m);
});
