import { HpoError, InvalidSpecError, type Issue } from "../../errors.ts";
import { simulateStudy } from "../../simulation/simulate-study.ts";
import type { Component } from "../../space/spec.ts";
import { SCHEDULER_WORDS } from "../../study/strategies.ts";
import { type Command, defineCommand } from "../command.ts";
import { NAME, READING } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { simulationLines } from "../text/simulation.ts";

export const command: Command = defineCommand({
  describe: "Go through a study's recorded trials with another scheduler, without training",
  positionals: NAME,
  options: {
    scheduler: {
      type: "texts",
      describe: 'A scheduler\'s word, or a JSON object such as {"name": "median", "percentile": 25}; may be repeated',
    },
    ...READING,
    slots: { type: "whole", min: 1, describe: "Runs at a time, instead of as many as the study had" },
  },
  async run({ name, scheduler, directory, slots, json }, output) {
    const schedulers = readSchedulers(scheduler);
    const study = await simulateStudy({
      name,
      directory,
      scheduler: schedulers,
      ...(slots === undefined ? {} : { slots }),
    });
    if (json) output.out(JSON.stringify(study, (_, value: unknown) => value ?? null, 2));
    else for (const line of simulationLines(study, output.width)) output.out(line);
    return EXIT.done;
  },
});

/** @throws HpoError "invalid-argument" without any; InvalidSpecError with every text that is no JSON */
function readSchedulers(texts: readonly string[]): readonly Component[] {
  if (texts.length === 0)
    throw new HpoError(
      "invalid-argument",
      `expected a scheduler to try, such as --scheduler ${SCHEDULER_WORDS.join(", ")}`,
    );
  const issues: Issue[] = [];
  const schedulers = texts.map((text) => {
    if (!text.trimStart().startsWith("{")) return text;
    try {
      return JSON.parse(text) as Component;
    } catch (error) {
      const expected = 'a word, or a JSON object such as {"name": "median", "percentile": 25}';
      issues.push({ path: "--scheduler", expected, received: `${text} (${(error as Error).message})` });
      return text;
    }
  });
  if (issues.length > 0) throw new InvalidSpecError('"hpo study simulate"', issues);
  return schedulers;
}
