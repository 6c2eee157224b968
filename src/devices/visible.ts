import type { Gpu } from "./gpu.ts";

/** What variables such as CUDA_VISIBLE_DEVICES, set by a cluster's scheduler, leave to this process. */
export interface Restriction {
  /** As it is set: "CUDA_VISIBLE_DEVICES=0,1". */
  readonly words: string;
  readonly gpus: readonly Gpu[];
}

/**
 * Reads the variables of the GPUs' vendor. Numbers count in the order of the vendor's tool, UUIDs may be cut short, and
 * whatever follows an entry that names nothing is hidden, as CUDA has it (CUDA programming guide, "CUDA environment
 * variables"). ROCm filters twice: HIP_VISIBLE_DEVICES, or CUDA_VISIBLE_DEVICES in its place, counts within
 * ROCR_VISIBLE_DEVICES (https://rocm.docs.amd.com/en/latest/conceptual/gpu-isolation.html).
 */
export function restrictionOf(gpus: readonly Gpu[], environment: NodeJS.ProcessEnv): Restriction | undefined {
  const isSet = (name: string): boolean => environment[name] !== undefined;
  const amd = gpus[0]?.vendor === "amd";
  const second = isSet("HIP_VISIBLE_DEVICES") ? "HIP_VISIBLE_DEVICES" : "CUDA_VISIBLE_DEVICES";
  const names = (amd ? ["ROCR_VISIBLE_DEVICES", second] : ["CUDA_VISIBLE_DEVICES"]).filter(isSet);
  if (names.length === 0) return undefined;
  return {
    words: names.map((name) => `${name}=${environment[name]}`).join(" "),
    gpus: names.reduce((left, name, filter) => visible(left, environment[name] ?? "", filter === 0), gpus),
  };
}

/** @param whole numbers are those of the machine; otherwise places in what is left */
function visible(gpus: readonly Gpu[], value: string, whole: boolean): readonly Gpu[] {
  const seen = new Set<Gpu>();
  for (const entry of value.split(",").map((text) => text.trim())) {
    const named = /^\d+$/.test(entry)
      ? gpus.filter((gpu, place) => (whole ? gpu.index : place) === Number(entry))
      : gpus.filter(({ uuid }) => entry !== "" && uuid.toLowerCase().startsWith(entry.toLowerCase()));
    if (named.length === 0) break;
    for (const gpu of named) seen.add(gpu);
  }
  return [...seen];
}
