import { tmpdir } from "node:os";
import { join } from "node:path";
import { processObjective } from "../../study/process-objective.ts";
import { commandEnvironment, commandWords } from "../../workers/command-words.ts";
import { type FoundTrial, orderAgain } from "../find-trial.ts";
import { quote } from "../../views/command-line.ts";

/** The line with which a shell starts a command objective as the trial did; undefined for other objectives. */
export function commandObjectiveLine(found: FoundTrial): string | undefined {
  const { folder, history, trial } = found;
  const { objective: recorded, metric } = history.settings;
  if (recorded.kind !== "command") return undefined;
  const objective = processObjective(recorded, history.settings, folder);
  if (objective.kind !== "command") return undefined;
  // From its first step, and away from the checkpoints that a resume needs.
  const directory = join(tmpdir(), `hpo-trial-${trial.number}`);
  const order = { ...orderAgain(found, directory), checkpoints: join(directory, "checkpoint") };
  const environment = Object.entries(commandEnvironment(order, metric.name, objective, process.env));
  const words = commandWords(objective.argv, order).map(quote);
  const assignments = environment.map(([name, value]) => quoteAssignment(name, value));
  const checkpoints = quote(order.checkpoints);
  return [`mkdir -p ${checkpoints} && cd ${quote(objective.cwd)} &&`, "env", ...assignments, ...words].join(" ");
}

/** `env` takes any name, where a shell's own assignment does not. */
function quoteAssignment(name: string, value: string): string {
  return /^\w+$/.test(name) ? `${name}=${quote(value)}` : quote(`${name}=${value}`);
}
