import { existsSync, readFileSync, statSync } from "node:fs";
import { extname, resolve } from "node:path";
import type { Issue } from "../errors.ts";
import type { StudySpec } from "../space/spec.ts";
import { findPackageType } from "../workers/package-type.ts";

/** What Node.js can load, by itself or through the loader for TypeScript. */
const MODULES = [".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx"];
const PROGRAMS: Readonly<Record<string, string>> = {
  ".py": "python3",
  ".sh": "sh",
  ".r": "Rscript",
  ".jl": "julia",
  ".rb": "ruby",
};

/** What is wrong with the file of a module objective, as far as can be seen without running it. */
export function moduleIssues({ objective }: StudySpec, specFolder: string): readonly Issue[] {
  if (objective === undefined || !("module" in objective)) return [];
  const { module } = objective;
  const file = resolve(specFolder, module);
  const issue = (expected: string, received: string, hint?: string): readonly Issue[] => [
    {
      path: "objective.module",
      expected,
      received: `${JSON.stringify(module)}, ${received}`,
      ...(hint === undefined ? {} : { hint }),
    },
  ];
  const expected = "a file, relative to the spec's folder";
  if (!existsSync(file)) return issue(expected, "which is not there", otherEnding(module, specFolder));
  if (statSync(file).isDirectory()) return issue(expected, "which is a folder", "name the file in it");
  const ending = extname(file).toLowerCase();
  if (!MODULES.includes(ending)) {
    const program = PROGRAMS[ending];
    const command = `a program of another language is { "command": ["${program ?? "program"}", "${module}"] }`;
    return issue(`a module: a file that ends in ${MODULES.slice(0, 6).join(", ")}`, "which is none", command);
  }
  if (ending === ".js" && findPackageType(file) === "module" && isCommonJs(file))
    return issue(
      'an ES module, since its package.json says "type": "module"',
      "which sets module.exports",
      `rename it to ${module.replace(/js$/, "cjs")}, or write export default`,
    );
  return [];
}

/** The same file under another ending, which is what was meant. */
function otherEnding(module: string, specFolder: string): string | undefined {
  const stem = module.slice(0, module.length - extname(module).length);
  const found = MODULES.map((ending) => stem + ending).find((each) => existsSync(resolve(specFolder, each)));
  return found === undefined ? undefined : `did you mean ${JSON.stringify(found)}?`;
}

function isCommonJs(file: string): boolean {
  const text = readFileSync(file, "utf8");
  return /^\s*(?:module\.exports|exports\.\w+)\s*=/m.test(text) && !/^\s*export\b/m.test(text);
}
