import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "../examples/module.ts";

/** The built package as a user has it: in a project's `node_modules`, beside the TensorFlow.js packages or without them. */

const root = fileURLToPath(new URL("../../", import.meta.url));
let project: string;

beforeEach(() => {
  project = temporaryFolder();
  const installed = join(project, "node_modules/hpo");
  mkdirSync(join(installed, "dist"), { recursive: true });
  cpSync(join(root, "package.json"), join(installed, "package.json"));
  cpSync(join(root, "dist/errors.js"), join(installed, "dist/errors.js"));
  cpSync(join(root, "dist/tfjs"), join(installed, "dist/tfjs"), { recursive: true });
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
});

function installTensorFlow(): void {
  mkdirSync(join(project, "node_modules/@tensorflow"));
  for (const name of ["tfjs-core", "tfjs-layers", "tfjs-backend-wasm", "tfjs-backend-cpu"]) {
    symlinkSync(join(root, "node_modules/@tensorflow", name), join(project, "node_modules/@tensorflow", name));
  }
}

function run(
  code: string,
  backend?: string,
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const environment = { ...process.env, HPO_TFJS_BACKEND: backend ?? "" };
  writeFileSync(join(project, "main.js"), code);
  return spawnSync(process.execPath, ["main.js"], { cwd: project, encoding: "utf8", env: environment });
}

test("gives tf with one line on stderr, however often it is imported", () => {
  installTensorFlow();
  const { stdout, stderr } = run(`
    import { tf } from "hpo/tfjs";
    const again = await import("hpo/tfjs");
    console.log(again.tf === tf, tf.sum(tf.ones([3])).dataSync()[0]);
  `);
  expect(stdout).toBe("true 3\n");
  expect(stderr).toBe("hpo/tfjs: wasm backend (SIMD, 1 thread), tfjs 4.22.0\n");
});

test("leaves the process as it was: no listener for its errors, no word in its environment", () => {
  installTensorFlow();
  const { stdout } = run(`
    process.on("uncaughtException", () => {});
    const traces = () => JSON.stringify([process.eventNames().map((name) => [name, process.listenerCount(name)]), process.env]);
    const before = traces();
    await import("hpo/tfjs");
    console.log(traces() === before);
  `);
  expect(stdout).toBe("true\n");
});

test("the cpu backend, asked for, gives none of its advice", () => {
  installTensorFlow();
  const { stdout, stderr } = run(
    'import { tf } from "hpo/tfjs"; console.log(tf.sum(tf.ones([3])).dataSync()[0]);',
    "cpu",
  );
  expect(stdout).toBe("3\n");
  expect(stderr).toBe("hpo/tfjs: cpu backend (plain JavaScript, slow), tfjs 4.22.0\n");
});

test("says what to install", () => {
  const { status, stderr } = run('import "hpo/tfjs";');
  expect(status).toBe(1);
  expect(stderr).toContain("HpoError: hpo/tfjs needs @tensorflow/tfjs-core");
  expect(stderr).toContain("npm install @tensorflow/tfjs-core @tensorflow/tfjs-layers @tensorflow/tfjs-backend-wasm");
});

test("names a native package that is installed without its binding, and goes on with wasm", () => {
  installTensorFlow();
  mkdirSync(join(project, "node_modules/@tensorflow/tfjs-node"));
  writeFileSync(
    join(project, "node_modules/@tensorflow/tfjs-node/index.js"),
    'throw new Error("The Node.js native addon module (tfjs_binding.node) can not be found");',
  );
  const { stdout, stderr } = run('import { tf } from "hpo/tfjs"; console.log(tf.getBackend());');
  expect(stdout).toBe("wasm\n");
  expect(stderr.split("\n")[0]).toBe(
    "hpo/tfjs: @tensorflow/tfjs-node is installed but does not load: " +
      "The Node.js native addon module (tfjs_binding.node) can not be found",
  );
});

test("TensorFlow.js is an optional peer: npm installs it for nobody, and tries to for nobody", () => {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  ) as Record<string, Record<string, unknown> | undefined>;
  const names = Object.keys(peerDependencies ?? {}).filter((name) => name.startsWith("@tensorflow/"));
  expect(names).toHaveLength(6);
  for (const name of names) expect(peerDependenciesMeta?.[name]).toEqual({ optional: true });
  const installed = Object.keys({ ...dependencies, ...optionalDependencies });
  expect(installed.filter((name) => name.startsWith("@tensorflow/"))).toEqual([]);
});

test("its types compile for a strict user, who can name tensors", () => {
  installTensorFlow();
  writeFileSync(
    join(project, "use.ts"),
    `import { tf } from "hpo/tfjs";
     const x: tf.Tensor2D = tf.tensor2d([[1, 2]]);
     const model: tf.Sequential = tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 1 })] });
     const optimizer: tf.Optimizer = tf.train.adam(0.01);
     export const loss: tf.Tensor = tf.losses.softmaxCrossEntropy(x, model.predict(x) as tf.Tensor2D);
     // @ts-expect-error a word is no shape
     tf.ones("three");
     optimizer.dispose();`,
  );
  const options = { module: "nodenext", target: "es2023", strict: true, noEmit: true, skipLibCheck: true, types: [] };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["use.ts"] }));
  const compiled = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", project], {
    encoding: "utf8",
  });
  expect(compiled.stdout).toBe("");
  expect(compiled.status).toBe(0);
});
