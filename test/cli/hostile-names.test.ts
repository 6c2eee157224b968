import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Recorded } from "../../src/history/events.ts";
import { decodeLine, encodeLine } from "../../src/journal/line.ts";
import { coloured, harmless, plain } from "../../src/cli/paint.ts";
import { TestFolder } from "./cli.ts";

/** Names and words that others wrote: in a terminal they move nothing, in a table they compute nothing. */

const EVIL = "\u001B]0;evil\u0007\u009B2J\u202E";
const name = `loss${EVIL}`;

let place: TestFolder;

beforeAll(async () => {
  place = new TestFolder();
  const choices = ["=1+1", "@x", "+y", "-z", "\tq", `${EVIL}c`];
  place.write("space.json", {
    name: "evil",
    objective: { command: ["node", "-e", `console.log(JSON.stringify({ [${JSON.stringify(name)}]: -1 }))`] },
    metric: { name, goal: "minimize" },
    parameters: {
      constructor: { type: "float", low: -2, high: -1, when: { toString: ["=1+1"] } },
      toString: { type: "categorical", choices },
      "=p": { type: "float", low: -2, high: -1 },
    },
    strategy: { sampler: "grid", scheduler: "full" },
    budget: { min: 1, max: 1, unit: `e${EVIL}` },
    enqueue: choices.map((choice) => ({
      toString: choice,
      "=p": -1.5,
      ...(choice === "=1+1" ? { constructor: -1 } : {}),
    })),
    stop: { trials: choices.length },
  });
  const { code, stderr } = await place.run(["study", "start", "space.json", "--quiet"]);
  expect([code, stderr]).toEqual([0, ""]);
  cpSync(join(place.folder, "studies/evil"), join(place.folder, `studies/evil${EVIL}`), { recursive: true });
  // A journal from elsewhere, with a reason and a slot that no hpo would write.
  const lines = readFileSync(join(place.folder, "studies/evil/journal.jsonl"), "utf8").trimEnd().split("\n");
  const changed = lines.map((line) => {
    const { event } = decodeLine(Buffer.from(line)) as { readonly event: Recorded };
    if (event.type === "trial-created") return encodeLine({ ...event, reason: EVIL, source: EVIL });
    if (event.type === "run-started") return encodeLine({ ...event, slot: EVIL, reason: EVIL });
    if (event.type === "study-finished") return encodeLine({ ...event, reason: EVIL });
    return line;
  });
  mkdirSync(join(place.folder, "studies/foreign"));
  place.write("studies/foreign/journal.jsonl", `${changed.join("\n")}\n`);
}, 120_000);

afterAll(() => place.remove());

describe("control characters that others wrote", () => {
  it.each([
    ["study", "list"],
    ["study", "list", "--json"],
    ["study", "show", "foreign"],
    ["study", "show", "foreign", "--json"],
    ["study", "show", "foreign", "--all"],
    ["study", "show", `evil${EVIL}`],
    ["study", "show", `no${EVIL}`],
    ["study", "best", "foreign"],
    ["study", "verify", "foreign"],
    ["study", "importance", "foreign"],
    ["study", "export", "foreign"],
    ["study", "export", "foreign", "--json"],
    ["study", "simulate", "foreign", "--scheduler", "full"],
    ["trial", "show", "foreign", "0"],
    ["devices"],
    [`nothing${EVIL}`],
  ])("do not reach the terminal: hpo %s %s %s", async (...words) => {
    const { stdout, stderr } = await place.run(words);
    // eslint-disable-next-line no-control-regex
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202E]/);
    expect(stdout + stderr).not.toBe("");
    expect(stderr).not.toContain("bug in hpo");
    if (words.includes("--json")) expect(() => JSON.parse(stdout) as unknown).not.toThrow();
  });

  it("keep their value in JSON", async () => {
    expect(await place.json("study", "best", "foreign")).toMatchObject({ value: -1 });
    const [, , list] = await place.json<readonly { readonly metric: { readonly name: string } }[]>("study", "list");
    expect(list?.metric.name).toBe(name);
  });

  it("are left out of a line with colours, but for our own", () => {
    const line = coloured("red", `a${EVIL}\u001B[7mb\u001B[31;1mc`);
    expect(harmless(line, coloured)).toBe(
      "\u001B[31ma\\u001b]0;evil\\u0007\\u009b2J\\u202e\\u001b[7mb\\u001b[31;1mc\u001B[39m",
    );
    expect(harmless(line, plain)).toMatch(/^\\u001b\[31ma/);
  });
});

describe("an exported table", () => {
  it("holds no formula, numbers as they are, and nothing that every object has", async () => {
    const { stdout } = await place.run(["study", "export", "evil"]);
    const rows = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    expect(rows[0]?.slice(0, 7)).toEqual(["number", "state", "value", "budget", "constructor", "toString", "'=p"]);
    expect(rows.slice(1).map((row) => row.slice(2, 7))).toEqual([
      ["-1", "1", "-1", "'=1+1", "-1.5"],
      ["-1", "1", "", "'@x", "-1.5"],
      ["-1", "1", "", "'+y", "-1.5"],
      ["-1", "1", "", "'-z", "-1.5"],
      ["-1", "1", "", "'\tq", "-1.5"],
      ["-1", "1", "", "\\u001b]0;evil\\u0007\\u009b2J\\u202ec", "-1.5"],
    ]);
  });
});
