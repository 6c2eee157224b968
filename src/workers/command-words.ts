import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import type { ParameterValue } from "../space/parameter.ts";
import { placeholdersOf } from "../space/placeholders.ts";
import type { CommandFacts, ProcessOrder } from "./messages.ts";

type Values = ReadonlyMap<string, string>;

/** The words of a command for one run. A word or nested list that names an inactive parameter is left out whole. */
export function commandWords(argv: readonly (string | readonly string[])[], order: ProcessOrder): string[] {
  const values = placeholders(order);
  return argv.flatMap((item) => {
    const words = typeof item === "string" ? [fill(item, values)] : item.map((word) => fill(word, values));
    return words.every((word) => word !== undefined) ? words : [];
  });
}

/** The folder that holds the Python module `hpo`. */
const PYTHON = fileURLToPath(new URL("../../python", import.meta.url));

/** What a command finds in its environment beside the coordinator's own, which is `inherited`. */
export function commandEnvironment(
  order: ProcessOrder,
  metric: string,
  { floats = [], unit = null }: CommandFacts,
  inherited: NodeJS.ProcessEnv,
): Record<string, string> {
  const paths = [PYTHON, inherited["PYTHONPATH"] ?? ""];
  const environment: Record<string, string> = {
    HPO_TRIAL: String(order.trial),
    HPO_ATTEMPT: String(order.attempt),
    HPO_SEED: String(order.seed),
    HPO_BUDGET: String(order.budget),
    HPO_START_STEP: String(order.startStep),
    HPO_CHECKPOINT: order.checkpoints,
    HPO_METRIC: metric,
    HPO_PARAMS: paramsJson(order.params, floats),
    PYTHONPATH: paths.filter((path) => path !== "").join(delimiter),
    // Python holds back what it prints into a pipe; reports would come all at once at the end.
    PYTHONUNBUFFERED: "1",
  };
  if (unit !== null) environment["HPO_UNIT"] = unit;
  for (const [name, value] of Object.entries(order.params)) environment[`HPO_PARAM_${name}`] = inWords(value);
  return environment;
}

/** JSON in which the parameters in `floats` have a decimal point, by which Python knows that 1.0 is no integer. */
function paramsJson(params: ProcessOrder["params"], floats: readonly string[]): string {
  const members = Object.entries(params).map(([name, value]) => {
    const text = JSON.stringify(value);
    return `${JSON.stringify(name)}:${floats.includes(name) && /^-?\d+$/.test(text) ? `${text}.0` : text}`;
  });
  return `{${members.join(",")}}`;
}

function placeholders(order: ProcessOrder): Values {
  return new Map([
    ["budget", String(order.budget)],
    ["startStep", String(order.startStep)],
    ["checkpoint", order.checkpoints],
    ["seed", String(order.seed)],
    ["trial", String(order.trial)],
    ...Object.entries(order.params).map(([name, value]) => [name, inWords(value)] as const),
  ]);
}

/** The word with its placeholders replaced, in one go so that values are left as they are; undefined when one is inactive. */
function fill(word: string, values: Values): string | undefined {
  const names = placeholdersOf(word);
  if (names.some((name) => !values.has(name))) return undefined;
  return word.replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => values.get(name) ?? whole);
}

function inWords(value: ParameterValue): string {
  return String(value);
}
