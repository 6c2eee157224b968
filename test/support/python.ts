import { spawnSync } from "node:child_process";

/** Pythons that tests use: the one in HPO_TEST_PYTHON, and `python3`. */

const CANDIDATES = [process.env["HPO_TEST_PYTHON"], "python3"].filter((each) => each !== undefined);

/** A Python that has all of these modules; undefined where there is none, and a reason to skip in words. */
export function pythonWith(...modules: readonly string[]): {
  readonly python: string | undefined;
  readonly reason: string;
} {
  const find = `import importlib.util, sys; sys.exit(any(importlib.util.find_spec(m) is None for m in ${JSON.stringify(modules)}))`;
  const python = CANDIDATES.find((each) => spawnSync(each, ["-c", find]).status === 0);
  return { python, reason: `no Python with ${modules.join(", ")}: name one in HPO_TEST_PYTHON` };
}
