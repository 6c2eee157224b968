// Builds dist/ from src/: the spec validator is generated from the JSON schema first, then everything is compiled.
import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";

const root = new URL("..", import.meta.url);
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: "inherit" });

rmSync(new URL("dist", root), { recursive: true, force: true });
run("node_modules/.bin/tsc", "-p", "tsconfig.json");
chmodSync(new URL("dist/cli/main.js", root), 0o755);
