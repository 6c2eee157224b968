import type { ErrorCode } from "../errors.ts";

/** What the process ends with: part of the contract with scripts. */
export const EXIT = {
  done: 0,
  /** The study or the trial failed, or there is nothing to answer with. */
  failed: 1,
  /** The input is wrong: a file, a word, an option, a name. */
  badInput: 2,
  /** Ended by Ctrl-C, by a signal, or by `hpo study stop`. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Errors that the user cures by giving something else; the others are about the state of the world. */
const BAD_INPUT: ReadonlySet<ErrorCode> = new Set([
  "invalid-spec",
  "invalid-argument",
  "study-exists",
  "study-not-found",
  "not-supported",
]);

export function exitCodeOf(code: ErrorCode): ExitCode {
  return BAD_INPUT.has(code) ? EXIT.badInput : EXIT.failed;
}
