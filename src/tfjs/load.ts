import { HpoError } from "../errors.ts";
import type { TensorFlow } from "./api.ts";
import { loadNative, NATIVE_PACKAGES, type LoadedBackend } from "./native.ts";
import type { Packages } from "./packages.ts";
import { CPU_PACKAGES, loadCpu, loadWasm, WASM_PACKAGES } from "./portable.ts";
import { requestedBackend } from "./request.ts";

export interface LoadOptions {
  readonly packages: Packages;
  /** Read for `HPO_TFJS_BACKEND`; TensorFlow's own defaults are written into it before a native package is loaded. */
  readonly environment: Record<string, string | undefined>;
  /** Takes one line for people. */
  readonly say: (line: string) => void;
}

/**
 * The fastest backend that is there, or the one asked for. A backend that is installed and does not load is named with
 * its reason before the next one is tried.
 * @throws HpoError "not-supported" with the command that installs what is missing
 */
export async function loadTensorFlow(options: LoadOptions): Promise<TensorFlow> {
  const loaded = await choose(options);
  options.say(`hpo/tfjs: ${loaded.label}, tfjs ${loaded.tf.version_core}`);
  return loaded.tf;
}

async function choose({ packages, environment, say }: LoadOptions): Promise<LoadedBackend> {
  const request = requestedBackend(environment);
  if (request === "cpu") {
    requirePackages(packages, CPU_PACKAGES, "the cpu backend");
    return await loadCpu(packages);
  }
  if (request !== "wasm") {
    const native = await tryNative(packages, environment, say);
    if (native !== undefined) return native;
    if (request === "native") {
      throw new HpoError(
        "not-supported",
        `HPO_TFJS_BACKEND=native: neither ${NATIVE_PACKAGES.join(" nor ")} is installed and loads. Install one: npm install ${NATIVE_PACKAGES[1]}`,
      );
    }
  }
  requirePackages(packages, WASM_PACKAGES, "hpo/tfjs");
  return await loadWasm(packages);
}

async function tryNative(
  packages: Packages,
  environment: Record<string, string | undefined>,
  say: (line: string) => void,
): Promise<LoadedBackend | undefined> {
  for (const name of NATIVE_PACKAGES) {
    if (!packages.has(name)) continue;
    try {
      return await loadNative(name, packages, environment);
    } catch (error) {
      say(`hpo/tfjs: ${name} is installed but does not load: ${firstLine(error)}`);
    }
  }
  return undefined;
}

function requirePackages(packages: Packages, names: readonly string[], what: string): void {
  const missing = names.filter((name) => !packages.has(name));
  if (missing.length === 0) return;
  throw new HpoError(
    "not-supported",
    `${what} needs ${missing.join(", ")}, which ${missing.length === 1 ? "is" : "are"} not installed. Install: npm install ${names.join(" ")}`,
  );
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (
    text
      .split("\n")
      .find((line) => line.trim() !== "")
      ?.trim() ?? "no reason given"
  );
}
