import type { StudySpec } from "../../space/spec.ts";
import { type Command, defineCommand } from "../command.ts";
import { DIRECTORY, PROGRESS, STOP, stopFrom, WORKERS, workersFrom } from "../common-options.ts";
import { listenForInterruption } from "../interruption.ts";
import { startAhead } from "../start-ahead.ts";

export const command: Command = defineCommand({
  describe: "Run a study until its stop rule holds",
  positionals: { space: { describe: "The study's spec, a JSON file" } },
  options: {
    name: { type: "text", describe: "Name of the study, instead of the spec's" },
    ...DIRECTORY,
    ...STOP,
    seed: { type: "text", describe: "Seed, instead of the spec's" },
    strategy: { type: "text", describe: "Strategy, instead of the spec's" },
    overwrite: { type: "flag", describe: "Delete a study of that name first, with its trials" },
    ...WORKERS,
    ...PROGRESS,
  },
  async run(args, output) {
    const { space, name, directory, trials, time, seed, strategy, gpus, cpus } = args;
    const workers = workersFrom(gpus, cpus);
    const interruption = listenForInterruption();
    // Everything else is read while the first slot's processes start.
    startAhead(space, directory, name);
    const { createStudy } = await import("../../study/create-study.ts");
    const { assertObjective } = await import("../assert-objective.ts");
    assertObjective(space);
    const study = await createStudy({
      spec: space,
      directory,
      ...(name === undefined ? {} : { name }),
      ...stopFrom(trials, time),
      ...(seed === undefined ? {} : { seed }),
      ...(strategy === undefined ? {} : { strategy }),
      ...workers,
      ...(args.overwrite ? { ifExists: "overwrite" as const } : {}),
    });
    const notes = async (): Promise<readonly string[]> => {
      const { chosenBy, defaultsInWords } = await import("../text/beginning.ts");
      const { readDocument } = await import("../../space/read-spec.ts");
      // Sound where it counts: what the flags replace may be anything.
      const spec = readDocument(space) as StudySpec;
      const given = {
        strategy: strategy !== undefined,
        stop: trials !== undefined || time !== undefined,
        seed: seed !== undefined,
      };
      const chosen = defaultsInWords(study.history.settings, chosenBy(spec, given));
      return [...(chosen === undefined ? [] : [chosen]), ...study.notes];
    };
    const { followStudy } = await import("../follow-study.ts");
    return followStudy({ ...args, study, output, interruption, notes });
  },
});
