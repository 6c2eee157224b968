import { thrown } from "./failure.ts";
import { toOutcome } from "./result.ts";
import type { ToldOutcome } from "./told.ts";
import { buildTrial, type TrialChannel, type TrialFacts } from "./trial-object.ts";
import type { ObjectiveFunction } from "./trial.ts";
import type { Params } from "../space/parameter.ts";

/** Calls an objective, of a module or a program's own, and gives what came of it. Never rejects. */
export async function callObjective(
  objective: ObjectiveFunction,
  facts: TrialFacts & { readonly params: Params },
  metric: string,
  channel: TrialChannel,
  signal: AbortSignal,
): Promise<ToldOutcome> {
  try {
    const { trial, heard } = buildTrial(facts, metric, channel, signal);
    const outcome = toOutcome(await objective(facts.params, trial), metric, heard.metric);
    // A report that was refused may have held the last word: what was told before it is no result.
    return heard.refused === undefined ? outcome : thrown(heard.refused);
  } catch (error) {
    return thrown(error);
  }
}
