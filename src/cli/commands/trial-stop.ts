import ms from "ms";
import { HpoError } from "../../errors.ts";
import type { StudySettings } from "../../history/settings.ts";
import { ask } from "../../journal/ask.ts";
import { loadStudy } from "../../study/study-folder.ts";
import { stopProblem } from "../../study/user-requests.ts";
import { type Command, defineCommand } from "../command.ts";
import { NAME, READING } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { withStudyAtRest } from "../../study/study-at-rest.ts";

export const command: Command = defineCommand({
  describe: "End one trial, as pruned, while the study goes on",
  positionals: { ...NAME, number: { type: "whole", describe: "The trial's number" } },
  options: READING,
  async run({ name, number, directory, json }, output) {
    const { folder, history } = loadStudy(directory, name);
    const problem = stopProblem(history, number);
    if (problem !== undefined) throw new HpoError("invalid-argument", problem);
    const reply = await ask(folder, { kind: "stop-trial", trial: number });
    if (reply?.ok === false) throw new HpoError("study-locked", `trial ${number} cannot be stopped: ${reply.message}`);
    if (reply === undefined) await withStudyAtRest(directory, name, (study) => study.stopTrial(number));
    const { trials, settings } = loadStudy(directory, name).history;
    const state = trials[number]?.state;
    if (json) output.out(JSON.stringify({ name, trial: number, state, running: reply !== undefined }));
    else
      output.out(
        state === "running"
          ? `trial ${number} is told to stop; ${endInWords(settings)}`
          : `trial ${number} is stopped, as ${state}: it does not go on`,
      );
    return EXIT.done;
  },
});

function endInWords({ objective, trial }: StudySettings): string {
  switch (objective.kind) {
    case "none":
      return "the program that drives the study hears of it at its next report";
    case "command":
      return `it ends at once, or after ${ms(trial.grace, { long: true })}`;
    case "module":
    case "function":
      return `it ends at its next report, or after ${ms(trial.grace, { long: true })}`;
  }
}
