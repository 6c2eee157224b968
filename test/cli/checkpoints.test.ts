import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { spec, TestFolder } from "./cli.ts";

/** What people see of checkpoints that were removed to keep within a limit, by the built command. */

interface Shown {
  readonly checkpoints: {
    readonly disk: number;
    readonly bytes: number;
    readonly evicted: number;
    readonly reruns: number;
  };
  readonly trials: readonly {
    readonly number: number;
    readonly checkpoint: { readonly step: number; readonly bytes: number } | null;
    readonly evicted: { readonly step: number; readonly bytes: number; readonly reason: string } | null;
    readonly runs: readonly { readonly startStep: number; readonly reason: string }[];
  }[];
}

let place: TestFolder;
let told: string;

beforeAll(async () => {
  place = new TestFolder();
  const module = fileURLToPath(new URL("../fixtures/objectives/heavy.mjs", import.meta.url));
  place.write(
    "space.json",
    spec({
      objective: { module },
      parameters: { x: { type: "float", low: 0.1, high: 1 } },
      strategy: "hyperband",
      budget: { min: 1, max: 9, unit: "epochs" },
      workers: { cpus: 2 },
      checkpoints: { disk: "300KB" },
      stop: undefined,
      seed: 3,
    }),
  );
  const { code, stdout, stderr } = await place.run(["study", "start", "space.json"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  told = stdout;
}, 60_000);

afterAll(() => place.remove());

test("a running study tells each removal, and its end how many there were", async () => {
  const { checkpoints, trials } = await place.json<Shown>("study", "show", "toy");
  const removals = told.match(
    /^trial \d+ checkpoint of step \d \([\d.]+ KB\) removed to keep the checkpoints within 300 KB: (the trial is (complete|pruned), and not the best|of \d+ paused trials it is the least likely to go on|it is the only one that is paused)$/gm,
  );
  expect(removals?.length).toBe(checkpoints.evicted);
  expect(checkpoints.disk).toBe(300 * 1024);
  expect(checkpoints.bytes).toBeLessThanOrEqual(checkpoints.disk);

  // Counted again, from what the runs themselves say.
  const again = trials.flatMap(({ runs }) => runs.slice(1)).filter(({ startStep }) => startStep === 1);
  expect(checkpoints.reruns).toBe(again.length);
  expect(again.length).toBeGreaterThan(1);
  expect(told).toContain(
    `  checkpoints: ${checkpoints.evicted} removed to keep within 300 KB, ${again.length} reruns from step 1 because of it`,
  );
});

test("show tells what is kept and what was removed", async () => {
  const { stdout } = await place.run(["study", "show", "toy"]);
  expect(stdout).toMatch(
    /^ {2}saved {5}checkpoints of [\d.]+ KB, at most 300 KB; \d+ removed to keep within 300 KB, /m,
  );
});

test("a trial's page tells the size of its checkpoint, or why it was removed", async () => {
  const { trials } = await place.json<Shown>("study", "show", "toy");
  const kept = trials.find(({ checkpoint }) => checkpoint !== null);
  const gone = trials.find(({ evicted }) => evicted !== null);
  const page = async (number = -1): Promise<string> =>
    (await place.run(["trial", "show", "toy", String(number)])).stdout;
  expect(await page(kept?.number)).toMatch(/^checkpoint: of step 9, 10\d(\.\d+)? KB$/m);
  expect(kept?.checkpoint?.bytes).toBeGreaterThan(100_000);
  expect(gone?.checkpoint).toBeNull();
  const removed = /checkpoint of step (\d) \(10\d(\.\d+)? KB\) removed to keep the checkpoints within 300 KB: /;
  const lines = (await page(gone?.number)).split("\n");
  expect(lines.find((line) => line.startsWith("checkpoint: "))).toMatch(removed);
  expect(lines.filter((line) => removed.test(line) && !line.startsWith("checkpoint: ")).length).toBeGreaterThan(0);
  expect(lines.some((line) => /^ +\d:\d\d {2}checkpoint of step \d, 10\d(\.\d+)? KB$/.test(line))).toBe(true);
});

test("space check names a size that nobody can read", async () => {
  place.write("bad.json", spec({ checkpoints: { disk: "plenty", disc: "1GB" } }));
  const { code, stdout, stderr } = await place.run(["space", "check", "bad.json"]);
  expect(code).toBe(2);
  expect(stdout + stderr).toMatch(
    /checkpoints\.disk: expected a size above zero such as "512MB" or "4GB", received "plenty"/,
  );
  expect(stdout + stderr).toMatch(/checkpoints\.disc/);
});
