import type { ModelFit, Prediction } from "../history/events.ts";
import type { HistoryView } from "../history/view.ts";
import type { Params } from "../space/parameter.ts";

/**
 * Decides where in the space to try next, in two halves: `task` copies what a suggestion depends on, `suggest` computes it,
 * in another thread where it takes long. Both are pure: the same history gives the same suggestion.
 */
export interface Sampler<T = unknown> {
  /**
   * Everything that the suggestion for `trial` depends on, as plain data. Asked only while something is left to try.
   *
   * @param trial the number that the new trial will have; chance comes from `createRng(seed, trial, …)` alone
   */
  task(history: HistoryView, trial: number): T;
  /**
   * @param substitute as in the suggestion that is to be computed again, on a machine that may have what was lacking then
   * @returns a configuration inside the space, inactive parameters left out; in a finite space one that was not tried
   */
  suggest(task: T, substitute?: string): Suggestion;
  /** Whether `suggest` may take more than a few milliseconds. @default never */
  isSlow?(task: T): boolean;
  /**
   * Why nothing is left to suggest although the space has more, in words for people; undefined while something is. Pure as
   * well. What is enqueued is tried nevertheless; then the study ends. @default only the whole space is enough
   */
  exhausted?(history: HistoryView): string | undefined;
}

export interface Suggestion {
  readonly params: Params;
  /** Why here, in words for people. */
  readonly reason: string;
  /** Who chose it, where that is another sampler than the study's. @default the study's */
  readonly source?: string;
  /** What a model foretells of it. */
  readonly predicted?: Prediction;
  /** A fit made on the way, for later suggestions to start from. */
  readonly fit?: ModelFit;
  /** Why something simpler had to do than what the sampler is for. */
  readonly fallback?: string;
  /** What the machine lacked, in words, so that something slower computed it. No part of the answer. */
  readonly substitute?: string;
}
