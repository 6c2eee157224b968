import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { StudySettings } from "../history/settings.ts";
import type { Sampler, Suggestion } from "../samplers/sampler.ts";
import type { Suggester } from "./suggester.ts";

const THREAD = fileURLToPath(new URL("./suggest-worker.js", import.meta.url));

/** Computes suggestions that take long in a thread, and the others in place. */
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
    let suggestions = 0;
    return {
      suggest: (task) => {
        const slow = sampler.isSlow?.(task) === true;
        // Ready before it is needed, but not while the first run is being started.
        if (slow || (sampler.isSlow !== undefined && suggestions > 0)) pool ??= start();
        suggestions++;
        return slow && pool !== undefined ? pool.run(task) : sampler.suggest(task);
      },
      close: async () => pool?.destroy(),
    };
  };
}
