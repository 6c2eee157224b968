import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** Bytes kept from the start and from the end of one run's output to one stream. */
const LIMIT = 1 << 20;

/**
 * Appends one run's output to a log: its first bytes as they come, then the last ones when it ends, and between them how
 * much was left out. However much is written, memory and disk stay bounded. A log that cannot be written is given up
 * silently: a full disk must not fail a training.
 */
export class RunLog {
  readonly #path: string | null;
  readonly #header: string;
  readonly #limit: number;
  #file: number | undefined;
  #broken = false;
  #written = 0;
  #ring: Buffer | undefined;
  #ringed = 0;

  /** @param path null keeps nothing @param header A line set before the output when the log already holds an earlier run */
  constructor(path: string | null, header: string, limit: number = LIMIT) {
    this.#path = path;
    this.#header = header;
    this.#limit = limit;
  }

  write(chunk: Buffer): void {
    if (this.#path === null || this.#broken || chunk.length === 0) return;
    const room = this.#limit - this.#written;
    const head = chunk.subarray(0, room);
    if (head.length > 0) this.#append(head);
    this.#written += head.length;
    if (head.length < chunk.length) this.#keep(chunk.subarray(head.length));
  }

  end(): void {
    const ring = this.#ring;
    if (ring !== undefined) {
      const leftOut = Math.max(0, this.#ringed - this.#limit);
      const at = this.#ringed % this.#limit;
      if (leftOut > 0) this.#append(Buffer.from(`\n… ${leftOut} bytes left out …\n`));
      if (this.#ringed >= this.#limit) this.#append(ring.subarray(at));
      this.#append(ring.subarray(0, at));
    }
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#ring = undefined;
    this.#broken = true; // whatever comes later belongs to no run
  }

  #append(bytes: Buffer): void {
    if (this.#broken || bytes.length === 0) return;
    try {
      this.#file ??= openLog(this.#path ?? "", this.#header);
      for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
    } catch {
      this.#broken = true;
    }
  }

  #keep(bytes: Buffer): void {
    this.#ring ??= Buffer.allocUnsafe(this.#limit);
    for (let from = Math.max(0, bytes.length - this.#limit); from < bytes.length;) {
      const at = (this.#ringed + from) % this.#limit;
      from += bytes.copy(this.#ring, at, from, Math.min(bytes.length, from + this.#limit - at));
    }
    this.#ringed += bytes.length;
  }
}

function openLog(path: string, header: string): number {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "a+");
  const size = fstatSync(file).size;
  if (size > 0) {
    const last = Buffer.alloc(1);
    readSync(file, last, 0, 1, size - 1);
    writeSync(file, `${last.toString("latin1") === "\n" ? "" : "\n"}${header}\n`);
  }
  return file;
}

/** The line that sets a run apart from the one before in the same log. */
export function runHeader(order: { run: number; attempt: number; budget: number; startStep: number }): string {
  const { run, attempt, budget, startStep } = order;
  return `=== run ${run}, attempt ${attempt}, budget ${budget}, steps ${startStep} to ${budget} ===`;
}
