// Builds dist/ from src/: the spec validator is generated from the JSON schema first, then everything is compiled, and
// the schema that editors read takes its words from the result.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, rmSync } from "node:fs";
import { generateSchema } from "./generate-schema.mjs";
import { generateValidator } from "./generate-validator.mjs";

const root = new URL("..", import.meta.url);
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: "inherit" });

rmSync(new URL("dist", root), { recursive: true, force: true });
await generateValidator();
run("node_modules/.bin/tsc", "-p", "tsconfig.json");
const validator = "space/spec-validator.generated.js";
copyFileSync(new URL(`src/${validator}`, root), new URL(`dist/${validator}`, root));
await generateSchema();
chmodSync(new URL("dist/cli/main.js", root), 0o755);
