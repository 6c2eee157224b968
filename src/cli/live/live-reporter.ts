import type { HistoryView } from "../../history/view.ts";
import { sessionClock } from "../../study/session-clock.ts";
import type { Output } from "../output.ts";
import { harmless } from "../paint.ts";
import type { Reporter, SlotName } from "../reporter.ts";
import { endingLines } from "../text/ending.ts";
import { frame } from "./frame.ts";
import { createModel } from "./model.ts";
import { Progress } from "./progress.ts";
import { Screen } from "./screen.ts";

/** Milliseconds between two frames, at least; and the clock's own step, when nothing else happens. */
const FRAME = 100;
const TICK = 1_000;

const FOOT = "Ctrl-C interrupts; the study can be resumed";

/**
 * A view of the study on a screen of its own, and a summary that stays.
 *
 * @param foot what Ctrl-C does
 */
export function liveReporter(
  output: Output,
  history: HistoryView,
  slots: readonly SlotName[],
  foot: string = FOOT,
  stream: NodeJS.WriteStream = process.stdout,
): Reporter {
  const progress = new Progress(history);
  const screen = new Screen(stream);
  const now = sessionClock();
  /** Said while the view is on: told when it is off again. */
  const held: string[] = [];
  let interrupting: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let drawnAt = -Infinity;
  let closed = false;

  const draw = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const model = createModel(history, slots, progress, interrupting, foot, now());
    screen.draw((size) => frame(model, size, output.paint).map((line) => harmless(line, output.paint)));
    drawnAt = performance.now();
  };
  const drawSoon = (): void => {
    if (closed) return;
    timer ??= setTimeout(draw, Math.max(0, drawnAt + FRAME - performance.now()));
  };
  const tick = setInterval(drawSoon, TICK);
  stream.on("resize", draw);

  const close = (): void => {
    if (closed) return;
    closed = true;
    clearTimeout(timer);
    clearInterval(tick);
    stream.off("resize", draw);
    screen.close();
    for (const line of held) output.out(line);
  };

  const say = (line: string): void => {
    if (screen.isOn) held.push(line);
    else output.out(line);
  };
  return {
    note: say,
    event: (event) => {
      progress.take(event);
      drawSoon();
    },
    interrupting: (lines) => {
      interrupting = lines;
      drawSoon();
    },
    end: (ending) => {
      close();
      const [head = "", ...rest] = endingLines(ending);
      const style = ending.state === "interrupted" ? "yellow" : ending.failed ? "red" : "green";
      output.out(output.paint("bold", output.paint(style, head)));
      for (const line of rest) output.out(line);
    },
    close,
  };
}
