import { join } from "node:path";
import { locate } from "../../study/resolve.ts";
import { trialFolder } from "../../study/study-folder.ts";
import { commandEnvironment, commandWords } from "../../workers/command-words.ts";
import { type FoundTrial, orderAgain } from "../find-trial.ts";
import { quote } from "./command-line.ts";

/** The line with which a shell starts a command objective as the trial did; undefined for other objectives. */
export function commandObjectiveLine(found: FoundTrial): string | undefined {
  const { folder, history, trial } = found;
  const { objective, metric } = history.settings;
  if (objective.kind !== "command") return undefined;
  const directory = trialFolder(folder, trial.number);
  const last = trial.runs.at(-1);
  const order = {
    ...orderAgain(found, directory),
    startStep: last?.startStep ?? 1,
    attempt: last?.attempt ?? 1,
    checkpoints: join(directory, "checkpoint"),
  };
  const environment = Object.entries(commandEnvironment(order, metric.name));
  const words = commandWords(objective.argv, order).map(quote);
  const assignments = environment.map(([name, value]) => quoteAssignment(name, value));
  return [`cd ${quote(locate(objective.cwd, folder))} &&`, "env", ...assignments, ...words].join(" ");
}

/** `env` takes any name, where a shell's own assignment does not. */
function quoteAssignment(name: string, value: string): string {
  return /^\w+$/.test(name) ? `${name}=${quote(value)}` : quote(`${name}=${value}`);
}
