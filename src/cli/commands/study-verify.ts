import { journalFile, loadStudy } from "../../study/study-folder.ts";
import { verifyStudy } from "../../study/verify.ts";
import { type Command, defineCommand } from "../command.ts";
import { NAME, READING } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { count, oneLine } from "../../views/words.ts";

export const command: Command = defineCommand({
  describe: "Replay a study's journal and compute every suggestion and decision again",
  positionals: NAME,
  options: READING,
  async run({ name, directory, json }, output) {
    const { folder } = loadStudy(directory, name);
    const result = verifyStudy(journalFile(folder));
    if (json) output.out(JSON.stringify(result));
    else if (result.kind === "verified")
      output.out(
        `${name}: verified. ${count(result.events, "event")} replayed, ${count(result.answers, "answer")} computed again, all the same${result.imported === undefined ? "" : `; ${count(result.imported, "trial")} imported, taken as told`}`,
      );
    else if (result.kind === "not-comparable") output.err(`${name}: not comparable. ${oneLine(result.message)}`);
    else
      output.err(
        `${name}: different. The first difference is in line ${result.line} of ${journalFile(folder)} (event ${result.seq}, ${result.type}): ${oneLine(result.message)}`,
      );
    return result.kind === "verified" ? EXIT.done : EXIT.failed;
  },
});
