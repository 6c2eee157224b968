import { availableParallelism } from "node:os";
import { HpoError } from "../../errors.ts";
import { listStudies, loadStudy } from "../../study/study-folder.ts";
import { type Command, defineCommand } from "../command.ts";
import { READING } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { isRunning } from "../study-state.ts";
import { count } from "../text/words.ts";

interface Device {
  readonly slot: string;
  readonly kind: "cpu";
  readonly free: boolean;
  /** Why it is not free. */
  readonly reason: string | null;
}

export const command: Command = defineCommand({
  describe: "Show the slots that this machine offers, and why one is not free",
  positionals: {},
  options: READING,
  async run({ directory, json }, output) {
    const devices = await listDevices(directory);
    if (json) output.out(JSON.stringify(devices, null, 2));
    else {
      for (const { slot, reason } of devices) output.out(`${slot}  ${reason ?? "free"}`);
      output.out(
        `${count(devices.length, "CPU core")} for this process; a study takes as many as its --cpus or "workers" says (default 1). GPU slots come with a later release`,
      );
    }
    return EXIT.done;
  },
});

/** A slot for each core that this process may use; runs of the studies in `directory` take the first ones. */
async function listDevices(directory: string): Promise<readonly Device[]> {
  const taken = (await Promise.all(listStudies(directory).map((name) => runsOf(directory, name)))).flat();
  return Array.from({ length: availableParallelism() }, (_, index) => {
    const reason = taken[index] ?? null;
    return { slot: `cpu-${index}`, kind: "cpu", free: reason === null, reason };
  });
}

async function runsOf(directory: string, name: string): Promise<readonly string[]> {
  try {
    const { folder, history } = loadStudy(directory, name);
    if (!(await isRunning(folder))) return [];
    return history.openRuns.map((run) => `taken by trial ${run.trial} of study "${name}"`);
  } catch (error) {
    if (error instanceof HpoError) return [];
    throw error;
  }
}
