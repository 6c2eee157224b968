import { askAmd } from "./amd.ts";
import type { Gpu } from "./gpu.ts";
import { askNvidia } from "./nvidia.ts";
import { findTool } from "./run-tool.ts";
import { NotUnderstood, type VendorGpus } from "./vendor.ts";
import { type Restriction, restrictionOf } from "./visible.ts";

export interface FoundGpus {
  readonly gpus: readonly Gpu[];
  /** What was looked up in vain, in words: why there are none, or what is not known of them. */
  readonly problems: readonly string[];
  /** What this process's environment leaves of them; undefined when it says nothing. */
  readonly restriction: Restriction | undefined;
}

const TOOLS = [
  ["nvidia-smi", askNvidia],
  ["rocm-smi", askAmd],
] as const;

/**
 * The GPUs of this machine, from the first of the vendors' tools in PATH that lists any. Never rejects: what fails is a
 * problem in words.
 *
 * @param patience milliseconds that a tool may take. @default 10 seconds
 */
export async function findGpus(environment: NodeJS.ProcessEnv, patience?: number): Promise<FoundGpus> {
  const problems: string[] = [];
  for (const [name, ask] of TOOLS) {
    const file = findTool(name, environment["PATH"]);
    if (file === undefined) {
      problems.push(`${name} is not in PATH`);
      continue;
    }
    const told = await understood(ask(file, environment, patience));
    if (told.gpus.length > 0)
      return { gpus: told.gpus, problems: told.problems, restriction: restrictionOf(told.gpus, environment) };
    problems.push(...told.problems);
  }
  return { gpus: [], problems, restriction: undefined };
}

async function understood(answer: Promise<VendorGpus>): Promise<VendorGpus> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    return { gpus: [], problems: [error.message] };
  }
}
