import { type Command, defineCommand } from "../command.ts";
import { NAME, READING } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { findTrial } from "../find-trial.ts";
import { differences, similarFailures } from "../../views/failure-words.ts";
import { readLogTails } from "../../views/log-tail.ts";
import { commandLine } from "../../views/command-line.ts";
import { commandObjectiveLine } from "../text/objective-line.ts";
import { showTrial } from "../text/show-trial.ts";
import { trialJson } from "../text/study-json.ts";

export const command: Command = defineCommand({
  describe: "Show everything about one trial, and how to run it again alone",
  positionals: { ...NAME, number: { type: "whole", describe: "The trial's number" } },
  options: READING,
  async run({ name, number, directory, json }, output) {
    const found = findTrial(directory, name, number);
    const again = commandLine("trial run", [name, number], directory);
    const objective = commandObjectiveLine(found);
    const logs = readLogTails(found.folder, number);
    if (json) {
      const notes = found.history.notes.filter(({ trial }) => trial === number).map(({ at, text }) => ({ at, text }));
      const { history, trial } = found;
      const failure = { similar: similarFailures(history, trial) ?? null, differences: differences(history, trial) };
      const shown = { ...trialJson(trial), ...failure, notes, again, command: objective ?? null, logs };
      output.out(JSON.stringify(shown, null, 2));
    } else
      for (const line of showTrial({ found, again, objective, logs, width: output.width ?? 100 })) output.out(line);
    return EXIT.done;
  },
});
