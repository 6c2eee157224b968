import { type ErrorCode, HpoError } from "../errors.ts";
import type { FoundGpus } from "./find-gpus.ts";
import { type Gpu, gpuInWords, processInWords } from "./gpu.ts";
import { gpuSlot, sharedSlots, type Slot } from "./slot.ts";

/** Which GPUs a study may use, and how. At most one of the two numbers is above 1. */
export interface GpuWish {
  /** A list holds indices, UUIDs or the beginning of one. */
  readonly gpus: "auto" | readonly string[];
  /** Slots on one GPU. */
  readonly trialsPerGpu: number;
  /** GPUs of one slot. */
  readonly gpusPerTrial: number;
}

export interface GpuChoice {
  /** Empty under "auto" where there is no GPU that this process may use. */
  readonly slots: readonly Slot[];
  /** The GPUs of the slots. */
  readonly gpus: readonly Gpu[];
  /** What is to be said of the choice. */
  readonly notes: readonly string[];
}

/**
 * Chooses the GPUs of a study.
 *
 * @param held who holds a GPU, in words, by its UUID
 * @param needed slots beyond this number are of no use
 * @throws HpoError "invalid-argument" when what is wished for is not there; "gpu-held" when others hold it
 */
export function chooseGpus(
  wish: GpuWish,
  found: FoundGpus,
  held: ReadonlyMap<string, string>,
  needed: number,
): GpuChoice {
  const { gpus, notes } = wish.gpus === "auto" ? all(wish, found, held) : listed(wish.gpus, wish, found, held);
  if (gpus.length === 0) return { slots: [], gpus: [], notes };
  const { trialsPerGpu, gpusPerTrial } = wish;
  if (trialsPerGpu > 1) {
    const used = gpus.slice(0, needed);
    return { slots: sharedSlots(used, trialsPerGpu).slice(0, needed), gpus: used, notes };
  }
  const whole = Math.floor(gpus.length / gpusPerTrial);
  const used = gpus.slice(0, Math.min(whole, needed) * gpusPerTrial);
  const left = gpus.slice(whole * gpusPerTrial).map(({ slot }) => slot);
  const unused = left.length === 0 ? [] : [`${left.join(", ")} is left over: a trial takes ${gpusPerTrial} GPUs`];
  const groups = Array.from({ length: used.length / gpusPerTrial }, (_, group) =>
    gpuSlot(used.slice(group * gpusPerTrial, (group + 1) * gpusPerTrial)),
  );
  return { slots: groups, gpus: used, notes: [...notes, ...unused] };
}

interface Pool {
  readonly gpus: readonly Gpu[];
  readonly notes: readonly string[];
}

/** Every GPU that nobody uses; those on which somebody computes only where there are not enough others. */
function all({ gpusPerTrial }: GpuWish, found: FoundGpus, held: ReadonlyMap<string, string>): Pool {
  const { gpus, problems, restriction } = found;
  if (gpus.length === 0) return { gpus: [], notes: [`no GPU was found: ${problems.join("; ")}`] };
  const notes = [...problems];
  const allowed = restriction?.gpus ?? gpus;
  if (restriction !== undefined) {
    const left = allowed.length === 0 ? "no GPU" : allowed.map(({ slot }) => slot).join(", ");
    notes.push(`${restriction.words} leaves ${left} of ${gpus.length === 1 ? "one" : gpus.length}`);
  }
  if (allowed.length === 0) return { gpus: [], notes };
  const candidates = allowed.filter(({ mig }) => !mig || gpusPerTrial === 1);
  if (candidates.length < allowed.length) notes.push(`MIG instances are left out: ${ONE_INSTANCE}`);
  if (candidates.length < gpusPerTrial) throw tooFew(gpusPerTrial, candidates);
  const free = candidates.filter(({ uuid }) => !held.has(uuid));
  const whoHolds = holdersOf(candidates, held);
  if (free.length < gpusPerTrial) {
    const rest = free.length === 0 ? "" : `, which leaves ${free.length} for a trial that takes ${gpusPerTrial}`;
    throw refusal(
      "gpu-held",
      `every GPU is in use: ${whoHolds.join("; ")}${rest}. Wait for one, or run on CPU slots with --gpus none ("gpus": "none")`,
    );
  }
  if (whoHolds.length > 0) notes.push(`not free: ${whoHolds.join("; ")}`);
  const quiet = free.filter(({ processes }) => processes.length === 0);
  if (quiet.length < gpusPerTrial) {
    const busyLast = [...quiet, ...free.filter((gpu) => !quiet.includes(gpu))];
    return { gpus: busyLast, notes: [...notes, ...usedBeside(free)] };
  }
  for (const gpu of free.filter((other) => !quiet.includes(other)))
    notes.push(`${gpu.slot} is left out: ${computesThere(gpu)}; --gpus ${gpu.index} uses it all the same`);
  return { gpus: quiet, notes };
}

