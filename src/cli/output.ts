import { choosePaint, harmless, type Paint } from "./paint.ts";

/** Where a command's words go. */
export interface Output {
  /** A line for whoever asked. */
  out(line: string): void;
  /** The content of a file that is printed instead: as it is, unless somebody looks. */
  file(content: string): void;
  /** A line about what went wrong, or about the work itself while stdout is kept for a result. */
  err(line: string): void;
  readonly paint: Paint;
  readonly paintErr: Paint;
  /** Somebody looks at stdout. */
  readonly isTerminal: boolean;
  /** Columns of the terminal; undefined where there is none. */
  readonly width: number | undefined;
}

/** The process's own streams. Names and words that others wrote lose their control characters here, whichever command tells them. */
export function processOutput(argv: readonly string[]): Output {
  const { stdout, stderr } = process;
  const [paint, paintErr] = [choosePaint(stdout, argv), choosePaint(stderr, argv)];
  return {
    out: (line) => void stdout.write(`${harmless(line, paint)}\n`),
    file: (content) => void stdout.write(stdout.isTTY ? harmless(content, paint) : content),
    err: (line) => void stderr.write(`${harmless(line, paintErr)}\n`),
    paint,
    paintErr,
    isTerminal: stdout.isTTY && process.env["TERM"] !== "dumb",
    get width() {
      return stdout.isTTY ? stdout.columns : undefined;
    },
  };
}
