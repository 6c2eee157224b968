import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { ImportanceTask } from "./importance.ts";
import type { Importance } from "./payload.ts";

const THREAD = fileURLToPath(new URL("./importance-worker.js", import.meta.url));

/** Computes `importanceOf` in a thread of its own, which ends with it: thousands of trials take seconds. */
export async function computeImportance({ parameters, trials }: ImportanceTask): Promise<Importance> {
  const pool = new Piscina<ImportanceTask, Importance>({
    filename: THREAD,
    minThreads: 1,
    maxThreads: 1,
    recordTiming: false,
  });
  try {
    // Rows of pages have curves, which need no copy.
    const points = trials.map(({ params, value, budget }) => ({ params, value, budget }));
    return await pool.run({ parameters, trials: points });
  } finally {
    await pool.destroy();
  }
}
