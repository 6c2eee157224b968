import { execFile, execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Optuna itself, in a Python environment of its own that the first test makes and later ones find. */

const VERSION = "5.0.0";
const environment = fileURLToPath(new URL("../../node_modules/.cache/optuna", import.meta.url));
const reader = fileURLToPath(new URL("read_optuna.py", import.meta.url));
/** Longest time that the first installation may take. */
const PATIENCE = 240_000;

/** @returns its Python, or why there is none */
function findOptuna(): { readonly python: string } | { readonly reason: string } {
  const python = process.env["HPO_TEST_OPTUNA"] ?? `${environment}/bin/python`;
  const works = (): boolean => {
    try {
      return (
        execFileSync(python, ["-c", "import optuna; print(optuna.__version__)"], { stdio: "pipe" })
          .toString()
          .trim() === VERSION
      );
    } catch {
      return false;
    }
  };
  if (existsSync(python) && works()) return { python };
  try {
    rmSync(environment, { recursive: true, force: true });
    execFileSync("python3", ["-m", "venv", environment], { stdio: "pipe", timeout: PATIENCE });
    execFileSync(python, ["-m", "pip", "install", "--quiet", `optuna==${VERSION}`], {
      stdio: "pipe",
      timeout: PATIENCE,
    });
    return works() ? { python } : { reason: `Optuna ${VERSION} was installed and cannot be imported` };
  } catch (error) {
    return { reason: `Optuna ${VERSION} cannot be installed here: ${(error as Error).message.split("\n")[0]}` };
  }
}

export const optuna: ReturnType<typeof findOptuna> = findOptuna();

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
