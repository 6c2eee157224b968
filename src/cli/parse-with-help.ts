import yargs, { type Arguments, type Argv } from "yargs";
import { HpoError } from "../errors.ts";
import { didYouMean } from "../space/nearest.ts";
import { ENGINE } from "../study/engine.ts";
import type { Command, OptionSpec } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import type { Output } from "./output.ts";
import type { Plan } from "./plan.ts";

const GROUPS: Readonly<Record<string, string>> = {
  study: "Run studies, and look at them",
  trial: "Look at one trial, or run it again alone",
  space: "Check a spec",
};

/** What yargs is to say when words are missing; explained in better words later. */
const MISSING = "missing words";

/** What the table says, with every command loaded. */
type Loaded = ReadonlyMap<string, Command>;

/**
 * Reads any command line: prints help, version and shell completions, and says what is wrong with a line that is none.
 *
 * @returns an exit code when there is nothing left to do
 * @throws HpoError "invalid-argument"
 */
export async function parseWithHelp(argv: readonly string[], output: Output): Promise<Plan | ExitCode> {
  // What a shell asks for its completions ends in words that nobody has finished yet.
  if (argv[0] === "help") return parseWithHelp([...argv.slice(1), "--help"], output);
  if (!argv.includes("--get-yargs-completions")) assertWords(argv);
  const loaded = new Map<string, Command>();
  for (const [words, load] of Object.entries(COMMANDS)) loaded.set(words, (await load()).command);

  let plan: Plan | undefined;
  const parser = describeAll(loaded, output, (words, command, args) => {
    plan = { words, command, values: checkArguments(words, command, args) };
  });
  const text = await new Promise<string>((resolve, reject) => {
    void parser.parse(argv, {}, (error: unknown, _args: unknown, printed: string) => {
      if (error instanceof HpoError) reject(error);
      else if (error instanceof Error) reject(explain(error, argv, loaded));
      else resolve(printed);
    });
  });
  if (plan !== undefined) return plan;
  if (text !== "") {
    output.out(text);
    return EXIT.done;
  }
  output.err(await parser.getHelp());
  return EXIT.badInput;
}

type Handle = (words: string, command: Command, args: Arguments) => void;

function describeAll(loaded: Loaded, output: Output, handle: Handle): Argv {
  const parser = yargs()
    .scriptName("hpo")
    .usage("hpo: finds good hyperparameters for anything that trains\n\nUsage: $0 <command>")
    .parserConfiguration({
      "boolean-negation": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "greedy-arrays": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
    })
    .updateStrings({
      "Not enough non-option arguments: got %s, need at least %s": {
        one: MISSING,
        other: MISSING,
      } as unknown as string,
      "Not enough arguments following: %s": "expected a value after --%s",
    })
    .option("no-color", { type: "boolean", describe: "Print without colours (NO_COLOR does the same)" })
    .completion("completion", "Print a script that completes these commands in your shell")
    .wrap(Math.min(output.width ?? 100, 120))
    .version(ENGINE)
    .help();
  for (const [group, describe] of Object.entries(GROUPS)) {
    const verbs = [...loaded.keys()].filter((each) => each.startsWith(`${group} `)).map((each) => each.split(" ")[1]);
    parser.command(`${group} <command>`, `${describe}: ${verbs.join(", ")}`, (inner) => {
      inner.usage(`${describe}\n\nUsage: $0 ${group} <command>`);
      for (const [words, command] of loaded)
        if (words.startsWith(`${group} `)) addCommand(inner, words, command, handle);
      return inner;
    });
  }
  for (const [words, command] of loaded) if (!words.includes(" ")) addCommand(parser, words, command, handle);
  return parser;
}

function addCommand(parser: Argv, words: string, command: Command, handle: Handle): void {
  const last = words.split(" ").at(-1) ?? words;
  const positionals = Object.keys(command.positionals).map((name) => `<${name}>`);
  parser.command(
    [last, ...positionals].join(" "),
    command.describe,
    (inner) => {
      for (const [name, { describe }] of Object.entries(command.positionals))
        inner.positional(name, { describe, type: "string" });
      for (const [name, spec] of Object.entries(command.options)) inner.option(name, toYargs(spec));
    },
    (args) => handle(words, command, args),
  );
}

