/** Bytes of the end of a stream kept for the words about a failure. */
const LIMIT = 4_096;

/** The end of what a stream said. */
export class OutputTail {
  #bytes: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    const joined = chunk.length >= LIMIT ? chunk : Buffer.concat([this.#bytes, chunk]);
    this.#bytes = Buffer.from(joined.subarray(-LIMIT));
  }

  /** The last `count` lines that are not blank. */
  lines(count: number): string {
    const lines = this.#bytes.toString("utf8").split(/[\r\n]+/);
    return lines
      .filter((line) => line.trim() !== "")
      .slice(-count)
      .join("\n");
  }
}
