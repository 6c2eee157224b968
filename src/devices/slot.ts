import type { Device, Gpu } from "./gpu.ts";

/** A place where one run at a time computes. */
export interface Slot {
  /** Stable over sessions on the same machine: "cpu-0", "gpu-0", "gpu-0.1" (a share), "gpu-0+1" (a group). */
  readonly name: string;
  readonly device: Device;
  /** What the environment of the objective's processes is changed by, before they start; null takes a variable away. */
  readonly environment: Readonly<Record<string, string | null>>;
  /** GPUs that it has for itself, as they were when the study took them. */
  readonly taken?: readonly Gpu[];
}

/** Names the slot of a run in its environment. */
export const SLOT_VARIABLE = "HPO_SLOT";
/** Names the GPUs of a run in its environment. */
export const GPUS_VARIABLE = "HPO_GPUS";

/**
 * An empty list is no GPU for CUDA; ROCm's documentation gives −1 for it. Both vendors', since nobody has looked which
 * one is there.
 */
const NO_GPUS = { CUDA_VISIBLE_DEVICES: "", ROCR_VISIBLE_DEVICES: "-1", HIP_VISIBLE_DEVICES: "-1" } as const;

/** "cpu-0", "cpu-1", …; `hidden` hides the machine's GPUs from what runs there. */
export function cpuSlots(count: number, hidden: boolean): readonly Slot[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `cpu-${index}`;
    const environment = { ...(hidden ? NO_GPUS : {}), [SLOT_VARIABLE]: name };
    return { name, device: { kind: "cpu", slot: name }, environment };
  });
}

/** One slot for each group of GPUs. */
export function gpuSlot(gpus: readonly Gpu[]): Slot {
  return { ...slotNamed(groupName(gpus), gpus), taken: gpus };
}

/** `shares` slots on each GPU; a GPU's second one comes after the first of all others, so that few runs spread. */
export function sharedSlots(gpus: readonly Gpu[], shares: number): readonly Slot[] {
  return Array.from({ length: shares }, (_, share) =>
    gpus.map((gpu) => slotNamed(`${gpu.slot}.${share}`, [gpu])),
  ).flat();
}

function slotNamed(name: string, gpus: readonly Gpu[]): Slot {
  const uuids = gpus.map(({ uuid }) => uuid).join(",");
  const told = gpus.map(({ index, uuid, name: product, memory }) => ({ index, uuid, name: product, memory }));
  return {
    name,
    device: { kind: "gpu", slot: name, gpus: told },
    environment: { ...pin(gpus, uuids), [SLOT_VARIABLE]: name, [GPUS_VARIABLE]: uuids },
  };
}

/** CUDA reads its variables once, when a process first uses it. ROCm's lower layer filters first, and HIP must not again. */
function pin(gpus: readonly Gpu[], uuids: string): Slot["environment"] {
  if (gpus[0]?.vendor === "nvidia") return { CUDA_VISIBLE_DEVICES: uuids, CUDA_DEVICE_ORDER: "PCI_BUS_ID" };
  return {
    ROCR_VISIBLE_DEVICES: uuids,
    HIP_VISIBLE_DEVICES: null,
    CUDA_VISIBLE_DEVICES: null,
    GPU_DEVICE_ORDINAL: null,
  };
}

/** "gpu-0", "gpu-0+1". */
function groupName([first, ...others]: readonly Gpu[]): string {
  return [first?.slot ?? "", ...others.map(({ slot }) => slot.replace("gpu-", ""))].join("+");
}
