import { availableParallelism } from "node:os";
import { type Gpu, processInWords } from "../devices/gpu.ts";
import { findGpus } from "../devices/find-gpus.ts";
import { HpoError } from "../errors.ts";
import type { Recorded, SessionSlot } from "../history/events.ts";
import { heldGpus } from "../study/open-slots.ts";
import { listStudies, loadStudy } from "../study/study-folder.ts";
import { isRunning } from "../views/study-state.ts";

interface Listed {
  readonly slot: string;
  readonly free: boolean;
  /** Why it is not free. */
  readonly reason: string | null;
}

export interface ListedGpu extends Listed, Pick<Gpu, "index" | "uuid" | "name" | "memory" | "used" | "processes"> {
  readonly kind: "gpu";
  readonly vendor: string;
  readonly mig: boolean;
}

export interface ListedCpu extends Listed {
  readonly kind: "cpu";
}

export interface Devices {
  readonly gpus: readonly ListedGpu[];
  /** A slot for each core that this process may use. */
  readonly cpus: readonly ListedCpu[];
  /** Why there is no GPU, what is not known, what the environment hides. */
  readonly notes: readonly string[];
}

/** A run that is open in some process. */
interface OpenRun {
  readonly words: string;
  /** UUIDs; empty for a run on a CPU slot. */
  readonly gpus: readonly string[];
}

/** What this machine offers, and who uses it: runs of the studies in `directory`, other studies, and foreign processes. */
export async function listDevices(directory: string): Promise<Devices> {
  const found = await findGpus(process.env);
  const held = await heldGpus(found.gpus);
  const runs = (await Promise.all(listStudies(directory).map((name) => runsOf(directory, name)))).flat();
  const onCpus = runs.filter(({ gpus }) => gpus.length === 0);
  const { restriction } = found;
  return {
    gpus: found.gpus.map((gpu) => {
      const { slot, index, uuid, name, memory, used, mig, processes, vendor } = gpu;
      const reason = reasonOf(gpu, runs, held.get(uuid));
      const free = reason === null;
      return { slot, kind: "gpu", free, reason, vendor, index, uuid, name, memory, used, mig, processes };
    }),
    cpus: Array.from({ length: availableParallelism() }, (_, index) => {
      // The operating system places them: it does not matter which core is said to be taken.
      const reason = onCpus[index]?.words ?? null;
      return { slot: `cpu-${index}`, kind: "cpu", free: reason === null, reason };
    }),
    notes: [
      ...(found.gpus.length === 0 ? [`no GPU: ${found.problems.join("; ")}`] : found.problems),
      ...(restriction === undefined
        ? []
        : [`"auto" uses ${restriction.gpus.map(({ slot }) => slot).join(", ") || "none"}, since ${restriction.words}`]),
    ],
  };
}

function reasonOf({ uuid, processes }: Gpu, runs: readonly OpenRun[], holder: string | undefined): string | null {
  const here = runs.filter(({ gpus }) => gpus.includes(uuid)).map(({ words }) => words);
  if (here.length > 0) return here.join(", ");
  if (holder !== undefined) return `held by ${holder}`;
  return processes.length === 0 ? null : processes.map(processInWords).join(", ");
}

async function runsOf(directory: string, name: string): Promise<readonly OpenRun[]> {
  try {
    let slots: readonly SessionSlot[] = [];
    const each = (event: Recorded): void => {
      if (event.type === "session-started") slots = event.slots ?? [];
    };
    const { folder, history } = loadStudy(directory, name, { each });
    if (!isRunning(folder)) return [];
    return history.openRuns.map((run) => ({
      words: `taken by trial ${run.trial} of study "${name}"`,
      gpus: slots.find((slot) => slot.name === run.slot)?.gpus ?? [],
    }));
  } catch (error) {
    if (error instanceof HpoError) return [];
    throw error;
  }
}
