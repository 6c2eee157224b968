import { execFileSync } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestFolder } from "../cli/cli.ts";

/** Objectives as ES modules, CommonJS and TypeScript, in packages of each type, run by the built command line. */

const INDEX = pathToFileURL(fileURLToPath(new URL("../../dist/index.js", import.meta.url))).href;

let folder: TestFolder;
beforeEach(() => (folder = new TestFolder()));
afterEach(() => folder.remove());

/** Says the number of calls of this copy of the module, and the process, in side metrics. */
const BODY = "calls++; return { loss: params.x * 2, calls, pid: process.pid, help: help(1) };";
const ESM = `let calls = 0;\nexport default async function train(params, trial) { ${BODY} }\n`;
const COMMONJS = `let calls = 0;\nmodule.exports = async (params, trial) => { ${BODY} };\n`;
const TYPED = `let calls: number = 0;
enum Kind { Plain = "plain" }
export default async function train(params: { x: number }, trial: { readonly number: number }) {
  if (Kind.Plain !== "plain" || typeof trial.number !== "number") throw new Error("no");
  ${BODY}
}\n`;
const HELP_TS = "export function help(n: number): number { return n + 1; }\n";
const HELP_JS = "export function help(n) { return n + 1; }\n";
const HELP_CJS = "exports.help = (n) => n + 1;\n";

interface Files {
  readonly [name: string]: string;
}

const imports = (from: string, text: string): string => `import { help } from "${from}";\n${text}`;
const requires = (from: string, text: string): string => `const { help } = require("${from}");\n${text}`;

const CASES: readonly (readonly [type: string | undefined, entry: string, files: Files])[] = [
  // As `npm init -y` makes a package today, with the README's objective.
  ["commonjs", "train.js", { "train.js": imports("./help.js", ESM), "help.js": HELP_JS }],
  ["commonjs", "train.js", { "train.js": requires("./help.js", COMMONJS), "help.js": HELP_CJS }],
  ["commonjs", "train.mjs", { "train.mjs": imports("./help.mjs", ESM), "help.mjs": HELP_JS }],
  ["commonjs", "train.ts", { "train.ts": imports("./help", TYPED), "help.ts": HELP_TS }],
  ["commonjs", "train.cts", { "train.cts": imports("./help", TYPED), "help.ts": HELP_TS }],
  ["commonjs", "train.mts", { "train.mts": imports("./help.mts", TYPED), "help.mts": HELP_TS }],
  ["module", "train.js", { "train.js": imports("./help.js", ESM), "help.js": HELP_JS }],
  ["module", "train.cjs", { "train.cjs": requires("./help.cjs", COMMONJS), "help.cjs": HELP_CJS }],
  ["module", "train.ts", { "train.ts": imports("./help.js", TYPED), "help.ts": HELP_TS }],
  ["module", "train.js", { "train.js": imports("./help.ts", ESM), "help.ts": HELP_TS }],
  [undefined, "train.js", { "train.js": imports("./help.js", ESM), "help.js": HELP_JS }],
  [undefined, "train.js", { "train.js": requires("./help.js", COMMONJS), "help.js": HELP_CJS }],
  [undefined, "train.ts", { "train.ts": imports("./help.ts", TYPED), "help.ts": HELP_TS }],
];

function space(module: string): object {
  return {
    name: "kinds",
    objective: { module },
    metric: { name: "loss", goal: "minimize" },
    parameters: { x: { type: "float", low: 1, high: 2 } },
    stop: { trials: 3 },
    workers: { cpus: 1 },
    seed: 1,
  };
}

test.each(CASES)('with "type": %j the module %s runs, its state new for each trial', async (type, entry, files) => {
  folder.write("package.json", { name: "mine", ...(type === undefined ? {} : { type }) });
  for (const [name, text] of Object.entries(files)) folder.write(name, text);
  folder.write("space.json", space(`./${entry}`));
  expect(await folder.run(["space", "check", "space.json"])).toMatchObject({ code: 0 });
  const { code, stdout } = await folder.run(["study", "start", "space.json", "--json"]);
  expect(stdout).not.toContain('"kind":"failed"');
  expect(code).toBe(0);
  const ends = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; outcome?: { metrics: Record<string, number> } })
    .filter((event) => event.type === "run-ended");
  expect(ends.map(({ outcome }) => [outcome?.metrics["calls"], outcome?.metrics["help"]])).toEqual([
    [1, 2],
    [1, 2],
    [1, 2],
  ]);
  // The process stays warm. The loader may have left its compiler in the first one, but finds what that has made later; of
  // what it makes CommonJS it keeps nothing.
  if (type !== "module") return;
  expect(ends[2]?.outcome?.metrics["pid"]).toBe(ends[1]?.outcome?.metrics["pid"]);
});

describe("what cannot work is told by space check, with the mend", () => {
  test.each([
    ["module", "train.js", COMMONJS, /sets module\.exports — rename it to \.\/train\.cjs, or write export default/],
    ["module", "train.py", "", /a file that ends in \.js.*\{ "command": \["python3", "\.\/train\.py"\] \}/],
    ["module", "train.ts", undefined, /which is not there — did you mean "\.\/train\.mts"\?/],
  ])("%s, %s", async (type, entry, text, message) => {
    folder.write("package.json", { type });
    folder.write("train.mts", TYPED);
    if (text !== undefined) folder.write(entry, text);
    folder.write("space.json", space(`./${entry}`));
    const { code, stderr } = await folder.run(["space", "check", "space.json"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

test("a mistake in TypeScript is told with its place", async () => {
  folder.write("train.ts", "export default async function train() {\n  return { loss: ;\n}\n");
  folder.write("space.json", space("./train.ts"));
  await folder.run(["study", "start", "space.json", "--quiet"]);
  const { trials } = await folder.json<{ trials: readonly { cause: { message: string } }[] }>("study", "show", "kinds");
  expect(trials[0]?.cause.message).toMatch(/cannot load .*train\.ts.*/);
  expect(JSON.stringify(trials[0]?.cause)).toContain("train.ts:2:");
});

test("objectives get what Node.js was told when the study's program was started", async () => {
  folder.write("hook.cjs", "globalThis.hooked = 5;\n");
  folder.write("train.mjs", "export default () => ({ loss: globalThis.hooked });\n");
  const program = `
    import { createStudy } from ${JSON.stringify(INDEX)};
    const study = await createStudy({ spec: "space.json", directory: null });
    console.log((await study.run()).best?.value);
    await study.close();
  `;
  folder.write("space.json", space("./train.mjs"));
  const argv = ["--require", "./hook.cjs", "--input-type=module", "-e", program];
  const printed = execFileSync(process.execPath, argv, { cwd: folder.folder, encoding: "utf8", stdio: "pipe" });
  expect(printed.trim()).toBe("5");
});
