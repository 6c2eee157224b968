import type { HistoryView } from "../../history/view.ts";
import type { Output } from "../output.ts";
import type { Reporter, SlotName } from "../reporter.ts";
import { headline } from "../text/beginning.ts";
import { endingLines } from "../text/ending.ts";
import { inOneLine, Narrator } from "../text/narrate.ts";

/** One plain line for each thing that happens: for logs, pipes and terminals that cannot do more. */
export function lineReporter(output: Output, history: HistoryView, slots: readonly SlotName[]): Reporter {
  const narrator = new Narrator(history);
  output.out(headline(history, slots));
  return {
    note: (line) => output.out(line),
    event: (event) => {
      for (const happening of narrator.tell(event)) output.out(inOneLine(happening));
    },
    interrupting: (lines) => output.out(lines.join("\n")),
    end: (ending) => {
      for (const line of endingLines(ending)) output.out(line);
    },
    close: () => {},
  };
}
