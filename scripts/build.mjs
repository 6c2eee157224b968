// Builds dist/ from src/: the spec validator is generated from the JSON schema and the kernels from assembly/ first, then
// everything is compiled, and the schema that editors read takes its words from the result.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { generateKernels } from "./build-kernels.mjs";
import { generateSchema } from "./generate-schema.mjs";
import { generateValidator } from "./generate-validator.mjs";

const root = new URL("..", import.meta.url);
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: "inherit" });

rmSync(new URL("dist", root), { recursive: true, force: true });
await generateValidator();
await generateKernels();
run("node_modules/.bin/tsc", "-p", "tsconfig.json");
for (const generated of ["space/spec-validator.generated.js", "numerics/gp-kernels.generated.js"]) {
  copyFileSync(new URL(`src/${generated}`, root), new URL(`dist/${generated}`, root));
}
await bundlePrograms();
await generateSchema();
chmodSync(new URL("dist/cli/main.js", root), 0o755);

/** What runs in threads and processes of its own becomes one file each: they load faster so, and the first run waits for them. */
async function bundlePrograms() {
  const dist = fileURLToPath(new URL("dist/", root));
  const programs = ["workers/slot-worker", "workers/launcher", "workers/trial-host", "study/suggest-worker"];
  await build({
    entryPoints: programs.map((program) => `${dist}${program}.js`),
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
