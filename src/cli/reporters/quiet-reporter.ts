import type { Output } from "../output.ts";
import type { Reporter } from "../reporter.ts";
import { bestJson } from "../text/study-json.ts";
import { type Ending, resultLine } from "../text/ending.ts";

/** The final result alone; as one JSON object with `json`. */
export function quietReporter(output: Output, json: boolean): Reporter {
  return {
    note: () => {},
    event: () => {},
    interrupting: (lines) => output.err(lines.join("\n")),
    end: (ending) => output.out(json ? JSON.stringify(resultJson(ending)) : resultLine(ending)),
    close: () => {},
  };
}

function resultJson({ history, state, reason, failed }: Ending): object {
  const { best, settings } = history;
  return { name: settings.name, state, reason, failed, best: best === undefined ? null : bestJson(best) };
}
