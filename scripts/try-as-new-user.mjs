// Walks the first steps of new users, each from an empty folder with the packed package: install, hpo init, start, best.
// node scripts/try-as-new-user.mjs [NODE …]: with each of these Nodes (this one when none is given). It needs the registry of npm;
// a template whose Python library is missing is skipped, unless HPO_TEST_PYTHON names a Python that has it.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const nodes = process.argv.length > 2 ? process.argv.slice(2).map((each) => resolve(each)) : [process.execPath];
const python = process.env.HPO_TEST_PYTHON ?? "python3";
/** Where the templates' python3 is found first. */
const pythonFolder = process.env.HPO_TEST_PYTHON === undefined ? [] : [resolve(dirname(python))];
const work = mkdtempSync(join(tmpdir(), "hpo-new-user-"));

const README = `import { readFile, writeFile } from "node:fs/promises";
export default async function train(params, trial) {
  let weight = 1;
  const { directory } = trial.checkpoint;
  if (directory !== undefined) weight = Number(await readFile(directory + "/weight", "utf8"));
  for (let epoch = trial.startStep; epoch <= trial.budget; epoch++) {
    weight -= params.learningRate * 2 * weight;
    const decision = await trial.report({ step: epoch, loss: weight ** 2 });
    if (decision.action === "stop") break;
    await trial.checkpoint.save(epoch, (folder) => writeFile(folder + "/weight", String(weight)));
  }
}
`;
const COMMONJS = README.replace(
  'import { readFile, writeFile } from "node:fs/promises";',
  'const { readFile, writeFile } = require("node:fs/promises");',
).replace("export default async function train", "module.exports = async function train");
const SPACE = `{
  // A spec may have comments.
  "name": "mine",
  "objective": { "module": "./train.js" },
  "metric": { "name": "loss", "goal": "minimize" },
  "parameters": { "learningRate": { "type": "float", "low": 1e-4, "high": 0.3, "log": true } },
  "budget": { "min": 1, "max": 9, "unit": "epochs" },
  "stop": { "trials": 9 }
}
`;

/** Each user: what their folder holds, and what they type. */
const users = {
  "npm defaults, README's example": { files: { "train.js": README, "space.json": SPACE } },
  CommonJS: { files: { "train.js": COMMONJS, "space.json": SPACE } },
  "strict TypeScript": { template: "typescript", strict: true },
  "hpo init javascript": { template: "javascript" },
  "hpo init python": { template: "python" },
  "hpo init sklearn": { template: "sklearn", needs: "sklearn" },
  "hpo init xgboost": { template: "xgboost", needs: "xgboost" },
};

try {
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", work], { cwd: root, encoding: "utf8" });
  const tarball = join(work, packed.trim().split("\n").at(-1) ?? "");
  const modules = install(tarball);
  for (const node of nodes) for (const [name, user] of Object.entries(users)) walk(node, name, user, modules);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** One installation serves all folders: what is installed depends on no user. */
function install(tarball) {
  const folder = join(work, "installed");
  mkdirSync(folder);
  const npm = (...words) => execFileSync("npm", words, { cwd: folder, stdio: "pipe" });
  npm("init", "-y");
  npm("install", "--no-audit", "--no-fund", tarball);
  npm("install", "--no-audit", "--no-fund", "typescript", "@types/node");
  return folder;
}

function walk(node, name, { files = {}, template, strict, needs }, installed) {
  const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
  const tell = (words) => console.log(`${version.padEnd(10)} ${name.padEnd(32)} ${words}`);
  if (needs !== undefined && !has(needs)) return tell(`skipped: ${python} has no ${needs}`);
  const folder = mkdtempSync(join(work, "user-"));
  const env = { ...process.env, PATH: [...pythonFolder, dirname(node), process.env.PATH].join(delimiter) };
  const run = (program, ...words) =>
    execFileSync(program, words, { cwd: folder, env, encoding: "utf8", stdio: "pipe" });
  const began = performance.now();
  try {
    run("npm", "init", "-y");
    symlinkSync(join(installed, "node_modules"), join(folder, "node_modules"));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    const hpo = (...words) => run(join(folder, "node_modules/.bin/hpo"), ...words);
    if (template !== undefined) hpo("init", "--template", template);
    if (strict) {
      const options = { strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, noEmit: true };
      writeFileSync(
        join(folder, "tsconfig.json"),
        JSON.stringify({ compilerOptions: { ...options, module: "nodenext", target: "es2023", types: ["node"] } }),
      );
      run(join(folder, "node_modules/.bin/tsc"));
    }
    hpo("space", "check", "space.json");
    hpo("study", "start", "space.json", "--quiet");
    const study = JSON.parse(readFileSync(join(folder, "studies", firstStudy(hpo), "spec.json"), "utf8")).name;
    const best = JSON.parse(hpo("study", "best", study, "--json"));
    hpo("study", "best", study, "--copy", "best");
    if (!existsSync(join(folder, "best"))) throw new Error("no model was copied");
    tell(`best ${best.value} with its model, after ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  } catch (error) {
    process.exitCode = 1;
    tell(`FAILED: ${String(error.stderr || error.stdout || error).trim()}`);
  }
}

function firstStudy(hpo) {
  return JSON.parse(hpo("study", "list", "--json"))[0].name;
}

function has(module) {
  try {
    execFileSync(python, ["-c", `import ${module}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
