import type { Gpu } from "./gpu.ts";
import { bytesInWords, processInWords } from "./gpu.ts";

/** Memory that may be in use on a GPU beyond what was when it was taken: what drivers and desktops need varies. */
const SLACK = { share: 0.05, least: 2 ** 29 } as const;

/** What is known of the machine when a slot is looked at. */
export interface Look {
  /** The GPUs as they are now; empty where the tool that lists them cannot be asked. */
  readonly gpus: readonly Gpu[];
  /** Processes of the study. */
  readonly own: ReadonlySet<number>;
  /** The slot's process that lives on between runs; 0 is none. */
  readonly host: number;
  /** Whether a process is one of this machine, as this process sees it: tools may tell the numbers of another name space. */
  readonly isKnown: (pid: number) => boolean;
}

/**
 * Why a slot that has its GPUs for itself should take no run now, in words; undefined when it may, and where nothing is known.
 *
 * @param taken its GPUs as they were when the study took them
 */
export function slotProblem(taken: readonly Gpu[], look: Look): string | undefined {
  // A tool that fails tells nothing about the GPUs.
  if (look.gpus.length === 0) return undefined;
  return taken.map((gpu) => gpuProblem(gpu, look)).find((problem) => problem !== undefined);
}

function gpuProblem(before: Gpu, look: Look): string | undefined {
  const { gpus, own, isKnown } = look;
  const now = gpus.find(({ uuid }) => uuid === before.uuid);
  if (now === undefined) return `${before.slot} is not listed any more: its driver has lost it`;
  const tolerated = new Set(before.processes.map(({ pid }) => pid));
  const foreign = now.processes.find(({ pid }) => !own.has(pid) && !tolerated.has(pid) && isKnown(pid));
  if (foreign !== undefined && !now.mig) return `${processInWords(foreign)}, computes on ${now.slot}`;
  return memoryProblem(before, now, look.host);
}

/** What the process that lives on holds is the study's own; where that is not told, nothing is known. */
function memoryProblem(before: Gpu, now: Gpu, host: number): string | undefined {
  if (before.used === null || now.used === null) return undefined;
  const held = host === 0 ? 0 : now.processes.find(({ pid }) => pid === host)?.memory;
  if (held === undefined || held === null) return undefined;
  const more = now.used - held - before.used;
  if (more <= Math.max(SLACK.least, SLACK.share * (now.memory ?? 0))) return undefined;
  return `${bytesInWords(more)} of ${now.slot}'s memory are in use that were free when the study took it`;
}

/** A fault of a device, as CUDA, its driver and frameworks tell it: no fault of the objective. */
const FAULTS =
  /uncorrectable (?:NVLink )?(?:ECC )?error|ECC_UNCORRECTABLE|has fallen off the bus|GPU is lost|CUDA-capable device\(s\) is\/are busy or unavailable|DEVICE_UNAVAILABLE|no CUDA-capable device is detected|device handle for GPU|hipErrorNoDevice|NVRM: Xid/i;

export function isDeviceFault(text: string): boolean {
  return FAULTS.test(text);
}

/** How long a slot rests, in milliseconds, after so many device faults in a row: one may be chance. */
export function quarantine(faults: number): number {
  return faults < 2 ? 0 : Math.min(3_600_000, 30_000 * 2 ** (faults - 2));
}
