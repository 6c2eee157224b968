import stringWidth from "string-width";
import type { Paint, Style } from "../paint.ts";
import { sparkline } from "../text/sparkline.ts";
import { TRIAL_STATES, type TrialState } from "../../history/view.ts";
import { inOneLine, type Happening, type HappeningKind } from "../text/narrate.ts";
import { inClock, inDigits } from "../../views/words.ts";
import type { BestModel, LiveModel } from "./model.ts";
import { slotLines } from "./slot-lines.ts";
import { ends, fits, type Line, render, span } from "./spans.ts";

export interface FrameSize {
  readonly width: number;
  /** Lines that may be used. */
  readonly height: number;
}

const INDENT = 7;
const LONGEST_TREND = 60;
/** Lines of the best trial's parameters, of happenings and of slots that are shown even where there is little room. */
const PARAMS = { few: 1, many: 3 } as const;
const FEWEST_RECENT = 3;
const MOST_RECENT = 8;

const LOOKS: Readonly<Record<HappeningKind, { readonly sign: string; readonly style: Style }>> = {
  started: { sign: "·", style: "dim" },
  ended: { sign: "✓", style: "green" },
  best: { sign: "★", style: "yellow" },
  promoted: { sign: "↑", style: "cyan" },
  dropped: { sign: "↓", style: "dim" },
  stopped: { sign: "■", style: "yellow" },
  shadowed: { sign: "□", style: "yellow" },
  failed: { sign: "✗", style: "red" },
  fallback: { sign: "!", style: "yellow" },
  checkpoint: { sign: "·", style: "dim" },
  enqueued: { sign: "+", style: "cyan" },
  asked: { sign: "■", style: "yellow" },
  noted: { sign: "✎", style: "cyan" },
};

/** A frame of the live view: lines that fit the size, whatever the model holds. */
export function frame(model: LiveModel, { width, height }: FrameSize, paint: Paint): readonly string[] {
  const roomy = height >= 20;
  const blank: readonly Line[] = roomy ? [[]] : [];
  const top = [
    header(model, width),
    ...blank,
    ...bestLines(model, width, roomy ? PARAMS.many : PARAMS.few),
    ...trendLine(model, width),
    ...blank,
  ];
  const bottom = [...blank, countsLine(model), ...footer(model)];
  const room = Math.max(0, height - top.length - bottom.length - blank.length);
  const slots = capped(
    slotLines(model.slots, model.metric, width),
    Math.max(Math.ceil(room / 2), room - FEWEST_RECENT),
  );
  const first = model.recent.length - Math.min(MOST_RECENT, Math.max(0, room - slots.length));
  const recent = model.recent.slice(Math.max(0, first)).map(recentLine);
  const lines = [...top, ...slots, ...blank, ...recent, ...bottom];
  return lines.slice(0, Math.max(0, height)).map((line) => render(line, width, paint));
}

function header({ name, strategy, goal, elapsed, interrupting, timeLeft }: LiveModel, width: number): Line {
  const state = interrupting.length > 0 ? span("interrupting", "yellow") : span("running", "green");
  const right = [state, span(` ${inClock(elapsed)}`)];
  const left = [span(name, "bold"), span(`  ${strategy} · ${goal}`)];
  const all = timeLeft === undefined ? right : [...right, span(` · ${timeLeft}`, "dim")];
  return ends(left, fits(left, all, width) ? all : right, width);
}

function bestLines({ best, metric }: LiveModel, width: number, most: number): readonly Line[] {
  if (best === undefined) return [[label("best"), span("no run has ended yet", "dim")]];
  const headline = [
    label("best"),
    span(`${metric} ${best.value}`, "bold"),
    span(`  trial ${best.trial}${best.after}`, "dim"),
  ];
  return [headline, ...paramLines(best, width - INDENT, most)];
}

/** Parameters side by side, none of them broken over two lines. */
function paramLines({ params }: BestModel, width: number, most: number): readonly Line[] {
  const lines: Line[][] = [];
  let used = Infinity;
  for (const [name, value] of params) {
    const size = stringWidth(`${name} ${value}`);
    const next = used + 3 + size;
    if (next <= width) {
      lines.at(-1)?.push([span("   ")], [span(`${name} `, "dim"), span(value)]);
      used = next;
    } else {
      lines.push([[span(" ".repeat(INDENT))], [span(`${name} `, "dim"), span(value)]]);
      used = size;
    }
  }
  const kept = lines.slice(0, most).map((groups) => groups.flat());
  if (lines.length > most) kept[most - 1] = [...(kept[most - 1] ?? []), span(" …", "dim")];
  return kept;
}

function trendLine({ trend }: LiveModel, width: number): readonly Line[] {
  const [first, last] = [trend[0], trend.at(-1)];
  if (first === undefined || last === undefined || trend.length < 2) return [];
  const words = `  ${inDigits(first)} → ${inDigits(last)} in ${trend.length} runs`;
  const bars = sparkline(trend, Math.min(LONGEST_TREND, width - INDENT - words.length));
  return [[label("trend"), span(bars, "cyan"), span(words, "dim")]];
}

function label(text: string): { readonly text: string; readonly style: Style } {
  return { text: text.padEnd(INDENT), style: "dim" };
}

function capped(lines: readonly Line[], most: number): readonly Line[] {
  if (lines.length <= most) return lines;
  const kept = Math.max(0, most - 1);
  return [...lines.slice(0, kept), [span(`… and ${lines.length - kept} more slots`, "dim")]];
}

function recentLine(happening: Happening): Line {
  const { sign, style } = LOOKS[happening.kind];
  const quiet = happening.kind === "dropped" || happening.kind === "ended";
  return [span(sign, style), span(` ${inOneLine(happening)}`, quiet ? "dim" : undefined)];
}

const STATE_STYLES: Partial<Record<TrialState, Style>> = { running: "cyan", complete: "green", failed: "red" };

function countsLine({ trials, planned, counts }: LiveModel): Line {
  const total = planned === null ? `${trials} trials` : `${trials} of ${planned} trials`;
  const states = TRIAL_STATES.filter((state) => counts[state] > 0).flatMap((state) => [
    span(" · ", "dim"),
    span(`${counts[state]} ${state}`, STATE_STYLES[state]),
  ]);
  return [span(total, "bold"), ...states];
}

function footer({ interrupting }: LiveModel): readonly Line[] {
  if (interrupting.length > 0) return interrupting.map((line) => [span(line, "yellow")]);
  return [[span("Ctrl-C interrupts; the study can be resumed", "dim")]];
}
