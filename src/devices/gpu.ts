/** GPUs as the machine offers them, and what a run gets of them. */

/** A GPU, or an instance of one that is divided (MIG). */
export interface Gpu {
  readonly vendor: "nvidia" | "amd";
  /** "gpu-0" with the index that the vendor's tool gives; "gpu-0-mig-1" for an instance of it. */
  readonly slot: string;
  /** Of the whole GPU, in the tool's order. */
  readonly index: number;
  /** "GPU-8932f937-…", "MIG-feb88891-…"; for an AMD card without one, its place in the list: "0". */
  readonly uuid: string;
  /** The product's name. */
  readonly name: string;
  /** Bytes; null where the tool does not tell. */
  readonly memory: number | null;
  /** Bytes; null where the tool does not tell. */
  readonly used: number | null;
  readonly mig: boolean;
  /** Processes that compute on it; of a divided GPU, all of them stand with each instance. */
  readonly processes: readonly GpuProcess[];
}

export interface GpuProcess {
  readonly pid: number;
  readonly name: string;
  /** Bytes; null where the tool does not tell. */
  readonly memory: number | null;
}

/** A GPU as an objective sees it. */
export interface DeviceGpu {
  /** As `nvidia-smi` or `rocm-smi` number it. The run itself sees its GPUs numbered from 0. */
  readonly index: number;
  readonly uuid: string;
  readonly name: string;
  /** Bytes; null where it is not known. */
  readonly memory: number | null;
}

/** Where a run computes. */
export type Device =
  | { readonly kind: "cpu"; readonly slot: string }
  | { readonly kind: "gpu"; readonly slot: string; readonly gpus: readonly DeviceGpu[] };

/** "gpu-0 (NVIDIA H100 PCIe, 80 GB, GPU-8932f937)": enough to know it by. */
export function gpuInWords({ slot, name, memory, uuid }: Gpu): string {
  return `${slot} (${[name, ...(memory === null ? [] : [bytesInWords(memory)]), shortUuid(uuid)].join(", ")})`;
}

/** "process 991 (python), which uses 3.2 GB" */
export function processInWords({ pid, name, memory }: GpuProcess): string {
  const uses = memory === null ? "" : `, which uses ${bytesInWords(memory)}`;
  return `process ${pid} (${name.split("/").at(-1) ?? name})${uses}`;
}

/** "512 MB", "3.2 GB", "80 GB": 1 GB is 1024 × 1024 × 1024 bytes. */
export function bytesInWords(bytes: number): string {
  const gigabytes = bytes / 2 ** 30;
  if (gigabytes < 1) return `${Math.round(bytes / 2 ** 20)} MB`;
  return `${Number(gigabytes.toFixed(gigabytes < 10 ? 1 : 0))} GB`;
}

/** Its first group of digits, which both vendors' variables accept while it is unique. */
export function shortUuid(uuid: string): string {
  return /^[A-Z]+-[^-]+/.exec(uuid)?.[0] ?? uuid;
}
