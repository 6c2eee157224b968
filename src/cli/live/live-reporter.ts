import { createLogUpdate } from "log-update";
import type { HistoryView } from "../../history/view.ts";
import type { Output } from "../output.ts";
import type { Reporter, SlotName } from "../reporter.ts";
import { endingLines } from "../text/ending.ts";
import { frame } from "./frame.ts";
import { createModel } from "./model.ts";
import { Progress } from "./progress.ts";
import { reflowedHeight } from "./reflow.ts";

/** Milliseconds between two frames, at least; and the clock's own step, when nothing else happens. */
const FRAME = 100;
const TICK = 1_000;

const CLEAR_BELOW = "\u001B[0J";
const FALLBACK = { columns: 80, rows: 24 } as const;

const FOOT = "Ctrl-C interrupts; the study can be resumed";

/**
 * A view of the study that is drawn over itself, and a summary that stays.
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
  const log = createLogUpdate(stream);
  let shown: readonly string[] = [];
  let interrupting: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let drawnAt = -Infinity;
  let closed = false;

  const draw = (): void => {
    clearTimeout(timer);
    timer = undefined;
    // A terminal that does not know its size says 0.
    const columns = stream.columns || FALLBACK.columns;
    const rows = stream.rows || FALLBACK.rows;
    const model = createModel(history, slots, progress, interrupting, foot, Date.now());
    // The cursor rests on a line of its own below the frame.
    shown = frame(model, { width: columns, height: rows - 1 }, output.paint);
    log(shown.join("\n"));
    drawnAt = performance.now();
  };
  const drawSoon = (): void => {
    if (closed) return;
    timer ??= setTimeout(draw, Math.max(0, drawnAt + FRAME - performance.now()));
  };
  // A terminal breaks the lines of the old frame anew when it gets narrower.
  const onResize = (): void => {
    const height = reflowedHeight(shown, stream.columns || FALLBACK.columns);
    if (height > 0) stream.write(`\r\u001B[${height}A${CLEAR_BELOW}`);
    log.done();
    draw();
  };
  const tick = setInterval(drawSoon, TICK);
  stream.on("resize", onResize);

  const close = (): void => {
    if (closed) return;
    closed = true;
    clearTimeout(timer);
    clearInterval(tick);
    stream.off("resize", onResize);
    if (shown.length > 0) log.clear();
    log.done();
  };

  /** A line that stays, above the frame. */
  const say = (line: string): void => {
    if (shown.length > 0) log.clear();
    shown = [];
    output.out(line);
    drawSoon();
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
