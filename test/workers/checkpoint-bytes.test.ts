import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  ftruncateSync,
  closeSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CheckpointFolder } from "../../src/workers/checkpoint-folder.ts";
import { createFunctionDispatcher } from "../../src/workers/function-dispatcher.ts";
import { closeAll, openCommand, openModule, PYTHON } from "../support/process-dispatchers.ts";
import { orderRun, recordRun } from "../support/run-recorder.ts";
import type { Dispatcher } from "../../src/workers/dispatcher.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "hpo-test-"));
});
afterEach(async () => {
  expect(await closeAll()).toEqual([]);
  rmSync(directory, { recursive: true, force: true });
});

/** Saves one checkpoint; gives what it was told to take. */
async function save(write: (folder: string) => void): Promise<number> {
  let told = -1;
  await new CheckpointFolder(directory, 1).save(1, write, async (_, { bytes }) => {
    told = bytes;
    return 1;
  });
  return told;
}

/** What `du` says, in bytes. */
const du = (path: string): number => Number(execFileSync("du", ["-sB1", path], { encoding: "utf8" }).split("\t")[0]);

test("a checkpoint takes what du says, with all folders below and without what its links point to", async () => {
  const bytes = await save((folder) => {
    writeFileSync(join(folder, "weights"), Buffer.alloc(123_456, 7));
    mkdirSync(join(folder, "deep", "deeper"), { recursive: true });
    writeFileSync(join(folder, "deep", "deeper", "state"), Buffer.alloc(10_000, 7));
    writeFileSync(join(folder, "empty"), "");
    symlinkSync(process.execPath, join(folder, "program"));
    symlinkSync("/usr", join(folder, "everything"));
  });
  const taken = du(join(directory, "1"));
  expect(bytes).toBeGreaterThanOrEqual(taken);
  // Some file systems keep folders and small files where `du` sees no block.
  expect(bytes).toBeLessThan(taken + 5000);
});

test("a sparse file takes its length, which a copy may", async () => {
  const bytes = await save((folder) => {
    const file = openSync(join(folder, "sparse"), "w");
    ftruncateSync(file, 5_000_000);
    closeSync(file);
  });
  expect(bytes).toBeGreaterThanOrEqual(5_000_000);
  expect(bytes).toBeLessThan(5_100_000);
});

test.each<[string, () => Dispatcher]>([
  ["module", () => openModule("checkpoint.mjs")],
  ["command", () => openCommand([...PYTHON, "checkpoint"])],
])("a %s tells what each of its checkpoints takes", async (_, open) => {
  const sizes: (number | undefined)[] = [];
  const recorder = recordRun();
  open().start(orderRun({ directory }), {
    ...recorder,
    checkpointed: async (step, bytes) => {
      expect(bytes).toBeGreaterThanOrEqual(du(join(directory, "checkpoint", String(step))));
      sizes.push(bytes);
      return step;
    },
  });
  expect(await recorder.outcome).toMatchObject({ kind: "completed" });
  expect(sizes.length).toBe(3);
  for (const bytes of sizes) expect(bytes).toBeGreaterThan(0);
});

test("a dispatcher leaves of a trial what it is told to keep, and what is no checkpoint", async () => {
  const checkpoints = join(directory, "checkpoint");
  for (const name of ["3", "8", "9", ".unfinished-10", "notes"])
    mkdirSync(join(checkpoints, name, "deep"), { recursive: true });
  const limits = { timeout: null, idle: null, memory: null, retries: 0, grace: 400 };
  const dispatcher = createFunctionDispatcher({ objective: () => 1, metric: "loss", slots: ["cpu-0"], limits });
  dispatcher.tidy({ trial: 0, directory }, [3, 9]);
  expect(readdirSync(checkpoints).sort()).toEqual(["3", "9", "notes"]);
  openModule("checkpoint.mjs").tidy({ trial: 0, directory }, []);
  expect(readdirSync(checkpoints)).toEqual(["notes"]);
  // A trial that never saved has no folder, and gets none.
  dispatcher.tidy({ trial: 1, directory: join(directory, "none") }, []);
  expect(existsSync(join(directory, "none"))).toBe(false);
  await dispatcher.close();
});
