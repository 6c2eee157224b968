import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { HpoError } from "../../errors.ts";
import type { OptunaStudy } from "../../exchange/optuna-study.ts";
import { loadStudy } from "../../study/study-folder.ts";
import { type Command, defineCommand } from "../command.ts";
import { DIRECTORY, NAME } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { exportCsv, exportJson } from "../text/export.ts";
import type { Output } from "../output.ts";
import { count } from "../../views/words.ts";

export const command: Command = defineCommand({
  describe: "Write every trial of a study as a table, or as a study of Optuna",
  positionals: NAME,
  options: {
    ...DIRECTORY,
    format: {
      type: "text",
      default: "csv",
      choices: ["csv", "json", "optuna-journal", "optuna-sqlite"],
      describe: "A table, or a storage that Optuna and its dashboard open",
    },
    json: { type: "flag", describe: "The same as --format json" },
    out: { type: "text", describe: "File to write; left out, it is printed" },
  },
  async run({ name, directory, format, json, out }, output) {
    if (!json && (format === "optuna-journal" || format === "optuna-sqlite")) {
      await exportToOptuna({ name, directory, format, out }, output);
      return EXIT.done;
    }
    const { history } = loadStudy(directory, name);
    const text = json || format === "json" ? exportJson(history) : exportCsv(history);
    if (out === undefined) output.out(text.trimEnd());
    else {
      await writing(out, () => writeFileSync(out, text));
      output.err(`${count(history.trials.length, "trial")} written to ${out}`);
    }
    return EXIT.done;
  },
});

interface OptunaExport {
  readonly name: string;
  readonly directory: string;
  readonly format: "optuna-journal" | "optuna-sqlite";
  readonly out: string | undefined;
}

async function exportToOptuna({ name, directory, format, out }: OptunaExport, output: Output): Promise<void> {
  const { OptunaRecorder } = await import("../../exchange/to-optuna.ts");
  const recorder = new OptunaRecorder();
  loadStudy(directory, name, { fold: recorder });
  const study = recorder.finish();
  if (format === "optuna-journal") {
    const { writeOptunaJournal } = await import("../../exchange/optuna-journal-writer.ts");
    const text = writeOptunaJournal(study);
    if (out === undefined) return output.out(text.trimEnd());
    await writeNew(out, async (file) => writeFileSync(file, text));
  } else {
    if (out === undefined)
      throw new HpoError("invalid-argument", "--out: expected the database's file, since it is no text to print");
    const { writeOptunaSqlite } = await import("../../exchange/optuna-sqlite-writer.ts");
    await writeNew(out, (file) => writeOptunaSqlite(study, file));
  }
  output.err(written(study, out));
}

function written({ trials }: OptunaStudy, file: string): string {
  return `${count(trials.length, "trial")} written to ${file}`;
}

/** A storage may hold other studies: one that is there is left alone, and a new one is there whole or not at all. */
async function writeNew(file: string, write: (file: string) => Promise<void>): Promise<void> {
  if (existsSync(file))
    throw new HpoError("invalid-argument", `--out: ${file} is already there: remove it, or choose another name`);
  const part = `${file}.part`;
  await writing(file, async () => {
    rmSync(part, { force: true });
    await write(part);
    renameSync(part, file);
  });
}

async function writing(file: string, write: () => void | Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    throw new HpoError("invalid-argument", `--out: ${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
}
