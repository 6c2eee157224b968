import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { spec, TestFolder, TRAIN } from "./cli.ts";

/** A study is worth more than its words: it goes on where they cannot be written. */

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

let place: TestFolder;
beforeEach(() => {
  place = new TestFolder();
  place.write("train.mjs", TRAIN);
  place.write("space.json", spec());
});
afterEach(() => place.remove());

async function run(argv: readonly string[], stdout: number | "pipe"): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...argv], { cwd: place.folder, stdio: ["ignore", stdout, "pipe"] });
  // A reader that goes before anything was written.
  if (stdout === "pipe") child.stdout?.destroy();
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stderr };
}

describe.skipIf(!existsSync("/dev/full"))("on a full disk (needs /dev/full)", () => {
  it.each([["--json"], []])("a study goes on, and says it once: start %s", async (...flags) => {
    const { code, stderr } = await run(["study", "start", "space.json", ...flags], openSync("/dev/full", "w"));
    const lost = "hpo: words are lost: the disk is full (ENOSPC); the study goes on without them\n";
    expect(stderr.split(lost)).toHaveLength(2);
    expect(code).toBe(0);
    expect(await place.json("study", "show", "toy")).toMatchObject({ state: "finished" });
  });

  it("a command that only tells something fails", async () => {
    const { code, stderr } = await run(["devices"], openSync("/dev/full", "w"));
    expect(stderr).toBe("hpo: words are lost: the disk is full (ENOSPC)\n");
    expect(code).toBe(1);
  });
});

describe("where nobody reads", () => {
  it("a study goes on", async () => {
    const { code, stderr } = await run(["study", "start", "space.json"], "pipe");
    expect(stderr).toBe("hpo: words are lost: nobody reads them; the study goes on without them\n");
    expect(code).toBe(0);
    expect(await place.json("study", "show", "toy")).toMatchObject({ state: "finished" });
  });

  it("a command that only tells something ends", async () => {
    await place.run(["study", "start", "space.json", "--quiet"]);
    expect(await run(["study", "show", "toy"], "pipe")).toEqual({ code: 130, stderr: "" });
  });
});

it.skipIf(process.getuid?.() !== 0)("a folder that this user may only read is told in words (needs root)", async () => {
  await place.run(["study", "start", "space.json", "--quiet"]);
  const asNobody = async (...words: string[]): Promise<{ code: number | null; text: string }> => {
    const child = spawn(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        `process.argv.splice(1, 0, "hpo"); process.setgid(65534); process.setuid(65534); await import(${JSON.stringify(MAIN)})`,
        ...words,
      ],
      { cwd: place.folder, stdio: ["ignore", "pipe", "pipe"] },
    );
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, text };
  };
  await once(execFile("chmod", ["-R", "a+rX", place.folder]), "close");
  for (const words of [
    ["study", "resume", "toy", "--trials", "9"],
    ["study", "note", "toy", "hello"],
  ]) {
    const { code, text } = await asNobody(...words);
    expect(text).toMatch(/^hpo: cannot open .*journal\.lock: this user may not do that \(EACCES\)/);
    expect(code).toBe(2);
  }
  expect(await asNobody("study", "best", "toy")).toMatchObject({ code: 0 });
  await once(execFile("chmod", ["000", join(place.folder, "studies/toy/journal.jsonl")]), "close");
  for (const words of [
    ["study", "show", "toy"],
    ["study", "resume", "toy"],
    ["study", "start", "space.json"],
  ]) {
    const { code, text } = await asNobody(...words);
    expect(text, words.join(" ")).toMatch(/EACCES/);
    expect(text).not.toMatch(/bug in hpo|no studies|is already in/);
    expect(code).not.toBe(0);
  }
  expect((await asNobody("study", "list")).text).toMatch(/^toy +unreadable .*EACCES/m);
});

it("a second journal without a first line never takes the place of the first one's", async () => {
  for (const text of ["torn once", "torn twice"]) {
    place.write("studies/toy/journal.jsonl", text);
    expect((await place.run(["study", "start", "space.json", "--quiet", "--trials", "1"])).code).toBe(0);
    expect(await place.json("study", "show", "toy")).toMatchObject({ state: "finished" });
  }
  const kept = (name: string): string => readFileSync(join(place.folder, "studies/toy", name), "utf8");
  expect([kept("journal.jsonl.unused"), kept("journal.jsonl.unused-2")]).toEqual(["torn once", "torn twice"]);
});
