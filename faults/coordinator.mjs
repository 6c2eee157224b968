import { existsSync, writeSync } from "node:fs";
import { createStudy, HpoError, resumeStudy } from "../dist/index.js";

/**
 * One session of a study, in a process of its own: coordinator.mjs DIRECTORY SEED HOLD. Each event goes to stdout once it is
 * durable; what was told there must never be lost. After the first eight of them, trials wait while the file HOLD is there.
 */
const [directory, seed, hold] = process.argv.slice(2);
let told = 0;

async function objective(params, trial) {
  const isHeld = () => told >= 8 && existsSync(hold);
  while (isHeld()) await new Promise((resolve) => setTimeout(resolve, 5));
  for (let step = trial.startStep; step <= trial.budget; step++) {
    if ((await trial.report({ step, loss: params.x ** 2 + 1 / step })).action === "stop") return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function open() {
  try {
    return await resumeStudy({ name: "s", directory, objective });
  } catch (error) {
    if (error.code !== "study-not-found") throw error;
    return createStudy({
      name: "s",
      directory,
      metric: { name: "loss", goal: "minimize" },
      parameters: { x: { type: "float", low: -1, high: 1 } },
      strategy: "hyperband",
      budget: { min: 1, max: 9 },
      workers: { cpus: 2 },
      seed: Number(seed),
      objective,
    });
  }
}

try {
  const study = await open();
  const run = study.run();
  for await (const event of run) {
    writeSync(1, `${JSON.stringify(event)}\n`);
    told++;
  }
  await run;
  await study.close();
} catch (error) {
  // A refusal in words is what the world's faults should come to; anything else is a bug, and is told as one.
  writeSync(2, error instanceof HpoError ? `${error.code}: ${error.message}\n` : `BUG: ${error.stack}\n`);
  process.exit(1);
}
