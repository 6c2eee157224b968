import { existsSync, statSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { HpoError } from "../../errors.ts";
import { isMarked } from "../../report/mark.ts";
import { PICTURES, pictureText } from "../../report/picture-text.ts";
import { reportData } from "../../report/report-data.ts";
import { reportHtml } from "../../report/report-html.ts";
import { sizeInWords } from "../../space/units.ts";
import { count } from "../../views/words.ts";
import { type Command, defineCommand } from "../command.ts";
import { NAME, READING } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { readWishes, type Wishes } from "../report-wishes.ts";

export const command: Command = defineCommand({
  describe: "Write a study with all its pictures into one file that opens without a network",
  positionals: NAME,
  options: {
    ...READING,
    out: {
      type: "text",
      describe: "File to write, or - to print it (default NAME-report.html here, or NAME-VIEW.svg, .csv, .json)",
    },
    force: { type: "flag", describe: "Overwrite a file that is neither a report nor a picture" },
    view: { type: "text", choices: PICTURES, describe: "Only this picture, or the numbers behind it" },
    format: { type: "text", describe: "html (the report), or of a view svg (default), csv or json" },
    width: { type: "whole", min: 200, describe: "Width of an svg in pixels (default 960)" },
    height: { type: "whole", min: 100, describe: "Height of an svg in pixels (default what the picture needs)" },
    theme: { type: "text", choices: ["light", "dark"], describe: "Colours of an svg (default light)" },
  },
  async run({ name, directory, json, out, force, ...asked }, output) {
    const wishes = readWishes(asked);
    if (out === "-" && json)
      throw new HpoError(
        "invalid-argument",
        "--json tells where the report went, and --out - prints it: leave one out",
      );
    const file = out ?? `${basename(resolve(directory, name))}-${wishes.view ?? "report"}.${wishes.format}`;
    if (out !== "-" && !force) refuseToOverwrite(file);
    const data = await reportData(directory, name);
    const text = await textOf(data, wishes);
    if (out === "-") {
      output.file(text);
      return EXIT.done;
    }
    write(file, text);
    const { head, trials, seq } = data.study;
    const bytes = Buffer.byteLength(text);
    if (json) {
      const { format, view } = wishes;
      const told = {
        file: resolve(file),
        format,
        view: view ?? null,
        bytes,
        state: head.state,
        trials: trials.length,
        seq,
      };
      output.out(JSON.stringify(told));
      return EXIT.done;
    }
    const what =
      wishes.view === undefined
        ? `${head.name} with ${count(trials.length, "trial")}`
        : `${wishes.view} of ${head.name}`;
    output.out(`${what} written to ${file} (${sizeInWords(bytes)})`);
    if (head.state === "running") output.out("the study runs: this is what it was at this moment");
    return EXIT.done;
  },
});

function textOf(data: Awaited<ReturnType<typeof reportData>>, wishes: Wishes): Promise<string> | string {
  if (wishes.view === undefined) return reportHtml(data);
  return pictureText(data, wishes.view, wishes.format, wishes.look);
}

/** Another report may be overwritten, and an empty file; nothing else without a word. */
function refuseToOverwrite(file: string): void {
  if (!existsSync(file)) return;
  const stats = statSync(file);
  if (!stats.isFile() || stats.size === 0) return;
  if (isMarked(file)) return;
  throw new HpoError(
    "invalid-argument",
    `--out: ${file} is there, and is neither a report nor a picture of "hpo study report": choose another name, or overwrite it with --force`,
  );
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new HpoError("invalid-argument", `--out: ${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
}
