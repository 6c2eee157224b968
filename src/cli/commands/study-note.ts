import { HpoError } from "../../errors.ts";
import { ask } from "../../journal/ask.ts";
import { loadStudy } from "../../study/study-folder.ts";
import { noteProblem } from "../../study/user-requests.ts";
import { type Command, defineCommand } from "../command.ts";
import { NAME, READING } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { withStudyAtRest } from "../../study/study-at-rest.ts";

export const command: Command = defineCommand({
  describe: "Add a note to a study, or to one of its trials; also while it runs",
  positionals: { ...NAME, text: { describe: "The note, up to 2,000 characters" } },
  options: { trial: { type: "whole", min: 0, describe: "The number of the trial that it is about" }, ...READING },
  async run({ name, text: words, trial: number, directory, json }, output) {
    const { folder, history } = loadStudy(directory, name);
    const [text, trial] = [words.trim(), number ?? null];
    const problem = noteProblem(history, text, trial);
    if (problem !== undefined) throw new HpoError("invalid-argument", problem);
    const reply = await ask(folder, { kind: "note", text, trial });
    if (reply?.ok === false) throw new HpoError("study-locked", `study "${name}" took no note: ${reply.message}`);
    if (reply === undefined) await withStudyAtRest(directory, name, (study) => study.note(text, { trial }));
    if (json) output.out(JSON.stringify({ name, trial, text, running: reply !== undefined }));
    else output.out(`noted for ${trial === null ? `study "${name}"` : `trial ${trial} of "${name}"`}`);
    return EXIT.done;
  },
});
