import { bytesInWords, shortUuid } from "../../devices/gpu.ts";
import { type Command, defineCommand } from "../command.ts";
import { READING } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { listDevices, type ListedGpu } from "../list-devices.ts";
import { table } from "../text/table.ts";
import { count, oneLine } from "../../views/words.ts";

export const command: Command = defineCommand({
  describe: "Show the slots that this machine offers, and why one is not free",
  positionals: {},
  options: READING,
  async run({ directory, json }, output) {
    const { gpus, cpus, notes } = await listDevices(directory);
    if (json) {
      output.out(JSON.stringify([...gpus, ...cpus], null, 2));
      for (const note of notes) output.err(oneLine(note));
      return EXIT.done;
    }
    for (const line of table(gpus.map(gpuCells), undefined)) output.out(line);
    // Beside GPUs, cores are worth a line together.
    if (gpus.length === 0) for (const { slot, reason } of cpus) output.out(`${slot}  ${reason ?? "free"}`);
    for (const note of notes) output.out(oneLine(note));
    const taken = cpus.filter(({ free }) => !free).length;
    const runs = gpus.length === 0 || taken === 0 ? "" : ` (${taken} taken by runs on CPU slots)`;
    output.out(
      `${count(cpus.length, "CPU core")} for this process${runs}; a study has as many CPU slots as its --cpus or "workers" says (default 1)`,
    );
    return EXIT.done;
  },
});

function gpuCells({ slot, name, memory, used, uuid, reason }: ListedGpu): readonly string[] {
  const total = memory === null ? "" : bytesInWords(memory);
  const inUse = used === null || memory === null ? total : `${bytesInWords(used)} of ${total}`;
  return [slot, oneLine(name), inUse, shortUuid(uuid), oneLine(reason ?? "free")];
}
