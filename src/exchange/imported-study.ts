import type { Cause, Metrics } from "../history/events.ts";
import type { BudgetSettings } from "../history/settings.ts";
import type { Parameters, Params } from "../space/parameter.ts";
import type { Goal } from "../space/spec.ts";

/** A study of another tool in hpo's words, before it is a journal. */

export interface ImportedReport {
  readonly step: number;
  readonly metrics: Metrics;
  /** Metrics that were NaN or infinite. */
  readonly omitted?: readonly string[];
}

export type ImportedEnd =
  | { readonly kind: "completed"; readonly value: number }
  | { readonly kind: "pruned"; readonly reason: string }
  | { readonly kind: "failed"; readonly cause: Cause }
  /** It ran, and starts again when the study goes on. */
  | { readonly kind: "open" }
  /** It was not tried yet. */
  | { readonly kind: "queued" };

export interface ImportedTrial {
  /** What the other tool calls it, such as "trial 17". */
  readonly label: string;
  readonly params: Params;
  readonly end: ImportedEnd;
  readonly reports: readonly ImportedReport[];
  /** Milliseconds since 1970; undefined where the tool does not tell. */
  readonly start: number | undefined;
  readonly complete: number | undefined;
  readonly notes: readonly string[];
}

export interface ImportedStudy {
  /** The tool, such as "Optuna". */
  readonly tool: string;
  /** What the study is called there. */
  readonly name: string;
  readonly metric: { readonly name: string; readonly goal: Goal };
  readonly parameters: Parameters;
  readonly budget: Pick<BudgetSettings, "max" | "unit"> | undefined;
  readonly trials: readonly ImportedTrial[];
  readonly notes: readonly string[];
  /** What was left out and why, in words; one for each trial or other thing. */
  readonly leftOut: readonly string[];
}
