import type { Gpu, GpuProcess } from "./gpu.ts";
import { runTool, type ToolAnswer } from "./run-tool.ts";
import { NotUnderstood, type VendorGpus } from "./vendor.ts";

/** NVIDIA's GPUs, as `nvidia-smi` tells them: https://docs.nvidia.com/deploy/nvidia-smi/ */

const FIELDS = ["index", "uuid", "memory.total", "memory.used"] as const;

interface Row {
  readonly index: number;
  readonly uuid: string;
  readonly memory: number | null;
  readonly used: number | null;
  readonly divided: boolean;
  readonly name: string;
}

/** @param file nvidia-smi's path @param environment for it */
export async function askNvidia(file: string, environment: NodeJS.ProcessEnv, patience?: number): Promise<VendorGpus> {
  const ask = (...words: readonly string[]): Promise<ToolAnswer> => runTool(file, words, environment, patience);
  const query = (fields: readonly string[]): Promise<ToolAnswer> =>
    ask(`--query-gpu=${fields.join(",")}`, "--format=csv,noheader,nounits");
  let [gpus, processes] = await Promise.all([
    query([...FIELDS, "mig.mode.current", "name"]),
    ask("--query-compute-apps=gpu_uuid,pid,used_memory,process_name", "--format=csv,noheader,nounits"),
  ]);
  // A driver from before MIG does not know the field.
  const old = "problem" in gpus && gpus.problem.includes("not a valid field");
  if (old) gpus = await query([...FIELDS, "name"]);
  if ("problem" in gpus) return { gpus: [], problems: [gpus.problem] };
  const rows = parseGpus(gpus.output, !old);
  if (rows.length === 0) return { gpus: [], problems: ["nvidia-smi lists no GPU"] };
  const problems: string[] = [];
  if ("problem" in processes) {
    problems.push(`who computes on the GPUs is not known: ${processes.problem}`);
    processes = { output: "" };
  }
  const instances = rows.some(({ divided }) => divided) ? await ask("-L") : { output: "" };
  if ("problem" in instances) return { gpus: [], problems: [instances.problem] };
  const busy = parseProcesses(processes.output);
  const of = parseInstances(instances.output);
  for (const { index, divided } of rows)
    if (divided && !of.has(index)) problems.push(`gpu-${index} is in MIG mode and has no instance`);
  return { gpus: rows.flatMap((row) => toGpus(row, of.get(row.index) ?? [], busy)), problems };
}

interface Instance {
  readonly device: number;
  readonly profile: string;
  readonly uuid: string;
}

function toGpus(row: Row, instances: readonly Instance[], busy: ReadonlyMap<string, GpuProcess[]>): readonly Gpu[] {
  const { index, uuid, memory, used, name } = row;
  const processes = busy.get(uuid) ?? [];
  const gpu: Gpu = { vendor: "nvidia", slot: `gpu-${index}`, index, uuid, name, memory, used, mig: false, processes };
  if (!row.divided) return [gpu];
  return instances.map(({ device, profile, uuid: own }) => ({
    ...gpu,
    slot: `${gpu.slot}-mig-${device}`,
    uuid: own,
    name: `${name} MIG ${profile}`,
    // "1g.10gb", "1c.3g.20gb": the profile's name carries its memory.
    memory: /\.(\d+)gb/.test(profile) ? Number(/\.(\d+)gb/.exec(profile)?.[1]) * 2 ** 30 : null,
    used: null,
    mig: true,
    processes: [...(busy.get(own) ?? []), ...processes],
  }));
}

function parseGpus(output: string, mig: boolean): readonly Row[] {
  return linesOf(output).map((line) => {
    const cells = line.split(", ");
    const [index = "", uuid = "", memory = "", used = ""] = cells;
    if (!/^\d+$/.test(index) || !uuid.startsWith("GPU-")) throw new NotUnderstood("nvidia-smi", line);
    // The name comes last: it may hold anything.
    const name = cells.slice(mig ? 5 : 4).join(", ");
    if (name === "") throw new NotUnderstood("nvidia-smi", line);
    return {
      index: Number(index),
      uuid,
      memory: megabytes(memory),
      used: megabytes(used),
      divided: mig && cells[4] === "Enabled",
      name,
    };
  });
}

/** The processes by the GPU's UUID. */
function parseProcesses(output: string): ReadonlyMap<string, GpuProcess[]> {
  const processes = new Map<string, GpuProcess[]>();
  for (const line of linesOf(output)) {
    const [uuid = "", pid = "", memory = "", ...name] = line.split(", ");
    if (!/^\d+$/.test(pid)) throw new NotUnderstood("nvidia-smi", line);
    const process = { pid: Number(pid), name: name.join(", "), memory: megabytes(memory) };
    processes.set(uuid, [...(processes.get(uuid) ?? []), process]);
  }
  return processes;
}

/** "GPU 0: …" with lines such as "  MIG 1g.10gb     Device  0: (UUID: MIG-feb88891-…)" under it; by the GPU's index. */
function parseInstances(output: string): ReadonlyMap<number, readonly Instance[]> {
  const instances = new Map<number, Instance[]>();
  let index = -1;
  for (const line of linesOf(output)) {
    const gpu = /^GPU (\d+):/.exec(line);
    const instance = /^\s*MIG (\S+)\s+Device\s+(\d+): \(UUID: (MIG-[^)]+)\)/.exec(line);
    if (gpu !== null) index = Number(gpu[1]);
    else if (instance !== null && index >= 0) {
      const [, profile = "", device = "", uuid = ""] = instance;
      instances.set(index, [...(instances.get(index) ?? []), { device: Number(device), profile, uuid }]);
    }
  }
  return instances;
}

/** What it prints in place of lines where there is nothing to list. */
function linesOf(output: string): readonly string[] {
  return output.split("\n").filter((line) => line.trim() !== "" && !/^No (devices|running)/.test(line));
}

/** Bytes of a number of MiB; "[N/A]" and the like are null. */
function megabytes(cell: string): number | null {
  return /^\d+$/.test(cell) ? Number(cell) * 2 ** 20 : null;
}
