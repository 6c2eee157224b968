import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createStudy } from "hpo";
import { TestDashboard } from "./dashboard.ts";

/** Folders that cannot be read: each costs its own row, and nothing else. */

interface Row {
  readonly name: string;
  readonly problem?: string;
}

let place: TestDashboard;
let journal: string;

beforeEach(async () => {
  place = new TestDashboard();
  const study = await createStudy({
    name: "good",
    directory: place.directory,
    metric: { name: "loss", goal: "minimize" },
    parameters: { x: { type: "float", low: 0, high: 1 } },
    stop: { trials: 2 },
    objective: ({ x }) => x,
  });
  await study.run();
  await study.close();
  cpSync(join(place.directory, "good"), join(place.directory, "other"), { recursive: true });
  journal = join(place.directory, "other", "journal.jsonl");
});

afterEach(() => place.close());

const rows = async (): Promise<readonly Row[]> => {
  place.dashboard.studies.look();
  return ((await place.ask("/api/studies")).json() as { readonly studies: readonly Row[] }).studies;
};

/** A child of another user can be made by root alone; what root may not read is what is no regular file. */
const WAYS: readonly (readonly [string, () => void, RegExp])[] = [
  ["a loop of links", () => symlinkSync("journal.jsonl", journal), /links lead in a circle/],
  ["a link that leads nowhere", () => symlinkSync("/nowhere/x", journal), /leads nowhere|nothing at that path/],
  ["a pipe", () => execFileSync("mkfifo", [journal]), /no regular file/],
  ["a device", () => symlinkSync("/dev/zero", journal), /no regular file/],
  ["a folder", () => mkdirSync(journal), /no regular file/],
  ["no journal at all", () => writeFileSync(journal, "x".repeat(10_000) + "\n"), /line 1 cannot be read/],
];

describe.each(["before the dashboard starts", "while it runs"])("a study whose journal becomes, %s,", (when) => {
  it.each(WAYS)("%s, is shown with the reason", async (_, make, reason) => {
    const change = (): void => {
      rmSync(journal);
      make();
    };
    if (when === "before the dashboard starts") change();
    await place.open();
    if (when === "while it runs") {
      expect(await rows()).toHaveLength(2);
      change();
    }
    const [good, other] = await rows();
    expect(good).toMatchObject({ name: "good", state: "finished" });
    // A link that leads nowhere is no journal any more: its study is gone, or told.
    if (other !== undefined) expect(other.problem).toMatch(reason);
    expect((await place.ask("/api/studies/good")).status).toBe(200);
    expect([404, 409]).toContain((await place.ask("/api/studies/other")).status);
  });
});

it("a study's log that is a pipe blocks nobody", async () => {
  await place.open();
  const folder = join(place.directory, "good", "trials", "0");
  mkdirSync(folder, { recursive: true });
  execFileSync("mkfifo", [join(folder, "stdout.log")]);
  expect((await place.ask("/api/studies/good/trials/0")).status).toBe(200);
});

it("a folder of studies that becomes a file is told, and its studies come back with it", async () => {
  await place.open();
  expect(await rows()).toHaveLength(2);
  renameSync(place.directory, `${place.directory}.away`);
  writeFileSync(place.directory, "");
  expect(await rows()).toEqual([{ name: place.directory, problem: expect.stringContaining("ENOTDIR") as string }]);
  rmSync(place.directory);
  renameSync(`${place.directory}.away`, place.directory);
  expect(await rows()).toHaveLength(2);
});
