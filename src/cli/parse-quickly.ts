import { parseArgs } from "node:util";
import { COMMANDS } from "./commands.ts";
import type { Plan } from "./plan.ts";

/**
 * Reads a well-formed command line without loading yargs, which alone takes longer to load than everything else that a
 * study needs before its first trial.
 *
 * @returns undefined for whatever needs more than that: help, a mistake, a spelling that node's parser does not know
 */
export async function parseQuickly(argv: readonly string[]): Promise<Plan | undefined> {
  const words = [argv.slice(0, 2).join(" "), argv[0] ?? ""].find((each) => Object.hasOwn(COMMANDS, each));
  if (words === undefined) return undefined;
  const { command } = await (COMMANDS[words] as (typeof COMMANDS)[string])();
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type }]) => [
      name,
      { type: type === "flag" ? ("boolean" as const) : ("string" as const), multiple: type === "texts" },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: argv.slice(words.split(" ").length),
      options: { ...options, "no-color": { type: "boolean" } },
      allowPositionals: true,
    });
    const names = Object.keys(command.positionals);
    if (positionals.length !== names.length) return undefined;
    const given = names.map((name, index) => [name, positionals[index]] as const);
    return { words, command, values: { ...values, ...Object.fromEntries(given) } };
  } catch {
    return undefined;
  }
}
