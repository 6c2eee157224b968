import type { Sampler, Suggestion } from "../samplers/sampler.ts";

/** Where suggestions are computed. */
export interface Suggester {
  /** At once where that takes no time, else a promise. */
  suggest(task: unknown): Suggestion | Promise<Suggestion>;
  close(): Promise<void>;
}

/** Computes every suggestion in place, however long it takes. */
export function suggestInPlace(sampler: Sampler): Suggester {
  return { suggest: (task) => sampler.suggest(task), close: async () => undefined };
}
