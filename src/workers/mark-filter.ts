/** Passes a stream on without an end mark in it, and tells when the mark came. The mark may be split over chunks. */
export class MarkFilter {
  readonly #mark: Buffer;
  readonly #onBytes: (bytes: Buffer) => void;
  readonly #onMark: () => void;
  #held: Buffer = Buffer.alloc(0);
  #found = false;

  constructor(mark: string, onBytes: (bytes: Buffer) => void, onMark: () => void) {
    this.#mark = Buffer.from(mark);
    this.#onBytes = onBytes;
    this.#onMark = onMark;
  }

  /** What comes after the mark belongs to no run and is dropped. */
  push(chunk: Buffer): void {
    if (this.#found) return;
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const at = bytes.indexOf(this.#mark);
    this.#found = at !== -1;
    const passed = this.#found ? at : bytes.length - this.#startOfMark(bytes);
    this.#held = Buffer.from(bytes.subarray(passed));
    this.#onBytes(bytes.subarray(0, passed));
    if (this.#found) this.#onMark();
  }

  /** The stream ended: what was held back was no mark after all. */
  end(): void {
    if (!this.#found) this.#onBytes(this.#held);
    this.#found = true;
  }

  /** How many of the last bytes may be the start of a mark. */
  #startOfMark(bytes: Buffer): number {
    for (let length = Math.min(this.#mark.length - 1, bytes.length); length > 0; length--) {
      if (bytes.subarray(-length).equals(this.#mark.subarray(0, length))) return length;
    }
    return 0;
  }
}
