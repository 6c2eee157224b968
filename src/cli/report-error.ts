import { HpoError } from "../errors.ts";
import { systemError } from "../files/system-error.ts";
import { EXIT, exitCodeOf, type ExitCode } from "./exit-codes.ts";
import type { Output } from "./output.ts";

/** Tells an error on stderr: bad input and a bad world in words, anything else as the bug that it is. */
export function reportError(thrown: unknown, output: Output): ExitCode {
  const error = systemError(thrown);
  const head = output.paintErr("red", "hpo:");
  if (error instanceof HpoError) {
    output.err(`${head} ${error.message}`);
    return exitCodeOf(error.code);
  }
  output.err(`${head} an unexpected error, which is a bug in hpo:`);
  output.err(error instanceof Error ? (error.stack ?? String(error)) : String(error));
  output.err("Please report it with these lines and what you did; studies on disk can be resumed as they are.");
  return EXIT.failed;
}
