import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { createStudy } from "hpo";
import type { Recorded } from "../../src/history/events.ts";
import { fold, type History } from "../../src/history/history.ts";
import { readJournal } from "../../src/journal/read-journal.ts";
import { createRng } from "../../src/numerics/rng.ts";
import { verifyStudy } from "../../src/study/verify.ts";
import { endOrphans, findMarked } from "../../src/workers/orphans.ts";

/** How many times the coordinator is killed at each number of slots. */
const KILLS = Number(process.env["HPO_TEST_KILLS"] ?? 50);

const directory = mkdtempSync(join(tmpdir(), "hpo-kill-"));
afterAll(() => rmSync(directory, { recursive: true }));
const script = fileURLToPath(new URL("../fixtures/crash/coordinator.js", import.meta.url));
const recordSyncs = new URL("../fixtures/crash/record-syncs.mjs", import.meta.url).href;

const spec = (seed: number, cpus: number) => ({
  metric: { name: "loss", goal: "minimize" as const },
  parameters: {
    x: { type: "float" as const, low: 0.1, high: 1 },
    pause: { type: "int" as const, low: 1, high: 12 },
    order: { type: "categorical" as const, choices: ["save first", "report first"] },
    hangs: { type: "categorical" as const, choices: [false] },
  },
  strategy: "hyperband",
  budget: { min: 1, max: 9, unit: "steps" },
  trial: { grace: "2s" },
  workers: { cpus },
  seed,
});

const lines = <T>(file: string): T[] =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as T)
    : [];

const summary = ({ best, trials }: Pick<History, "best" | "trials">) => ({
  best,
  trials: trials.map(({ number, params, state, value, reports }) => ({ number, params, state, value, reports })),
});

describe.each([
  [1, "process"],
  [4, "process"],
  [1, "power"],
  [4, "power"],
] as const)("a coordinator of %i slots that loses its %s again and again", (cpus, lost) => {
  it(`loses nothing over ${KILLS} kills`, async () => {
    const rng = createRng("kills", cpus, "sample");
    let kills = 0;
    for (let seed = 0; kills < KILLS; seed++) {
      const name = `study-${cpus}-${lost}-${seed}`;
      const acknowledged = join(directory, `${name}.acknowledged`);
      const ledger = join(directory, `${name}.ledger`);
      const synced = join(directory, `${name}.synced`);
      const file = join(directory, name, "journal.jsonl");
      const options = JSON.stringify({ name, directory, acknowledged, ...spec(seed, cpus) });
      for (let finished = false; !finished;) {
        const child = spawn(process.execPath, ["--import", recordSyncs, script, options], {
          stdio: ["ignore", "ignore", "pipe"],
          env: { ...process.env, HPO_TEST_LEDGER: ledger, HPO_TEST_SYNCED: synced },
        });
        const errors: Buffer[] = [];
        child.stderr.on("data", (data: Buffer) => errors.push(data));
        // When the kill falls is chance from a seed; what it hits is the machine's.
        const timer = kills < KILLS ? setTimeout(() => child.kill("SIGKILL"), 60 + rng.uniform() * 900) : undefined;
        const [code, signal] = (await once(child, "close")) as [number | null, string | null];
        clearTimeout(timer);
        if (signal === "SIGKILL") {
          kills++;
          // Without power, all bytes since the last flush are gone.
          if (lost === "power" && existsSync(file)) truncateSync(file, lines<number>(synced).at(-1) ?? 0);
        } else {
          expect(Buffer.concat(errors).toString()).toBe("");
          expect(code).toBe(0);
          finished = true;
        }
      }

      const events: Recorded[] = [];
      expect(readJournal(file, (event) => events.push(event)).torn).toBe(0);
      const history = fold(events);
      expect(verifyStudy(file)).toMatchObject({ kind: "verified" });
      expect(history.finished?.reason).toBe("all 17 trials asked for are done");
      expect(history.trials.map(({ number }) => number)).toEqual([...Array(17).keys()]);

      const finishedRuns = lines<{ trial: number; budget: number; loss: number }>(ledger);
      for (const { run, loss } of lines<{ run: number; loss: number }>(acknowledged)) {
        const view = history.runs[run];
        expect(view?.value).toBe(loss);
        expect(finishedRuns).toContainEqual({ trial: view?.trial, budget: view?.budget, loss });
      }
      for (const run of history.runs.filter(({ state }) => state === "completed"))
        expect(finishedRuns).toContainEqual({ trial: run.trial, budget: run.budget, loss: run.value });

      if (cpus === 1) expect(summary(history)).toEqual(await uninterrupted(seed));
      expect(findMarked(join(directory, name))).toEqual([]);
    }
  }, 600_000);
});

/** The same study without a kill, its objective computed here. */
async function uninterrupted(seed: number): Promise<unknown> {
  const study = await createStudy({
    name: `whole-${seed}`,
    directory: null,
    ...spec(seed, 1),
    objective: async (params, trial) => {
      let sum = 0;
      for (let step = 1; step <= trial.budget; step++) {
        sum += params.x / step;
        if (step >= trial.startStep) {
          await trial.checkpoint.save(step, () => undefined);
          await trial.report({ step, loss: sum / step });
        }
      }
    },
  });
  await study.run();
  await study.close();
  return summary(study.history as unknown as History);
}

it("leaves no objective behind, not even one in an endless loop", async () => {
  const name = "endless";
  const ledger = join(directory, "endless.ledger");
  const options = JSON.stringify({
    name,
    directory,
    acknowledged: join(directory, "endless.acknowledged"),
    ...spec(1, 2),
    parameters: { ...spec(1, 2).parameters, hangs: { type: "categorical", choices: [true] } },
  });
  const child = spawn(process.execPath, [script, options], {
    stdio: "ignore",
    env: { ...process.env, HPO_TEST_LEDGER: ledger },
  });
  // Two runs have reached their loop.
  while (lines(ledger).length < 2) await new Promise((resolve) => setImmediate(resolve));
  const folder = join(directory, name);
  expect(findMarked(folder).length).toBeGreaterThanOrEqual(2);
  child.kill("SIGKILL");
  await once(child, "close");
  expect(await endOrphans(folder, 60_000)).toEqual({ killed: 0 });
  expect(findMarked(folder)).toEqual([]);
});
