import { loadStudy } from "../../study/study-folder.ts";
import { type Command, defineCommand } from "../command.ts";
import { NAME, READING } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { commandLine } from "../../views/command-line.ts";
import { bestJson } from "../text/study-json.ts";
import { bestInWords } from "../../views/study-words.ts";
import { oneLine, valueInWords } from "../../views/words.ts";

export const command: Command = defineCommand({
  describe: "Show the best trial of a study",
  positionals: NAME,
  options: READING,
  async run({ name, directory, json }, output) {
    const { history } = loadStudy(directory, name);
    const { best } = history;
    if (best === undefined) {
      output.err(
        `no trial of study "${name}" has completed yet; see what happened with: ${commandLine("study show", [name], directory)}`,
      );
      return EXIT.failed;
    }
    if (json) output.out(JSON.stringify(bestJson(best)));
    else {
      output.out(bestInWords(best, history));
      for (const [key, value] of Object.entries(best.params)) output.out(`  ${oneLine(key)}: ${valueInWords(value)}`);
    }
    return EXIT.done;
  },
});
