import { readFileSync } from "node:fs";
import { findPackageType } from "./package-type.ts";

/** What Node.js is told before the trial host's program: what this study was started with, and a loader where one is needed. */

/** What belongs to one process alone: its code, its debugger, its profile, its way of running. Each takes what follows it. */
const OWN_WITH_VALUE = /^(?:-[ep]|-pe|--(?:eval|print|input-type|env-file(?:-if-exists)?|title|run|debug-port))$/;
const OWN =
  /^(?:-[epci]+|--(?:eval|print|check|interactive|input-type|inspect|debug|test|watch|run|cpu-prof|heap|prof|trace-event|env-file|title|build-snapshot|snapshot|experimental-sea))(?:$|[-=\w])/;

const TYPESCRIPT = /\.[cm]?tsx?$|\.jsx$/;
/** Statements of an ES module at the start of a line. */
const IMPORTS_OR_EXPORTS =
  /^\s*(?:import\s*[\w{*"']|export\s*[{*]|export\s+(?:default|async|function|const|let|class)\b)/m;
const IMPORTS_TYPESCRIPT = /["'][^"'\n]+\.[cm]?tsx?["']/;

/** @param path of the objective's module, absolute */
export function hostArguments(execArgv: readonly string[], path: string): readonly string[] {
  const inherited = withoutOwn(execArgv);
  const hasLoader = inherited.some((word) => /\btsx\b/.test(word));
  return needsLoader(path) && !hasLoader ? [...inherited, "--import", import.meta.resolve("tsx")] : inherited;
}

function withoutOwn(execArgv: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let at = 0; at < execArgv.length; at++) {
    const word = execArgv[at] ?? "";
    if (OWN_WITH_VALUE.test(word)) at++;
    else if (!OWN.test(word)) kept.push(word);
  }
  return kept;
}

/**
 * Whether Node.js alone may not load a module: TypeScript, whose support differs from version to version, and ES module syntax
 * in a package that says it is CommonJS, as `npm init` makes it.
 */
function needsLoader(path: string): boolean {
  if (TYPESCRIPT.test(path)) return true;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return false; // told when it is loaded
  }
  if (IMPORTS_TYPESCRIPT.test(text)) return true;
  return path.endsWith(".js") && IMPORTS_OR_EXPORTS.test(text) && findPackageType(path) === "commonjs";
}
