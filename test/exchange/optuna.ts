import { execFile, execFileSync } from "node:child_process";
import { existsSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Optuna itself, in a Python environment of its own that the first test makes and later ones find. */

const VERSION = "5.0.0";
// Not in node_modules, which every "npm ci" empties.
const caches = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
const environment = join(caches, "hpo-tests", `optuna-${VERSION}`);
const reader = fileURLToPath(new URL("read_optuna.py", import.meta.url));
/** Longest time that the first installation may take. */
const PATIENCE = 240_000;

/** @returns its Python, or why there is none */
function findOptuna(): { readonly python: string } | { readonly reason: string } {
  const python = process.env["HPO_TEST_OPTUNA"] ?? `${environment}/bin/python`;
  if (works(python)) return { python };
  // Another run of the tests may make one at the same time: whichever is whole first is kept.
  const made = `${environment}-${process.pid}`;
  try {
    execFileSync("python3", ["-m", "venv", made], { stdio: "pipe", timeout: PATIENCE });
    const install = ["-m", "pip", "install", "--quiet", `optuna==${VERSION}`];
    execFileSync(`${made}/bin/python`, install, { stdio: "pipe", timeout: PATIENCE });
    if (!existsSync(environment)) renameSync(made, environment);
    return works(python) ? { python } : { reason: `Optuna ${VERSION} was installed and cannot be imported` };
  } catch (error) {
    return { reason: `Optuna ${VERSION} cannot be installed here: ${(error as Error).message.split("\n")[0]}` };
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

function works(python: string): boolean {
  try {
    const words = ["-c", "import optuna; print(optuna.__version__)"];
    return execFileSync(python, words, { stdio: "pipe" }).toString().trim() === VERSION;
  } catch {
    return false;
  }
}

export const optuna: ReturnType<typeof findOptuna> = findOptuna();
// A skipped test has no place for its reason.
if ("reason" in optuna) console.warn(`skipping the tests with Optuna: ${optuna.reason}`);

export interface ReadTrial {
  readonly number: number;
  readonly state: string;
  readonly values: readonly (number | string)[] | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly fixed: Readonly<Record<string, unknown>> | null;
  readonly intermediate: readonly (readonly [number, number | string])[];
  readonly start: string | null;
  readonly complete: string | null;
  readonly userAttributes: Readonly<Record<string, unknown>>;
}

export interface ReadStudy {
  readonly version: string;
  readonly name: string;
  readonly direction: string;
  readonly metricNames: readonly string[] | null;
  readonly userAttributes: Readonly<Record<string, unknown>>;
  readonly best: number | null;
  readonly trials: readonly ReadTrial[];
}

/** What Optuna makes of a storage; `goOn` trials are added to it before. */
export async function readWithOptuna(file: string, goOn = 0): Promise<ReadStudy> {
  if ("reason" in optuna) throw new Error(optuna.reason);
  const words = [reader, file, ...(goOn === 0 ? [] : [String(goOn)])];
  // Optuna tells a journal's times in the zone of the machine.
  const { stdout } = await promisify(execFile)(optuna.python, words, {
    env: { ...process.env, TZ: "UTC" },
    maxBuffer: 1 << 28,
  });
  return JSON.parse(stdout) as ReadStudy;
}
