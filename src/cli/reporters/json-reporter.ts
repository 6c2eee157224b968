import type { Output } from "../output.ts";
import type { Reporter } from "../reporter.ts";

/** Events as lines of JSON on stdout; what is no event goes to stderr. */
export function jsonReporter(output: Output): Reporter {
  return {
    note: (line) => output.err(line),
    event: (event) => output.out(JSON.stringify(event)),
    interrupting: (lines) => output.err(lines.join("\n")),
    end: () => {},
    close: () => {},
  };
}
