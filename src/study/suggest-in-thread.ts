import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { StudySettings } from "../history/settings.ts";
import type { Sampler, Suggestion } from "../samplers/sampler.ts";
import type { Suggester } from "./suggester.ts";

const THREAD = fileURLToPath(new URL("./suggest-worker.js", import.meta.url));

/** Computes suggestions that take long in a thread, which starts with the first of them, and the others in place. */
export function suggestInThread(settings: StudySettings): (sampler: Sampler) => Suggester {
  return (sampler) => {
    let pool: Piscina<unknown, Suggestion> | undefined;
    const start = (): Piscina<unknown, Suggestion> => {
      const started = new Piscina<unknown, Suggestion>({
        filename: THREAD,
        minThreads: 1,
        maxThreads: 1,
        workerData: settings,
        recordTiming: false,
      });
      // What fails while a suggestion is computed rejects its promise; an answer that comes after the end is nobody's.
      started.on("error", () => {});
      return started;
    };
    return {
      suggest: (task) => {
        if (sampler.isSlow?.(task) !== true) return sampler.suggest(task);
        pool ??= start();
        return pool.run(task);
      },
      close: async () => pool?.destroy(),
    };
  };
}
