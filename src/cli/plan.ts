import type { Command } from "./command.ts";

/** Words as a parser leaves them: not yet checked against the command's types. */
export type RawValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** What a command line asks for. */
export interface Plan {
  /** Such as "study start". */
  readonly words: string;
  readonly command: Command;
  readonly values: RawValues;
}
