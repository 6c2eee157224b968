import { HpoError } from "../../errors.ts";
import { listStudies, loadStudy } from "../../study/study-folder.ts";
import { type Command, defineCommand } from "../command.ts";
import { READING } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { studyState } from "../../views/study-state.ts";
import { studyJson } from "../text/study-json.ts";
import { bestInWords, strategyInWords } from "../../views/study-words.ts";
import { table } from "../text/table.ts";
import { count, oneLine } from "../../views/words.ts";

interface Listed {
  readonly row: readonly string[];
  readonly json: object;
}

export const command: Command = defineCommand({
  describe: "List the studies in a folder",
  positionals: {},
  options: READING,
  async run({ directory, json }, output) {
    const names = listStudies(directory);
    const listed = await Promise.all(names.map((name) => describeStudy(directory, name)));
    if (json)
      output.out(
        JSON.stringify(
          listed.map((each) => each.json),
          null,
          2,
        ),
      );
    else if (listed.length === 0) output.out(`no studies in ${directory}; begin one with: hpo study start space.json`);
    else {
      const head = ["study", "state", "trials", "strategy", "best"];
      for (const line of table([head, ...listed.map((each) => each.row)], output.width)) output.out(line);
    }
    return EXIT.done;
  },
});

/** A study that cannot be read is listed with the reason: it must not hide the others. */
async function describeStudy(directory: string, name: string): Promise<Listed> {
  try {
    const { folder, history } = loadStudy(directory, name);
    const state = studyState(folder, history);
    const { best, trials, settings } = history;
    const bestWords = best === undefined ? "none yet" : bestInWords(best, history, 5);
    return {
      row: [name, state, count(trials.length, "trial"), strategyInWords(settings), bestWords],
      json: { ...studyJson(history, state), trials: trials.length },
    };
  } catch (error) {
    if (!(error instanceof HpoError)) throw error;
    const state = error.code === "journal-damaged" ? "damaged" : "unreadable";
    return {
      row: [name, state, "", "", oneLine(error.message)],
      json: { name, state, message: error.message },
    };
  }
}
