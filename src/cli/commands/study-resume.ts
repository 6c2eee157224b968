import { HpoError } from "../../errors.ts";
import { resumeStudy } from "../../study/create-study.ts";
import { type Command, defineCommand } from "../command.ts";
import { DIRECTORY, NAME, PROGRESS } from "../common-options.ts";
import { followStudy } from "../follow-study.ts";
import { listenForInterruption } from "../interruption.ts";
import { readLeftBehind, whatChanged } from "../what-changed.ts";

export const command: Command = defineCommand({
  describe: "Go on with an interrupted study, or with a finished one under more trials",
  positionals: NAME,
  options: {
    ...DIRECTORY,
    trials: { type: "whole", min: 1, describe: "Stop after this many trials, counted over the whole study" },
    ...PROGRESS,
  },
  async run(args, output) {
    const { name, directory, trials } = args;
    const left = readLeftBehind(directory, name);
    if (left.history.settings.objective.kind === "none")
      throw new HpoError(
        "invalid-argument",
        `study "${name}" has no objective: a program drives it with ask, report and tell, and only that can go on with it`,
      );
    const changes = whatChanged(left);
    const interruption = listenForInterruption();
    const study = await resumeStudy({ name, directory, ...(trials === undefined ? {} : { stop: { trials } }) });
    return followStudy({ ...args, study, output, interruption, notes: () => Promise.resolve(changes) });
  },
});
