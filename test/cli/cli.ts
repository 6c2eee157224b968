import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually } from "../support/eventually.ts";

/** Drives the built command line in a folder of its own. */

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that still runs. */
export interface RunningCli {
  readonly child: ChildProcess;
  /** What has come on stdout so far. */
  readonly stdout: () => string;
  readonly ended: Promise<CliResult>;
  /** Waits until stdout and stderr together match. */
  saw(pattern: RegExp): Promise<string>;
}

export class TestFolder {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), "hpo-cli-")));
  readonly #running = new Set<ChildProcess>();

  /** Writes a file, a JSON one where `content` is no text; gives its path. */
  write(name: string, content: unknown): string {
    const file = join(this.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }

  /** @param pty a Python program and its words, under which the command runs */
  start(argv: readonly string[], env: NodeJS.ProcessEnv = {}, pty: readonly string[] = []): RunningCli {
    const own = [process.execPath, MAIN, ...argv];
    const [program = "", ...words] = pty.length === 0 ? own : ["python3", "-c", ...pty, ...own];
    const child = spawn(program, words, {
      cwd: this.folder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#running.add(child);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const ended = new Promise<CliResult>((resolve) => {
      child.once("close", (code) => {
        this.#running.delete(child);
        resolve({ code, stdout, stderr });
      });
    });
    return {
      child,
      stdout: () => stdout,
      ended,
      saw: (pattern) => eventually(`the output matches ${pattern}`, () => pattern.exec(stdout + stderr)?.[0]),
    };
  }

  run(argv: readonly string[], env?: NodeJS.ProcessEnv, pty?: readonly string[]): Promise<CliResult> {
    return this.start(argv, env, pty).ended;
  }

  /** Runs a command that prints JSON, and reads it. */
  async json<T>(...argv: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run([...argv, "--json"]);
    if (code !== 0) throw new Error(`hpo ${argv.join(" ")} left with ${code}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  remove(): void {
    for (const child of this.#running) child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Reports each step of its budget; the loss falls with the steps and is least at lr 0.01. */
export const TRAIN = `
export default async function train(params, trial) {
  let loss = 0;
  for (let step = trial.startStep; step <= trial.budget; step++) {
    loss = Math.abs(Math.log10(params.lr) + 2) + 1 / step;
    const decision = await trial.report({ step, loss });
    if (decision.action === "stop") break;
  }
  console.log("trained with " + params.lr);
  return { loss };
}
`;

/** Waits after its first report until the file "go" stands beside it. */
export const WAITS = `
import { existsSync } from "node:fs";
const go = new URL("./go", import.meta.url);
export default async function train(params, trial) {
  await trial.report({ step: 1, loss: params.lr });
  while (!existsSync(go)) {
    if (trial.signal.aborted) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { loss: params.lr };
}
`;

/** A small spec; \`changes\` replaces whole keys. */
export function spec(changes: object = {}): object {
  return {
    name: "toy",
    objective: { module: "./train.mjs" },
    metric: { name: "loss", goal: "minimize" },
    parameters: {
      lr: { type: "float", low: 0.0001, high: 0.1, log: true },
      opt: { type: "categorical", choices: ["sgd", "adam"] },
    },
    seed: 7,
    stop: { trials: 4 },
    ...changes,
  };
}
