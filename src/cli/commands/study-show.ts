import { HpoError } from "../../errors.ts";
import { loadStudy } from "../../study/study-folder.ts";
import { studyState } from "../../views/study-state.ts";
import { type Command, defineCommand } from "../command.ts";
import { NAME, READING } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { listenForInterruption } from "../interruption.ts";
import { showStudy } from "../text/show-study.ts";
import { showTrials } from "../text/show-trials.ts";
import { studyJson, trialJson } from "../text/study-json.ts";
import { watchStudy } from "../watch-study.ts";

export const command: Command = defineCommand({
  describe: "Show a study and its trials",
  positionals: NAME,
  options: {
    ...READING,
    all: { type: "flag", describe: "Show all trials, also of a long study" },
    watch: { type: "flag", describe: "Follow the study live until it ends" },
  },
  async run({ name, directory, json, all, watch }, output) {
    if (watch) {
      if (json || all)
        throw new HpoError(
          "invalid-argument",
          `--watch: expected without --${json ? "json" : "all"}; give one of them`,
        );
      const interruption = listenForInterruption();
      try {
        await watchStudy({ name, directory, signal: interruption.signal }, output);
      } finally {
        interruption.release();
      }
      return EXIT.done;
    }
    const { folder, history, torn } = loadStudy(directory, name);
    const state = studyState(folder, history);
    if (json) {
      output.out(
        JSON.stringify({ ...studyJson(history, state), folder, trials: history.trials.map(trialJson) }, null, 2),
      );
      return EXIT.done;
    }
    for (const line of showStudy({ history, state, folder, torn, directory }, output.width)) output.out(line);
    output.out("");
    for (const line of showTrials(history, { all, width: output.width })) output.out(line);
    return EXIT.done;
  },
});
