import type { CauseKind, RunOutcome } from "../history/events.ts";
import { messageOf, stackOf } from "./words.ts";

export type Failure = Extract<RunOutcome, { readonly kind: "failed" }>;

/** A failed run in words; a blank `detail` is left out. */
export function failed(kind: CauseKind, message: string, detail?: string): Failure {
  const kept = detail?.trim() === "" ? undefined : detail;
  return { kind: "failed", cause: { kind, message, ...(kept === undefined ? {} : { detail: kept }) } };
}

/** The failure for something thrown; `prefix` says where, as in "cannot load /x/train.js: ". */
export function failedBy(kind: CauseKind, error: unknown, prefix = ""): Failure {
  return failed(kind, `${prefix}${messageOf(error)}`, stackOf(error));
}
