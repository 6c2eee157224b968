import { createInterface } from "node:readline/promises";
import { HpoError } from "../../errors.ts";
import { deleteStudy } from "../../study/existing-study.ts";
import { loadStudy } from "../../study/study-folder.ts";
import { count } from "../../views/words.ts";
import { type Command, defineCommand } from "../command.ts";
import { NAME, READING } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";

export const command: Command = defineCommand({
  describe: "Delete a study with its trials, logs and checkpoints",
  positionals: NAME,
  options: { ...READING, yes: { type: "flag", describe: "Do not ask" } },
  async run({ name, directory, json, yes }, output) {
    const what = whatIsThere(directory, name);
    if (!yes && !(await isSure(`delete study "${name}" with ${what}?`, output.isTerminal))) {
      output.err("nothing was deleted");
      return EXIT.failed;
    }
    await deleteStudy(directory, name);
    output.out(json ? JSON.stringify({ name, deleted: true }) : `study "${name}" is deleted, with ${what}`);
    return EXIT.done;
  },
});

function whatIsThere(directory: string, name: string): string {
  try {
    return count(loadStudy(directory, name).history.trials.length, "trial");
  } catch (error) {
    if (error instanceof HpoError && error.code === "study-not-found") throw error;
    return "a journal that cannot be read";
  }
}

async function isSure(question: string, isTerminal: boolean): Promise<boolean> {
  if (!isTerminal || !process.stdin.isTTY)
    throw new HpoError(
      "invalid-argument",
      "study delete: expected --yes where nobody can be asked, since it cannot be undone",
    );
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(?:es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