/** Exactly those that were named. */
function listed(
  wishes: readonly string[],
  { gpusPerTrial }: GpuWish,
  found: FoundGpus,
  held: ReadonlyMap<string, string>,
): Pool {
  if (found.gpus.length === 0)
    throw refusal(
      "invalid-argument",
      `expected the GPUs ${wishes.join(", ")}, but no GPU was found: ${found.problems.join("; ")}. CPU slots are chosen by --gpus none ("gpus": "none")`,
    );
  const gpus = wishes.flatMap((entry) => named(entry, found));
  const twice = gpus.find((gpu, at) => gpus.indexOf(gpu) < at);
  if (twice !== undefined)
    throw refusal("invalid-argument", `expected each GPU once, but ${wishes.join(", ")} names ${twice.slot} twice`);
  if (gpusPerTrial > 1 && gpus.some(({ mig }) => mig))
    throw refusal("invalid-argument", `gpusPerTrial ${gpusPerTrial} cannot be made of MIG instances: ${ONE_INSTANCE}`);
  if (gpus.length < gpusPerTrial) throw tooFew(gpusPerTrial, gpus);
  const whoHolds = holdersOf(gpus, held);
  if (whoHolds.length > 0)
    throw refusal("gpu-held", `${whoHolds.join("; ")}. Wait for it, or name others of: ${whatThereIs(found.gpus)}`);
  const { restriction } = found;
  const outside = gpus.filter((gpu) => restriction !== undefined && !restriction.gpus.includes(gpu));
  const beyond = outside.map(({ slot }) => `${slot} is used as asked, though ${restriction?.words} leaves it out`);
  return { gpus, notes: [...found.problems, ...beyond, ...usedBeside(gpus)] };
}

/** `gpu-0, gpu-1 held by study "digits" (process 12)`, one for each holder. */
function holdersOf(gpus: readonly Gpu[], held: ReadonlyMap<string, string>): readonly string[] {
  const slots = new Map<string, string[]>();
  for (const { slot, uuid } of gpus) {
    const who = held.get(uuid);
    if (who !== undefined) slots.set(who, [...(slots.get(who) ?? []), slot]);
  }
  return [...slots].map(([who, names]) => `${names.join(", ")} held by ${who}`);
}

/** CUDA programming guide, "Multi-Instance GPU": a process that names several instances gets the first alone. */
const ONE_INSTANCE = "CUDA gives a process one instance only";

/** A divided GPU's index means all of its instances. */
function named(entry: string, { gpus, problems }: FoundGpus): readonly Gpu[] {
  const text = entry.trim().toLowerCase();
  const exact = gpus.filter(({ index, slot }) => (/^\d+$/.test(text) ? index === Number(text) : slot === text));
  if (exact.length > 0) return exact;
  const begins = gpus.filter(({ uuid }) => text !== "" && uuid.toLowerCase().startsWith(text));
  const also = problems.length === 0 ? "" : ` (${problems.join("; ")})`;
  if (begins.length === 0)
    throw refusal("invalid-argument", `there is no GPU "${entry}"; there are: ${whatThereIs(gpus)}${also}`);
  if (begins.length > 1)
    throw refusal("invalid-argument", `"${entry}" begins the UUID of several GPUs: ${whatThereIs(begins)}`);
  return begins;
}

function usedBeside(gpus: readonly Gpu[]): readonly string[] {
  const busy = gpus.filter(({ processes }) => processes.length > 0);
  return busy.map((gpu) => `${gpu.slot} is used although ${computesThere(gpu)}`);
}

function computesThere({ processes }: Gpu): string {
  const verb = processes.length === 1 ? "computes" : "compute";
  return `${processes.map(processInWords).join(" and ")}, ${verb} on it`.replace(/\), compute/, ") compute");
}

function tooFew(gpusPerTrial: number, gpus: readonly Gpu[]): HpoError {
  const there = gpus.length === 0 ? "none" : whatThereIs(gpus);
  return refusal(
    "invalid-argument",
    `expected at least ${gpusPerTrial} GPUs, since gpusPerTrial is ${gpusPerTrial}; there are: ${there}`,
  );
}

function whatThereIs(gpus: readonly Gpu[]): string {
  return gpus.map(gpuInWords).join(", ");
}

function refusal(code: ErrorCode, message: string): HpoError {
  return new HpoError(code, message);
}
