import type { Sampler } from "../../src/samplers/sampler.ts";
import type { Suggester } from "../../src/study/suggester.ts";

/** A suggestion takes as long as a few events, where it may take long. */
export const suggestLater = (sampler: Sampler): Suggester => ({
  suggest: (task) =>
    sampler.isSlow?.(task) === true
      ? (async () => {
          for (let turn = 0; turn < 9; turn++) await new Promise((resolve) => setImmediate(resolve));
          return sampler.suggest(task);
        })()
      : sampler.suggest(task),
  close: async () => undefined,
});
