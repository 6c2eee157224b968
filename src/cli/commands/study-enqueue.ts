import { HpoError } from "../../errors.ts";
import { ask } from "../../journal/ask.ts";
import type { Params } from "../../space/parameter.ts";
import { loadStudy } from "../../study/study-folder.ts";
import { type Command, defineCommand } from "../command.ts";
import { NAME, READING } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { readParams } from "../read-params.ts";
import { withStudyAtRest } from "../../study/study-at-rest.ts";
import { commandLine } from "../../views/command-line.ts";
import { count } from "../../views/words.ts";

export const command: Command = defineCommand({
  describe: "Try a configuration next, as given; also while the study runs",
  positionals: { ...NAME, params: { describe: "JSON file with one configuration, or a list of them" } },
  options: READING,
  async run({ name, params: file, directory, json }, output) {
    const { folder, history } = loadStudy(directory, name);
    const list = readParams(file, history.settings.parameters);
    const running = await enqueueInRunning(folder, list);
    if (!running)
      await withStudyAtRest(directory, name, async (study) => {
        for (const params of list) await study.enqueue(params);
      });

    if (json) output.out(JSON.stringify({ name, enqueued: list.length, running }));
    else {
      const resume = commandLine("study resume", [name], directory);
      const next = running ? "the study runs and tries them next" : `tried first by: ${resume}${moreTrials(history)}`;
      output.out(`${count(list.length, "configuration")} enqueued; ${next}`);
    }
    return EXIT.done;

    function moreTrials({ stop, trials }: typeof history): string {
      const needed = trials.length + history.queue.length + list.length;
      return stop.trials !== null && needed > stop.trials ? ` --trials ${needed}` : "";
    }
  },
});

/** @returns false when no process runs the study */
async function enqueueInRunning(folder: string, list: readonly Params[]): Promise<boolean> {
  for (const [index, params] of list.entries()) {
    const reply = await ask(folder, { kind: "enqueue", params });
    if (reply === undefined && index === 0) return false;
    if (reply?.ok !== true)
      throw new HpoError(
        "study-locked",
        `${count(index, "configuration")} of ${list.length} enqueued, then the running study refused: ${reply?.message ?? "it has ended"}`,
      );
  }
  return list.length > 0;
}
