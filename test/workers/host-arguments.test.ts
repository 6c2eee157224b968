import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostArguments } from "../../src/workers/host-arguments.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hpo-test-"));
  writeFileSync(join(folder, "package.json"), '{"type": "commonjs"}');
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a trial host inherits what is not of one process alone", () => {
  const own = ["--inspect-brk=0", "-e", "code", "--eval", "more", "-pe", "1", "--test", "--watch-path=x", "--cpu-prof"];
  const kept = [
    "--import",
    "./hook.mjs",
    "-r",
    "x",
    "--max-old-space-size=9",
    "--experimental-vm-modules",
    "-C",
    "dev",
  ];
  expect(hostArguments([...own, ...kept, "--env-file", ".env", "--input-type", "module"], "/none.mjs")).toEqual(kept);
});

test.each([
  ["train.ts", "", true],
  ["train.mts", "", true],
  ["train.js", 'import { x } from "./x.js";\n', true],
  ["train.js", "export default (params) => 1;\n", true],
  ["train.js", 'const { important } = require("./x");\nmodule.exports = () => 1;\n', false],
  ["train.mjs", "export default () => 1;\n", false],
  ["train.mjs", 'import { x } from "./x.ts";\n', true],
  ["missing.js", undefined, false],
])("%s with %j needs the loader: %s", (name, text, needs) => {
  const path = join(folder, name);
  if (text !== undefined) writeFileSync(path, text);
  expect(hostArguments([], path).some((word) => word.includes("tsx"))).toBe(needs);
});

test("no second loader where the study was started with one", () => {
  const own = [
    "--require",
    "/x/node_modules/tsx/dist/preflight.cjs",
    "--import",
    "file:///x/node_modules/tsx/dist/loader.mjs",
  ];
  expect(hostArguments(own, "/train.ts")).toEqual(own);
});
