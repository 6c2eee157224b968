import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const RUNNER = fileURLToPath(new URL("run-module.mjs", import.meta.url));

export interface ModuleOrder {
  readonly params: Readonly<Record<string, number | string>>;
  readonly budget: number;
  readonly startStep?: number;
  readonly seed?: number;
  readonly checkpoints: string;
}

export interface ModuleRun {
  readonly reports: readonly { readonly step: number; readonly loss: number; readonly accuracy: number }[];
  /** Steps of the checkpoints, in their order. */
  readonly saved: readonly number[];
  /** Live tensors at each report, and after the run. */
  readonly tensors: readonly number[];
  readonly tensorsAfter: number;
  readonly result: Readonly<Record<string, number>>;
}

export function example(path: string): string {
  return fileURLToPath(new URL(`../../search-spaces/${path}`, import.meta.url));
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "hpo-test-"));
}

/** Runs an objective module in a process of its own. */
export function runModule(module: string, { startStep = 1, seed = 7, ...order }: ModuleOrder): ModuleRun {
  const argument = JSON.stringify({ module, startStep, seed, ...order });
  return JSON.parse(
    execFileSync(process.execPath, [RUNNER, argument], { encoding: "utf8", stdio: "pipe" }),
  ) as ModuleRun;
}
