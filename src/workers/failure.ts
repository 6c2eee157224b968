import type { CauseKind, RunOutcome } from "../history/events.ts";
import { classOf } from "./failure-class.ts";
import { BadReport } from "./told.ts";
import { messageOf, stackOf } from "./words.ts";

/** Causes of causes that are looked at. */
const DEPTH = 5;

export type Failure = Extract<RunOutcome, { readonly kind: "failed" }>;

/** A failed run in words; a blank `detail` is left out. */
export function failed(kind: CauseKind, message: string, detail?: string): Failure {
  const kept = detail?.trim() === "" ? undefined : detail;
  return { kind: "failed", cause: { kind, message, ...(kept === undefined ? {} : { detail: kept }) } };
}

/** The failure of an objective that threw. */
export function thrown(error: unknown): Failure {
  if (error instanceof BadReport) return failedBy("bad-report", error);
  const words: string[] = [];
  for (let at = error; at instanceof Error && words.length < DEPTH; at = at.cause) words.unshift(messageOf(at));
  return failedBy(classOf(words.join("\n")) ?? "error", error);
}

/** The failure for something thrown; `prefix` says where, as in "cannot load /x/train.js: ". */
export function failedBy(kind: CauseKind, error: unknown, prefix = ""): Failure {
  return failed(kind, `${prefix}${messageOf(error)}`, stackOf(error));
}
