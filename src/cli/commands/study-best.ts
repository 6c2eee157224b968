import { cpSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { HpoError } from "../../errors.ts";
import type { HistoryView } from "../../history/view.ts";
import { loadStudy, trialFolder } from "../../study/study-folder.ts";
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
  options: {
    ...READING,
    copy: { type: "text", describe: "Copy its checkpoint into this folder, which must not be there" },
  },
  async run({ name, directory, json, copy }, output) {
    const { folder, history } = loadStudy(directory, name);
    const { best } = history;
    if (best === undefined) {
      output.err(
        `no trial of study "${name}" has completed yet; see what happened with: ${commandLine("study show", [name], directory)}`,
      );
      return EXIT.failed;
    }
    const checkpoint = checkpointOf(folder, history, best.number);
    if (copy !== undefined) copyCheckpoint(checkpoint, best.number, copy);
    if (json) output.out(JSON.stringify({ ...bestJson(best), checkpoint: checkpoint ?? null }));
    else {
      output.out(bestInWords(best, history));
      for (const [key, value] of Object.entries(best.params)) output.out(`  ${oneLine(key)}: ${valueInWords(value)}`);
      if (checkpoint !== undefined) output.out(`its checkpoint: ${checkpoint}`);
      if (copy !== undefined) output.out(`copied to ${copy}`);
    }
    return EXIT.done;
  },
});

/** The folder of a trial's last checkpoint; undefined where none was saved, or none was kept. */
function checkpointOf(folder: string, { trials }: HistoryView, number: number): string | undefined {
  const step = trials[number]?.checkpoint ?? 0;
  const checkpoint = join(trialFolder(folder, number), "checkpoint", String(step));
  return step > 0 && existsSync(checkpoint) ? checkpoint : undefined;
}

function copyCheckpoint(checkpoint: string | undefined, number: number, target: string): void {
  if (checkpoint === undefined)
    throw new HpoError(
      "invalid-argument",
      `--copy: expected trial ${number}, the best, to have saved a checkpoint, and it has none`,
    );
  if (existsSync(target))
    throw new HpoError("invalid-argument", `--copy: expected a folder that is not there yet, received ${target}`);
  try {
    mkdirSync(dirname(target), { recursive: true });
    cpSync(checkpoint, target, { recursive: true });
  } catch (cause) {
    throw new HpoError("invalid-argument", `--copy: cannot write ${target}: ${(cause as Error).message}`, { cause });
  }
}