function toYargs(spec: OptionSpec) {
  if (spec.type === "flag") return { type: "boolean" as const, describe: spec.describe };
  // A default in the help only: whether it was given stays visible.
  const shown = "default" in spec && spec.default !== undefined ? { defaultDescription: spec.default } : {};
  const words = "choices" in spec && spec.choices !== undefined ? ` (${spec.choices.join(" or ")})` : "";
  const many = spec.type === "texts" ? { array: true } : {};
  return { type: "string" as const, describe: `${spec.describe}${words}`, requiresArg: true, ...shown, ...many };
}

/** yargs knows the nearest command, but not the nearest option. */
function checkArguments(words: string, command: Command, args: Arguments): Plan["values"] {
  const { _: rest, $0: _program, ...values } = args;
  const options = Object.keys(command.options);
  const known = new Set([...options, ...Object.keys(command.positionals), "no-color", "help", "version"]);
  const help = `See "hpo ${words} --help"`;
  const unknown = Object.keys(values).find((name) => !known.has(name));
  if (unknown !== undefined) {
    const dashes = unknown.length === 1 ? "-" : "--";
    const near = foreignOption(unknown, options) ?? didYouMean(unknown, options)?.replace('"', '"--');
    throw invalid(`"hpo ${words}" has no option ${dashes}${unknown}${near === undefined ? "." : `; ${near}`} ${help}`);
  }
  const surplus = rest.slice(words.split(" ").length);
  if (surplus.length > 0) throw invalid(`expected nothing more, received "${surplus.join(" ")}". ${help}`);
  return Object.fromEntries(
    Object.entries(values as Plan["values"]).map(([name, value]) => [name, lastOf(command.options[name], value)]),
  );
}

/** Options of other tools, and what they are called here. */
const FOREIGN: Readonly<Record<string, string>> = {
  workers: "cpus",
  jobs: "cpus",
  "n-jobs": "cpus",
  parallel: "cpus",
  "n-trials": "trials",
  n_trials: "trials",
  timeout: "time",
  gpu: "gpus",
  dir: "directory",
};

function foreignOption(written: string, options: readonly string[]): string | undefined {
  const meant = Object.hasOwn(FOREIGN, written) ? FOREIGN[written] : undefined;
  return meant !== undefined && options.includes(meant) ? `did you mean "--${meant}"?` : undefined;
}

/** Of an option that was given again, the last word counts, but where all do. */
function lastOf(spec: OptionSpec | undefined, value: Plan["values"][string]): Plan["values"][string] {
  return spec?.type !== "texts" && typeof value === "object" ? value.at(-1) : value;
}

/** Refuses a line that begins with a word which is no command. */
function assertWords(argv: readonly string[]): void {
  const [first, second] = argv;
  if (first === undefined || first.startsWith("-") || first === "completion" || Object.hasOwn(COMMANDS, first)) return;
  const commands = Object.keys(COMMANDS);
  const isGroup = Object.hasOwn(GROUPS, first);
  if (isGroup && (second === undefined || second.startsWith("-") || commands.includes(`${first} ${second}`))) return;
  const written = isGroup ? `${first} ${second}` : first;
  const near = isGroup
    ? didYouMean(
        written,
        commands.filter((each) => each.startsWith(`${first} `)),
      )
    : nearCommand(written, commands);
  throw invalid(`there is no command "${written}"${near === undefined ? "." : `; ${near}`} See "hpo --help"`);
}

/** `hpo start` means `hpo study start`. */
function nearCommand(written: string, commands: readonly string[]): string | undefined {
  const whole = commands.find((each) => each.endsWith(` ${written}`));
  return whole === undefined ? didYouMean(written, [...Object.keys(GROUPS), ...commands]) : didYouMean(whole, commands);
}

/** What yargs has found wrong, with the words that were expected. */
function explain(error: Error, argv: readonly string[], loaded: Loaded): HpoError {
  const words = [argv.slice(0, 2).join(" "), argv[0] ?? ""].find((each) => loaded.has(each)) ?? argv[0];
  const names = Object.keys(loaded.get(words ?? "")?.positionals ?? { command: {} });
  const expected = `"hpo ${words}" needs ${names.map((name) => name.toUpperCase()).join(" and ")} after it`;
  return invalid(`${error.message.startsWith(MISSING) ? expected : error.message}. See "hpo ${words} --help"`);
}

function invalid(message: string): HpoError {
  return new HpoError("invalid-argument", message);
}
