import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readPage, ROOT } from "./pages.ts";

/** Pages that a reader follows from an empty folder: their files are written, and their commands run, in order. */
const WALKTHROUGHS = ["README.md", "docs/getting-started.md"];

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** An empty folder in which the package is installed: `npx hpo` is the built command, and `npm install` has been done. */
function emptyProject(): { readonly folder: string; readonly path: string } {
  const folder = mkdtempSync(join(tmpdir(), "hpo-docs-"));
  folders.push(folder);
  const bin = join(folder, "node_modules", ".bin");
  mkdirSync(bin, { recursive: true });
  symlinkSync(ROOT, join(folder, "node_modules", "hpo"));
  const program = (name: string, script: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  program("npx", `[ "$1" = hpo ] || exit 9; shift; exec "${process.execPath}" "${ROOT}dist/cli/main.js" "$@"`);
  program("npm", `[ "$1 $2" = "install hpo" ]`);
  return { folder, path: [bin, process.env["PATH"]].join(delimiter) };
}

describe("a reader who follows", () => {
  it.each(WALKTHROUGHS)("%s sees every command succeed", { timeout: 120_000 }, (page) => {
    const { folder, path } = emptyProject();
    for (const step of readPage(page).steps) {
      if (step.kind === "file") {
        mkdirSync(dirname(join(folder, step.name)), { recursive: true });
        writeFileSync(join(folder, step.name), step.content);
        continue;
      }
      // The dashboard serves until it is stopped; its own tests start it.
      const commands = step.commands.replace(/^npx hpo dashboard.*$/m, "");
      const { status, stdout, stderr } = spawnSync("bash", ["-e", "-c", commands], {
        cwd: folder,
        env: { ...process.env, PATH: path, NO_COLOR: "1" },
        encoding: "utf8",
      });
      expect({ commands, status, ...(status === 0 ? {} : { stdout, stderr }) }).toEqual({ commands, status: 0 });
    }
  });
});
