import { describe, expect, test } from "vitest";
import { HpoError } from "../../src/errors.ts";
import type { TensorFlow } from "../../src/tfjs/api.ts";
import { loadTensorFlow } from "../../src/tfjs/load.ts";
import { restoreRemovedUtilities } from "../../src/tfjs/native.ts";
import { installedPackages } from "../../src/tfjs/packages.ts";

const GPU = "@tensorflow/tfjs-node-gpu";
const NODE = "@tensorflow/tfjs-node";
const WASM = "@tensorflow/tfjs-backend-wasm";

/** The installed packages with some in place of them: a function is run when the package is loaded, null is not there. */
function packagesWith(others: Readonly<Record<string, (() => unknown) | null>>): typeof installedPackages {
  return {
    has: (name) => (others[name] === undefined ? installedPackages.has(name) : others[name] !== null),
    load: (name) => others[name]?.() ?? installedPackages.load(name),
  };
}

interface Loaded {
  readonly tf: TensorFlow;
  readonly lines: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

async function load(
  others: Readonly<Record<string, (() => unknown) | null>> = {},
  environment: Record<string, string | undefined> = {},
): Promise<Loaded> {
  const lines: string[] = [];
  const tf = await loadTensorFlow({ packages: packagesWith(others), environment, say: (line) => lines.push(line) });
  return { tf, lines, environment };
}

async function failureOf(...options: Parameters<typeof load>): Promise<HpoError> {
  const error: unknown = await load(...options).then(
    ({ lines }) => lines,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HpoError)) throw new Error(`expected an HpoError, received ${String(error)}`);
  return error;
}

/** A native package as far as `hpo/tfjs` looks at it; it cannot be installed everywhere. */
function nativePackage(isUsingGpuDevice: boolean): () => unknown {
  return () => ({
    version_core: "4.22.0",
    setBackend: async (name: string) => name === "tensorflow",
    ready: async () => {},
    backend: () => ({ binding: { TF_Version: "2.9.1" }, isUsingGpuDevice }),
  });
}

function broken(message: string): () => unknown {
  return () => {
    throw new Error(message);
  };
}

describe("without a native package", () => {
  test("wasm is taken, and said in one line", async () => {
    const { tf, lines } = await load();
    expect(tf.getBackend()).toBe("wasm");
    expect(lines).toEqual(["hpo/tfjs: wasm backend (SIMD, 1 thread), tfjs 4.22.0"]);
  });

  test("it has the core and the layers API", async () => {
    const { tf } = await load();
    const model = tf.sequential({
      layers: [tf.layers.dense({ inputShape: [2], units: 1, kernelInitializer: "ones" })],
    });
    const output = model.predict(tf.tensor2d([[3, 4]])) as ReturnType<typeof tf.tensor>;
    expect(Array.from(output.dataSync())).toEqual([7]);
  });

  test("cpu is taken when it is asked for", async () => {
    const { tf, lines } = await load({}, { HPO_TFJS_BACKEND: "cpu" });
    expect(tf.getBackend()).toBe("cpu");
    expect(lines).toEqual(["hpo/tfjs: cpu backend (plain JavaScript, slow), tfjs 4.22.0"]);
  });

  test("TensorFlow's environment stays as it is", async () => {
    expect((await load()).environment).toEqual({});
  });
});

describe("with a native package", () => {
  test("the one for GPUs comes first", async () => {
    const { lines } = await load({ [GPU]: nativePackage(true), [NODE]: nativePackage(false) });
    expect(lines).toEqual(["hpo/tfjs: native backend (TensorFlow 2.9.1, GPU), tfjs 4.22.0"]);
  });

  test("the one for the CPU comes next", async () => {
    const { lines } = await load({ [NODE]: nativePackage(false) });
    expect(lines).toEqual(["hpo/tfjs: native backend (TensorFlow 2.9.1, CPU), tfjs 4.22.0"]);
  });

  test("TensorFlow's defaults are set before it is loaded, and what the user set stays", async () => {
    const environment: Record<string, string | undefined> = { TF_CPP_MIN_LOG_LEVEL: "0" };
    let seen: unknown;
    const watching = (): unknown => {
      seen = { ...environment };
      return nativePackage(false)();
    };
    await load({ [NODE]: watching }, environment);
    expect(seen).toEqual({ TF_CPP_MIN_LOG_LEVEL: "0", TF_FORCE_GPU_ALLOW_GROWTH: "true" });
    const { environment: unset } = await load({ [NODE]: nativePackage(false) });
    expect(unset["TF_CPP_MIN_LOG_LEVEL"]).toBe("2");
  });

  test("one that does not load is named with its reason, and wasm is taken", async () => {
    const { tf, lines } = await load({ [GPU]: broken("\nlibcudart.so.11.0: cannot open shared object file\nmore") });
    expect(tf.getBackend()).toBe("wasm");
    expect(lines).toEqual([
      `hpo/tfjs: ${GPU} is installed but does not load: libcudart.so.11.0: cannot open shared object file`,
      "hpo/tfjs: wasm backend (SIMD, 1 thread), tfjs 4.22.0",
    ]);
  });

  test("one for GPUs that does not load leaves its place to the one for the CPU", async () => {
    const { lines } = await load({ [GPU]: broken("no driver"), [NODE]: nativePackage(false) });
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain("native backend");
  });

  test("it is not touched when wasm is asked for", async () => {
    const { lines } = await load({ [NODE]: broken("touched") }, { HPO_TFJS_BACKEND: "wasm" });
    expect(lines).toEqual(["hpo/tfjs: wasm backend (SIMD, 1 thread), tfjs 4.22.0"]);
  });

  test("Node's removed helpers are back for it", () => {
    const util: Record<string, unknown> = {};
    restoreRemovedUtilities(util);
    const { isNullOrUndefined, isArray } = util as Record<string, (value: unknown) => boolean>;
    expect([null, undefined, 0, ""].map((value) => isNullOrUndefined?.(value))).toEqual([true, true, false, false]);
    expect(isArray?.([])).toBe(true);
  });
});

describe("what is missing or wrong is said with the way out", () => {
  const INSTALL = "npm install @tensorflow/tfjs-core @tensorflow/tfjs-layers @tensorflow/tfjs-backend-wasm";

  test("nothing is installed", async () => {
    const error = await failureOf({ "@tensorflow/tfjs-core": null, "@tensorflow/tfjs-layers": null, [WASM]: null });
    expect(error.code).toBe("not-supported");
    expect(error.message).toContain("are not installed");
    expect(error.message).toContain(INSTALL);
  });

  test("only the wasm backend is missing: the cpu backend is no stand-in", async () => {
    const error = await failureOf({ [WASM]: null });
    expect(error.message).toContain(`hpo/tfjs needs ${WASM}, which is not installed`);
    expect(error.message).toContain(INSTALL);
  });

  test("native is asked for and not there", async () => {
    const error = await failureOf({ [GPU]: null, [NODE]: null }, { HPO_TFJS_BACKEND: "native" });
    expect(error.message).toContain(`npm install ${NODE}`);
  });

  test("native is asked for and does not load: no fallback", async () => {
    const error = await failureOf({ [NODE]: broken("no binding") }, { HPO_TFJS_BACKEND: "native" });
    expect(error.code).toBe("not-supported");
  });

  test("an unknown word", async () => {
    const error = await failureOf({}, { HPO_TFJS_BACKEND: "webgl" });
    expect(error.code).toBe("invalid-argument");
    expect(error.message).toContain('expected native, wasm, cpu, received "webgl"');
  });
});
