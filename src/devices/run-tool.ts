import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** What a tool printed, or why it could not be asked, in words. */
export type ToolAnswer = { readonly output: string } | { readonly problem: string };

/** Milliseconds that a tool may take: on a machine that does not keep its driver loaded it starts every GPU first. */
const PATIENCE = 10_000;

/** The program's file in PATH. */
export function findTool(name: string, path: string | undefined): string | undefined {
  return (path ?? "")
    .split(":")
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find((file) => isExecutable(file));
}

/** Runs a tool and gives its stdout. Never rejects; one that does not answer in time is killed, whatever it started too. */
export async function runTool(
  file: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  patience: number = PATIENCE,
): Promise<ToolAnswer> {
  const name = file.split("/").at(-1) ?? file;
  return new Promise((resolve) => {
    // Numbers and messages in English; a group of its own, so that a wrapper's child is killed with it.
    const env = { ...environment, LC_ALL: "C" };
    const child = spawn(file, words, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const late = setTimeout(() => {
      resolve({ problem: `${name} did not answer within ${patience / 1_000} seconds` });
      if (child.pid !== undefined) kill(child.pid);
      // One that hangs in the driver may not die of it.
      child.unref();
      child.stdout.destroy();
      child.stderr.destroy();
    }, patience);
    child.once("error", (error) => {
      clearTimeout(late);
      resolve({ problem: `${name} cannot be started: ${error.message}` });
    });
    child.once("close", (code, signal) => {
      clearTimeout(late);
      if (code === 0) return resolve({ output });
      const how = signal === null ? `left with code ${code}` : `was ended by ${signal}`;
      const said = `${errors}\n${output}`.split("\n").find((line) => line.trim() !== "");
      resolve({ problem: `${name} ${how}${said === undefined ? "" : `: ${said.trim()}`}` });
    });
  });
}

function kill(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // It has just ended.
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
