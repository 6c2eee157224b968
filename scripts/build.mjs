// Builds dist/ from src/: the spec validator is generated from the JSON schema and the kernels from assembly/ first, then
// everything is compiled, the schema that editors read takes its words from the result, and page/ becomes dist/page/.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { generateKernels } from "./build-kernels.mjs";
import { buildPage } from "./build-page.mjs";
import { generateSchema } from "./generate-schema.mjs";
import { generateValidator } from "./generate-validator.mjs";

const root = new URL("..", import.meta.url);
/** Programs of threads and processes of their own: the first run waits for them. */
const PROGRAMS = [
  "workers/slot-worker",
  "workers/launcher",
  "workers/trial-host",
  "study/suggest-worker",
  "trackers/tracker",
  "views/importance-worker",
];
/** Parts of every start that would otherwise be many files, or a large library for a small function. */
const PARTS = ["samplers/registry", "schedulers/registry"];
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: "inherit" });

rmSync(new URL("dist", root), { recursive: true, force: true });
await generateValidator();
await generateKernels();
run("node_modules/.bin/tsc", "-p", "tsconfig.json");
for (const generated of ["space/spec-validator.generated.js", "numerics/gp-kernels.generated.js"]) {
  copyFileSync(new URL(`src/${generated}`, root), new URL(`dist/${generated}`, root));
}
await bundle();
await buildPage();
await generateSchema();
chmodSync(new URL("dist/cli/main.js", root), 0o755);

/** Makes one file of each, which loads faster than its modules. */
async function bundle() {
  const dist = fileURLToPath(new URL("dist/", root));
  await build({
    entryPoints: [...PROGRAMS, ...PARTS].map((entry) => `${dist}${entry}.js`),
    outbase: dist,
    outdir: dist,
    allowOverwrite: true,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "warning",
  });
}
