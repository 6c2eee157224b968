import type { RunOutcome } from "../history/events.ts";
import { describe } from "./words.ts";

/**
 * What an objective says, as it was said: by a line, a report, a result or a program's call alike. A metric is a number or it
 * is none; a text that spells a number is a text. The study judges it where it meets the journal (`study/boundary.ts`).
 */

/** A number, finite or not; or what came in its place, in words: "null", 'a string ("0.41")'. */
export type Told = number | string;

export type ToldMetrics = Readonly<Record<string, Told>>;

export interface ToldReport {
  readonly step: Told;
  /** At least one. */
  readonly metrics: ToldMetrics;
}

/** The end of a run. Where its metrics lack the study's, the last step that it told one of counts. */
export type ToldOutcome =
  { readonly kind: "completed"; readonly metrics: ToldMetrics } | Exclude<RunOutcome, { readonly kind: "completed" }>;

/** A report that says no step, or nothing of one. */
export class BadReport extends TypeError {}

export function toldMetrics(values: object): ToldMetrics {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, told(value)]));
}

function told(value: unknown): Told {
  return typeof value === "number" ? value : describe(value);
}

/** Why a step is none, as what was expected and what came; undefined for one. */
export function stepProblem(step: unknown): string | undefined {
  if (typeof step === "number" && step >= 0 && step < Infinity) return undefined;
  return `expected "step" to be a number of at least 0, received ${describe(step)}`;
}

/**
 * Splits what an objective reports into its step and its metrics.
 *
 * @param call for the words, such as "trial.report"
 * @throws BadReport in words
 */
export function readReport(call: string, report: unknown): ToldReport & { readonly step: number } {
  if (typeof report !== "object" || report === null || Array.isArray(report))
    throw new BadReport(`${call}: expected an object such as { step: 1, loss: 0.5 }, received ${describe(report)}`);
  const { step, ...metrics } = report as { readonly step?: unknown };
  const problem = stepProblem(step);
  if (problem !== undefined) throw new BadReport(`${call}: ${problem}`);
  if (Object.keys(metrics).length === 0)
    throw new BadReport(`${call}: expected at least one metric beside "step", received none`);
  return { step: step as number, metrics: toldMetrics(metrics) };
}
