import type { HistoryView } from "../../history/view.ts";
import type { Output } from "../output.ts";
import type { Reporter } from "../reporter.ts";
import { lineReporter } from "../reporters/line-reporter.ts";

export function liveReporter(output: Output, history: HistoryView): Reporter {
  return lineReporter(output, history);
}
