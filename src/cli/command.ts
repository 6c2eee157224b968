import type { ExitCode } from "./exit-codes.ts";
import type { Output } from "./output.ts";

/**
 * A command as data: its words, what it takes and what it does. Both ways of reading a command line, the quick one and
 * the one that explains, read this.
 */

export interface PositionalSpec {
  readonly describe: string;
  /** @default "text" */
  readonly type?: "text" | "whole";
}

export type OptionSpec =
  | { readonly type: "flag"; readonly describe: string }
  | {
      readonly type: "text";
      readonly describe: string;
      readonly default?: string;
      readonly choices?: readonly string[];
    }
  /** May be given several times. */
  | { readonly type: "texts"; readonly describe: string }
  /** An integer of at least `min`. */
  | { readonly type: "whole"; readonly describe: string; readonly min: number };

export type PositionalSpecs = Readonly<Record<string, PositionalSpec>>;
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

type PositionalValue<S> = S extends { type: "whole" } ? number : string;
type OptionValue<S> = S extends { type: "flag" }
  ? boolean
  : S extends { type: "whole" }
    ? number | undefined
    : S extends { type: "texts" }
      ? readonly string[]
      : S extends { choices: readonly (infer C)[] }
        ? S extends { default: string }
          ? C
          : C | undefined
        : S extends { default: string }
          ? string
          : string | undefined;

/** What a command's `run` gets: the values with the types that its specs imply. */
export type ArgumentsOf<P extends PositionalSpecs, O extends OptionSpecs> = {
  readonly [K in keyof P]: PositionalValue<P[K]>;
} & { readonly [K in keyof O]: OptionValue<O[K]> };

interface CommandOf<P extends PositionalSpecs, O extends OptionSpecs> {
  readonly describe: string;
  /** All are required, in this order. */
  readonly positionals: P;
  readonly options: O;
  run(args: ArgumentsOf<P, O>, output: Output): Promise<ExitCode>;
}

/** Any command, for those who only pass its values on. */
export interface Command {
  readonly describe: string;
  readonly positionals: PositionalSpecs;
  readonly options: OptionSpecs;
  run(args: Readonly<Record<string, never>>, output: Output): Promise<ExitCode>;
}

/** Gives `run` the types of what the command takes. */
export function defineCommand<const P extends PositionalSpecs, const O extends OptionSpecs>(
  command: CommandOf<P, O>,
): Command {
  return command as unknown as Command;
}
