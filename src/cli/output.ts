import { choosePaint, type Paint } from "./paint.ts";

/** Where a command's words go. */
export interface Output {
  /** A line for whoever asked. */
  out(line: string): void;
  /** A line about what went wrong, or about the work itself while stdout is kept for a result. */
  err(line: string): void;
  readonly paint: Paint;
  readonly paintErr: Paint;
  /** Somebody looks at stdout. */
  readonly isTerminal: boolean;
  /** Columns of the terminal; undefined where there is none. */
  readonly width: number | undefined;
}

/** The process's own streams. */
export function processOutput(argv: readonly string[]): Output {
  const { stdout, stderr } = process;
  return {
    out: (line) => void stdout.write(`${line}\n`),
    err: (line) => void stderr.write(`${line}\n`),
    paint: choosePaint(stdout, argv),
    paintErr: choosePaint(stderr, argv),
    isTerminal: stdout.isTTY && process.env["TERM"] !== "dumb",
    get width() {
      return stdout.isTTY ? stdout.columns : undefined;
    },
  };
}
