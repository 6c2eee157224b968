import { writeFileSync } from "node:fs";
import { HpoError } from "../../errors.ts";
import { loadStudy } from "../../study/study-folder.ts";
import { type Command, defineCommand } from "../command.ts";
import { DIRECTORY, NAME } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { exportCsv, exportJson } from "../text/export.ts";
import { count } from "../../views/words.ts";

export const command: Command = defineCommand({
  describe: "Write every trial of a study as a table",
  positionals: NAME,
  options: {
    ...DIRECTORY,
    format: { type: "text", default: "csv", choices: ["csv", "json"], describe: "The table's format" },
    json: { type: "flag", describe: "The same as --format json" },
    out: { type: "text", describe: "File to write; left out, the table is printed" },
  },
  async run({ name, directory, format, json, out }, output) {
    const { history } = loadStudy(directory, name);
    const text = json || format === "json" ? exportJson(history) : exportCsv(history);
    if (out === undefined) output.out(text.trimEnd());
    else {
      write(out, text);
      output.err(`${count(history.trials.length, "trial")} written to ${out}`);
    }
    return EXIT.done;
  },
});

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new HpoError("invalid-argument", `--out: ${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
}
