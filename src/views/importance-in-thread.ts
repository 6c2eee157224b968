import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { ImportanceTask } from "./importance.ts";
import type { Importance } from "./payload.ts";

const THREAD = fileURLToPath(new URL("./importance-worker.js", import.meta.url));

/** Computes `importanceOf` in a thread of its own, which ends with it: thousands of trials take seconds. */
export async function computeImportance(task: ImportanceTask): Promise<Importance> {
  const pool = new Piscina<ImportanceTask, Importance>({
    filename: THREAD,
    minThreads: 1,
    maxThreads: 1,
    recordTiming: false,
  });
  try {
    return await pool.run(task);
  } finally {
    await pool.destroy();
  }
}
