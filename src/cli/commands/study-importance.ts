import { loadStudy } from "../../study/study-folder.ts";
import { computeImportance } from "../../views/importance-in-thread.ts";
import { importanceTask } from "../../views/importance-task.ts";
import { type Command, defineCommand } from "../command.ts";
import { NAME, READING } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { showImportance } from "../text/show-importance.ts";

export const command: Command = defineCommand({
  describe: "Show which parameters of a study matter",
  positionals: NAME,
  options: READING,
  async run({ name, directory, json }, output) {
    const { history } = loadStudy(directory, name);
    const importance = await computeImportance(importanceTask(history));
    if (json) output.out(JSON.stringify(importance));
    else if (importance.problem !== null) output.err(importance.problem);
    else for (const line of showImportance(importance, history, output.width)) output.out(line);
    return importance.problem === null ? EXIT.done : EXIT.failed;
  },
});
