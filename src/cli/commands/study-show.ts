import { loadStudy } from "../../study/study-folder.ts";
import { type Command, defineCommand } from "../command.ts";
import { NAME, READING } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { studyState } from "../../views/study-state.ts";
import { studyJson, trialJson } from "../text/study-json.ts";
import { showStudy } from "../text/show-study.ts";
import { table } from "../text/table.ts";
import { trialRows } from "../text/trial-rows.ts";

export const command: Command = defineCommand({
  describe: "Show a study and all its trials",
  positionals: NAME,
  options: READING,
  async run({ name, directory, json }, output) {
    const { folder, history, torn } = loadStudy(directory, name);
    const state = await studyState(folder, history);
    if (json) {
      output.out(
        JSON.stringify({ ...studyJson(history, state), folder, trials: history.trials.map(trialJson) }, null, 2),
      );
      return EXIT.done;
    }
    for (const line of showStudy({ history, state, folder, torn, directory })) output.out(line);
    output.out("");
    for (const line of table(trialRows(history), output.width)) output.out(line);
    return EXIT.done;
  },
});
