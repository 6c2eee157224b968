import { setTimeout as wait } from "node:timers/promises";
import { HpoError } from "../../errors.ts";
import { ask } from "../../journal/ask.ts";
import { loadStudy } from "../../study/study-folder.ts";
import { type Command, defineCommand } from "../command.ts";
import { NAME, READING } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { isRunning, studyState } from "../../views/study-state.ts";
import { commandLine } from "../../views/command-line.ts";

/** How often the end of the other process is looked for, in milliseconds. */
const LOOK = 50;

export const command: Command = defineCommand({
  describe: "Interrupt a study that runs in another terminal; it can be resumed",
  positionals: NAME,
  options: READING,
  async run({ name, directory, json }, output) {
    const { folder } = loadStudy(directory, name);
    const reply = await ask(folder, { kind: "stop" });
    if (reply?.ok === false) throw new HpoError("study-locked", `study "${name}" cannot be stopped: ${reply.message}`);
    if (reply !== undefined) await untilReleased(folder);
    const state = studyState(folder, loadStudy(directory, name).history);
    if (json) output.out(JSON.stringify({ name, stopped: reply !== undefined, pid: reply?.pid ?? null, state }));
    else if (reply === undefined) output.out(`study "${name}" runs nowhere; it is ${state}`);
    else
      output.out(
        `study "${name}" was stopped (process ${reply.pid}) and is ${state}; go on with: ${commandLine("study resume", [name], directory)}`,
      );
    return EXIT.done;
  },
});

async function untilReleased(folder: string): Promise<void> {
  while (isRunning(folder)) await wait(LOOK);
}
