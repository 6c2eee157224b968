import { StringDecoder } from "node:string_decoder";

/** Characters of a line that are looked at; the rest of a longer one is skipped. */
const LIMIT = 65_536;

/** Cuts a stream of bytes into lines at \n, \r or both, so that progress bars come line by line too. */
export class LineSplitter {
  readonly #decoder = new StringDecoder("utf8");
  readonly #onLine: (line: string) => void;
  #rest = "";

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    const lines = this.#decoder.write(chunk).split(/[\r\n]/);
    const last = lines.pop() ?? "";
    for (const line of lines) {
      this.#emit(this.#rest + line);
      this.#rest = "";
    }
    if (this.#rest.length < LIMIT) this.#rest += last;
  }

  /** The last line may lack its end. */
  end(): void {
    this.#emit(this.#rest + this.#decoder.end());
    this.#rest = "";
  }

  #emit(line: string): void {
    if (line !== "") this.#onLine(line.slice(0, LIMIT));
  }
}
