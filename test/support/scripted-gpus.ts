import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Machines whose GPUs only a scripted `nvidia-smi` knows. */

const TOOLS = fileURLToPath(new URL("../fixtures/gpus", import.meta.url));

export interface ScriptedGpu {
  readonly uuid: string;
  /** MIG instances; with a list, even an empty one, the GPU is in MIG mode. */
  readonly instances?: readonly { readonly profile: string; readonly uuid: string }[];
  /** Processes that compute on it. */
  readonly processes?: readonly { readonly pid: number; readonly name: string; readonly memory: number }[];
}

/** GPUs are held by their UUID, machine-wide: tests that run at once need their own. */
export function newUuid(kind: "GPU" | "MIG" = "GPU"): string {
  return `${kind}-${randomUUID()}`;
}

/** An environment in which the machine has these GPUs, and no others. */
export function machineWith(folder: string, gpus: readonly ScriptedGpu[]): NodeJS.ProcessEnv {
  mkdirSync(folder, { recursive: true });
  const mode = ({ instances }: ScriptedGpu): string => (instances === undefined ? "Disabled" : "Enabled");
  const line = (gpu: ScriptedGpu, index: number): string =>
    `${index}, ${gpu.uuid}, 81559, 512, ${mode(gpu)}, NVIDIA H100, PCIe`;
  writeLines(folder, "gpus", gpus.map(line));
  writeLines(
    folder,
    "apps",
    gpus.flatMap(({ uuid, processes = [] }) =>
      processes.map(({ pid, name, memory }) => `${uuid}, ${pid}, ${memory}, ${name}`),
    ),
  );
  writeLines(
    folder,
    "list",
    gpus.flatMap(({ uuid, instances = [] }, index) => [
      `GPU ${index}: NVIDIA H100, PCIe (UUID: ${uuid})`,
      ...instances.map(
        (instance, device) =>
          `  MIG ${instance.profile.padEnd(11)} Device ${String(device).padStart(2)}: (UUID: ${instance.uuid})`,
      ),
    ]),
  );
  return machineOf(folder);
}

/** @param folder files that the scripted tool prints, or that make it fail */
export function machineOf(folder: string, vendor: "nvidia" | "amd" = "nvidia"): NodeJS.ProcessEnv {
  return {
    PATH: `${join(TOOLS, vendor)}:${process.env["PATH"]}`,
    HPO_TEST_GPUS: folder,
    CUDA_VISIBLE_DEVICES: undefined,
    ROCR_VISIBLE_DEVICES: undefined,
  };
}

/** Only the scripted tool can be found. */
export function toolOnly(folder: string, vendor: "nvidia" | "amd" = "nvidia"): NodeJS.ProcessEnv {
  return { ...machineOf(folder, vendor), PATH: join(TOOLS, vendor) };
}

function writeLines(folder: string, name: string, lines: readonly string[]): void {
  writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(""));
}
