import { spawn } from "node:child_process";
import { openSync, closeSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const COORDINATOR = fileURLToPath(new URL("coordinator.mjs", import.meta.url));
const MAIN = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

/** A study in a folder of its own, over as many sessions as it takes. */
export class FaultyStudy {
  constructor(place, seed) {
    this.place = place;
    this.seed = seed;
    this.directory = join(place, "studies");
    this.folder = join(this.directory, "s");
    this.journal = join(this.folder, "journal.jsonl");
    this.hold = join(place, "hold");
    this.ledger = join(place, "told");
  }

  /** Starts a session. @param env what makes its disk fail */
  start(env = {}) {
    const told = openSync(this.ledger, "a");
    const child = spawn(process.execPath, [COORDINATOR, this.directory, String(this.seed), this.hold], {
      stdio: ["ignore", told, "pipe"],
      env: { ...process.env, ...env },
    });
    closeSync(told);
    let words = "";
    child.stderr.setEncoding("utf8").on("data", (text) => (words += text));
    const ended = new Promise((resolve) => {
      child.once("close", (code, signal) => resolve({ code, signal, words }));
    });
    const session = { child, ended, over: false };
    void ended.then(() => (session.over = true));
    return session;
  }

  /** Waits until so many more events were told, or the session is over. */
  async told(session, more) {
    const from = this.events().length;
    while (!session.over && this.events().length < from + more) await wait(5);
  }

  /** What was told in all sessions. A last line that a kill has cut was told to nobody. */
  events() {
    if (statSync(this.ledger, { throwIfNoEntry: false }) === undefined) return [];
    const lines = readFileSync(this.ledger, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line));
  }
}

/** Runs a command of hpo to its end. */
export function hpo(words, cwd, wrapper = []) {
  const [program, ...rest] = [...wrapper, process.execPath, MAIN, ...words];
  return new Promise((resolve) => {
    const child = spawn(program, rest, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => (text += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk) => (text += chunk));
    child.once("close", (code) => resolve({ code, text }));
  });
}
