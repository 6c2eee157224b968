import { HpoError } from "../../errors.ts";
import { resumeAndHear } from "../../study/create-study.ts";
import { loadSettings } from "../../study/study-folder.ts";
import { type Command, defineCommand } from "../command.ts";
import { DIRECTORY, NAME, PROGRESS, STOP, stopFrom, WORKERS, workersFrom } from "../common-options.ts";
import { followStudy } from "../follow-study.ts";
import { listenForInterruption } from "../interruption.ts";
import { WhatChanged } from "../what-changed.ts";

export const command: Command = defineCommand({
  describe: "Go on with an interrupted study, or with a finished one under a larger stop rule",
  positionals: NAME,
  options: {
    ...DIRECTORY,
    ...STOP,
    ...WORKERS,
    ...PROGRESS,
  },
  async run(args, output) {
    const { name, directory, trials, time, gpus, cpus } = args;
    if (loadSettings(directory, name).settings.objective.kind === "none")
      throw new HpoError(
        "invalid-argument",
        `study "${name}" has no objective: a program drives it with ask, report and tell, and only that can go on with it`,
      );
    const changes = new WhatChanged();
    const interruption = listenForInterruption();
    const options = { name, directory, ...stopFrom(trials, time), ...workersFrom(gpus, cpus) };
    const study = await resumeAndHear(options, changes);
    const notes = [...changes.notes, ...study.notes];
    return followStudy({ ...args, study, output, interruption, notes: () => Promise.resolve(notes) });
  },
});
