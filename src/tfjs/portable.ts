import type * as wasm from "@tensorflow/tfjs-backend-wasm";
import type { TensorFlow } from "./api.ts";
import { registerTrainingKernels } from "./kernels/register.ts";
import type { LoadedBackend } from "./native.ts";
import type { Packages } from "./packages.ts";

/** The backends without native code: WebAssembly, and plain JavaScript. */

const CORE = "@tensorflow/tfjs-core";
const LAYERS = "@tensorflow/tfjs-layers";
const WASM = "@tensorflow/tfjs-backend-wasm";
const CPU = "@tensorflow/tfjs-backend-cpu";

export const WASM_PACKAGES: readonly string[] = [CORE, LAYERS, WASM];
export const CPU_PACKAGES: readonly string[] = [CORE, LAYERS, CPU];

/** Core and layers as one namespace. Loading the layers is also what registers the gradients. */
function loadApi(packages: Packages): TensorFlow {
  const core = packages.load(CORE) as typeof import("@tensorflow/tfjs-core");
  const layers = packages.load(LAYERS) as typeof import("@tensorflow/tfjs-layers");
  return { ...core, ...layers };
}

export async function loadWasm(packages: Packages): Promise<LoadedBackend> {
  const tf = loadApi(packages);
  const { getThreadsCount } = packages.load(WASM) as typeof wasm;
  const started = await withoutListeners(async () => tf.setBackend("wasm"));
  if (!started) throw new Error(`${WASM} did not start`);
  registerTrainingKernels(tf);
  const simd = (await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) === true ? "SIMD" : "no SIMD";
  // tfjs never takes its threaded build under Node; what counts is then not set, or 1.
  const threads = (await tf.env().getAsync("WASM_HAS_MULTITHREAD_SUPPORT")) === true ? getThreadsCount() : 1;
  return { tf, label: `wasm backend (${simd}, ${threads === 1 ? "1 thread" : `${threads} threads`})` };
}

/** What Emscripten, which the wasm was built with, listens to in every process that it is loaded in. */
const TAKEN_EVENTS = ["uncaughtException", "unhandledRejection"] as const;

/**
 * Takes away the listeners that `action` adds for errors of the whole process. Emscripten's throw them anew from inside,
 * so that they seem to come from there; without them Node ends the process as it does by itself.
 */
async function withoutListeners<T>(action: () => Promise<T>): Promise<T> {
  const before = new Map(TAKEN_EVENTS.map((event) => [event, new Set(process.rawListeners(event))]));
  try {
    return await action();
  } finally {
    for (const [event, known] of before) {
      for (const listener of process.rawListeners(event)) {
        if (!known.has(listener)) process.removeListener(event, listener as () => void);
      }
    }
  }
}

export async function loadCpu(packages: Packages): Promise<LoadedBackend> {
  const tf = loadApi(packages);
  packages.load(CPU);
  if (!(await tf.setBackend("cpu"))) throw new Error(`${CPU} did not start`);
  withoutWarnings(tf, () => tf.scalar(0).dispose());
  return { tf, label: "cpu backend (plain JavaScript, slow)" };
}

/** The cpu backend advises on its first tensor to install tfjs-node; whoever asked for it by name knows. */
function withoutWarnings(tf: TensorFlow, action: () => void): void {
  const environment = tf.env();
  const before = environment.getBool("PROD");
  environment.set("PROD", true);
  action();
  environment.set("PROD", before);
}
