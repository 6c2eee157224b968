import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { createStudy } from "hpo";
import type { Recorded } from "../../src/history/events.ts";
import { fold, type History } from "../../src/history/history.ts";
import { readJournal } from "../../src/journal/read-journal.ts";
import { createRng } from "../../src/numerics/rng.ts";
import { STRATEGY_WORDS } from "../../src/study/strategies.ts";
import { verifyStudy } from "../../src/study/verify.ts";
import { loss } from "../fixtures/crash/wandering.js";

/** How many times the coordinator is killed with each strategy. */
const KILLS = Number(process.env["HPO_TEST_KILLS"] ?? 50);
const SLOTS = 4;

const directory = mkdtempSync(join(tmpdir(), "hpo-reproducible-"));
afterAll(() => rmSync(directory, { recursive: true }));
const script = fileURLToPath(new URL("../fixtures/crash/coordinator.js", import.meta.url));

const strategies = [
  ...STRATEGY_WORDS,
  { sampler: "random", scheduler: "median" },
  { sampler: "gp", scheduler: { name: "median", percentile: 75 } },
];

const spec = (strategy: (typeof strategies)[number], seed: number) => ({
  metric: { name: "loss", goal: "minimize" as const },
  parameters: {
    x: { type: "float" as const, low: 0, high: 1 },
    y: { type: "float" as const, low: 0, high: 1 },
    kind: { type: "categorical" as const, choices: ["works", "works too", "fails"] },
  },
  strategy,
  budget: { min: 1, max: 9, unit: "steps" },
  stop: { trials: 30 },
  trial: { grace: "2s", retries: 1 },
  workers: { cpus: SLOTS },
  seed,
  reproducible: true,
});

/** Every suggestion with its reason, every stop and drop, every value, as text. */
function substance({ trials }: Pick<History, "trials">, events: readonly Recorded[]): string {
  const suggestions = events.filter((event) => event.type === "trial-created");
  return JSON.stringify(
    trials.map(({ number, params, state, value, reports, completedBudget, runs }) => {
      const { reason } = suggestions[number] as { readonly reason: string };
      return { params, reason, state, value, reports, completedBudget, stop: runs.at(-1)?.stopReason };
    }),
    undefined,
    1,
  );
}

describe.each(strategies.map((strategy) => ({ strategy, name: JSON.stringify(strategy) })))(
  "a reproducible study of 4 slots and $name, whose trials take any time",
  ({ strategy, name }) => {
    it(`is after ${KILLS} kills, byte for byte, what it is in one process without any`, async () => {
      const rng = createRng(`reproducible ${name}`, 0, "sample");
      let kills = 0;
      for (let seed = 0; kills < KILLS; seed++) {
        const study = `study${name.replaceAll(/\W+/g, "-")}-${seed}`;
        const acknowledged = join(directory, `${study}.acknowledged`);
        const objective = fileURLToPath(new URL("../fixtures/crash/wandering.js", import.meta.url));
        const options = JSON.stringify({
          name: study,
          directory,
          acknowledged,
          ...spec(strategy, seed),
          objective: { module: objective },
        });
        for (let finished = false; !finished;) {
          const child = spawn(process.execPath, [script, options], { stdio: ["ignore", "ignore", "pipe"] });
          const errors: Buffer[] = [];
          child.stderr.on("data", (data: Buffer) => errors.push(data));
          // When the kill falls is chance from a seed; what it hits is the machine's.
          const timer = kills < KILLS ? setTimeout(() => child.kill("SIGKILL"), 200 + rng.uniform() * 700) : undefined;
          const [code, signal] = (await once(child, "close")) as [number | null, string | null];
          clearTimeout(timer);
          if (signal === "SIGKILL") kills++;
          else {
            expect(Buffer.concat(errors).toString()).toBe("");
            expect(code).toBe(0);
            finished = true;
          }
        }
        const file = join(directory, study, "journal.jsonl");
        const events: Recorded[] = [];
        readJournal(file, (event) => events.push(event));
        expect(substance(fold(events), events)).toBe(await uninterrupted(strategy, seed));
        expect(verifyStudy(file)).toMatchObject({ kind: "verified" });
      }
    }, 900_000);
  },
);

/** The same study in one process: its trials take no time at all. */
async function uninterrupted(strategy: (typeof strategies)[number], seed: number): Promise<string> {
  const study = await createStudy({
    name: "whole",
    directory: null,
    ...spec(strategy, seed),
    objective: async ({ x, y, kind }, trial) => {
      for (let step = trial.startStep; step <= trial.budget; step++) {
        if (kind === "fails" && step === 2) throw new Error(`no luck with ${x}`);
        await trial.checkpoint.save(step, () => undefined);
        const decision = await trial.report({ step, loss: loss({ x, y }, step) });
        if (decision.action === "stop") return;
      }
    },
  });
  const events: Recorded[] = [];
  for await (const event of study.run()) events.push(event);
  await study.close();
  return substance(study.history as unknown as History, events);
}
