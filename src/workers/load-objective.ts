import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { ObjectiveFunction } from "./trial.ts";
import { describe } from "./words.ts";

/**
 * Evaluates an objective's entry module anew, so that its module-level state is fresh (what it imports stays loaded),
 * and gives its default export. Rejects with why it cannot.
 */
export async function loadObjective(path: string, run: number): Promise<ObjectiveFunction> {
  if (!existsSync(path)) throw new Error("no such file");
  const { cache } = createRequire(import.meta.url);
  // A CommonJS entry would be found there, whatever the query says; a loader keeps it with its query.
  for (const key of Object.keys(cache)) if (key === path || key.startsWith(`${path}?`)) delete cache[key];
  const loaded = (await import(`${pathToFileURL(path).href}?run=${run}`)) as { readonly default?: unknown };
  const exported = loaded.default;
  if (typeof exported === "function") return exported as ObjectiveFunction;
  // A compiled `export default` in a CommonJS file.
  const inner = (exported as { readonly default?: unknown } | null | undefined)?.default;
  if (typeof inner === "function") return inner as ObjectiveFunction;
  const expected =
    "expected it to export a function as its default, such as export default async function (params, trial)";
  throw new TypeError(
    exported === undefined
      ? `${expected}, but it has no default export`
      : `${expected}, received ${describe(exported)}`,
  );
}

/** Where a module that cannot be parsed is wrong, which the error itself does not say; undefined where it is another file. */
export function whereSyntaxFails(path: string): string | undefined {
  const { stderr } = spawnSync(process.execPath, ["--check", path], { encoding: "utf8", timeout: 10_000 });
  return stderr === "" ? undefined : stderr;
}
