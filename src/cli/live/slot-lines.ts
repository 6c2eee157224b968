import stringWidth from "string-width";
import { fit } from "../text/clip.ts";
import { inClock, inDigits } from "../../views/words.ts";
import type { SlotModel, SlotRun } from "./model.ts";
import { type Line, type Span, span } from "./spans.ts";

const BAR = { least: 8, fair: 12, most: 40 } as const;
const GAP = 2;

/** One line for each slot, in columns that stand under each other. */
export function slotLines(slots: readonly SlotModel[], metric: string, width: number): readonly Line[] {
  const columns = {
    slot: longest(slots.map(({ slot }) => slot)),
    trial: longest(runsOf(slots).map(trialWords)),
    progress: longest(runsOf(slots).map(progressWords)),
    value: longest(runsOf(slots).map((run) => valueWords(run, metric))),
    best: longest(runsOf(slots).map(bestWords)),
    elapsed: longest(runsOf(slots).map(({ elapsed }) => inClock(elapsed))),
  };
  const taken = Object.values(columns).reduce((sum, each) => sum + (each === 0 ? 0 : each + GAP), -GAP);
  // A trial's own best gives way to the bar.
  const hasBest = columns.best > 0 && width - taken - GAP >= BAR.fair;
  const bar = Math.min(BAR.most, width - taken - GAP + (hasBest || columns.best === 0 ? 0 : columns.best + GAP));
  const gap = " ".repeat(GAP);
  return slots.map(({ slot, run, waits }) => {
    const name = span(fit(slot, columns.slot) + gap, "dim");
    if (run === undefined && waits !== undefined) return [name, span(`waits: ${waits}`, "yellow")];
    if (run === undefined) return [name, span("waits for a run to end", "dim")];
    return [
      name,
      span(fit(trialWords(run), columns.trial) + gap, "bold"),
      ...(bar < BAR.least || run.budget === null ? [] : [...progressBar(run.step / run.budget, bar), span(gap)]),
      span(fit(progressWords(run), columns.progress) + gap),
      span(fit(valueWords(run, metric), columns.value) + gap, run.stopping ? "yellow" : "cyan"),
      ...(hasBest ? [span(fit(bestWords(run), columns.best) + gap, "dim")] : []),
      span(inClock(run.elapsed).padStart(columns.elapsed), "dim"),
    ];
  });
}

function runsOf(slots: readonly SlotModel[]): readonly SlotRun[] {
  return slots.flatMap(({ run }) => run ?? []);
}

function longest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => stringWidth(text)));
}

function trialWords({ trial }: SlotRun): string {
  return `trial ${trial}`;
}

function progressWords({ step, budget, unit }: SlotRun): string {
  if (budget !== null) return `${inDigits(step)}/${inDigits(budget)} ${unit}`;
  return step === 0 ? "" : `step ${inDigits(step)}`;
}

function valueWords({ value, stopping }: SlotRun, metric: string): string {
  if (stopping) return "stopping";
  return value === undefined ? "" : `${metric} ${inDigits(value)}`;
}

/** What it had been better at, where its last value is not its best. */
function bestWords({ value, best, stopping }: SlotRun): string {
  return stopping || best === undefined || best === value ? "" : `best ${inDigits(best)}`;
}

function progressBar(fraction: number, width: number): readonly Span[] {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return [span("━".repeat(full), "green"), span("─".repeat(width - full), "dim")];
}
