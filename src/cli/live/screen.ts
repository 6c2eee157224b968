import stringWidth from "string-width";
import type { FrameSize } from "./frame.ts";

/** A terminal that does not know its size says 0. */
const FALLBACK = { columns: 80, rows: 24 } as const;

/** Control sequences of xterm, which today's terminals share; those that lack one pass over it. */
const ALTERNATE = { on: "\u001B[?1049h", off: "\u001B[?1049l" } as const;
const CURSOR = { show: "\u001B[?25h", hide: "\u001B[?25l" } as const;
const WRAP = { on: "\u001B[?7h", off: "\u001B[?7l" } as const;
/** What is between them is shown at once. */
const UPDATE = { begin: "\u001B[?2026h", end: "\u001B[?2026l" } as const;
const HOME = "\u001B[H";
const CLEAR_LINE = "\u001B[K";
const CLEAR_BELOW = "\u001B[J";

/**
 * The terminal's alternate screen: whatever its size changes to, each frame takes the place of the last one, and what the
 * terminal showed before comes back when it is closed.
 */
export class Screen {
  readonly #stream: NodeJS.WriteStream;
  readonly #onExit = (): void => this.close();
  isOn = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** @param lay a frame's lines, none of them wider and all of them together not higher than the size */
  draw(lay: (size: FrameSize) => readonly string[]): void {
    if (!this.isOn) {
      this.isOn = true;
      // The second Ctrl-C ends the process at once.
      process.once("exit", this.#onExit);
      this.#stream.write(ALTERNATE.on + CURSOR.hide + WRAP.off);
    }
    const { columns, rows } = this.#stream;
    const width = columns || FALLBACK.columns;
    const lines = lay({ width, height: rows || FALLBACK.rows });
    // Written over, line by line: an emptied screen would flicker where updates are not shown at once. At the end of a full
    // line the cursor stands on its last column, which must not be cleared.
    const text = lines.map((line) => (stringWidth(line) < width ? line + CLEAR_LINE : line)).join("\r\n");
    this.#stream.write(UPDATE.begin + HOME + text + CLEAR_BELOW + UPDATE.end);
  }

  close(): void {
    if (!this.isOn) return;
    this.isOn = false;
    process.off("exit", this.#onExit);
    this.#stream.write(WRAP.on + CURSOR.show + ALTERNATE.off);
  }
}
