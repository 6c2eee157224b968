import stringWidth from "string-width";
import type { Paint, Style } from "../paint.ts";
import { clipAtWord } from "../text/clip.ts";
import { sparkline } from "../text/sparkline.ts";
import { TRIAL_STATES, type TrialState } from "../../history/view.ts";
import { inOneLine, type Happening, type HappeningKind } from "../text/narrate.ts";
import { inClock, inDigits } from "../../views/words.ts";
import type { BestModel, LiveModel } from "./model.ts";
import { slotLines } from "./slot-lines.ts";
import { ends, fits, flow, type Line, render, span, widthOf } from "./spans.ts";

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
/** Rows of a terminal from which on there is room to breathe. */
const ROOMY = 20;
const FAIR = 14;
const LEAST_TREND = 8;

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
  slot: { sign: "!", style: "yellow" },
  interrupted: { sign: "↺", style: "yellow" },
  disk: { sign: "!", style: "yellow" },
  enqueued: { sign: "+", style: "cyan" },
  asked: { sign: "■", style: "yellow" },
  noted: { sign: "✎", style: "cyan" },
};

/** A frame of the live view: lines that fit the size, whatever the model holds. */
export function frame(model: LiveModel, { width, height }: FrameSize, paint: Paint): readonly string[] {
  const roomy = height >= ROOMY;
  const blank: readonly Line[] = roomy ? [[]] : [];
  const top = [
    header(model, width),
    ...blank,
    ...bestLines(model, width, roomy ? PARAMS.many : PARAMS.few),
    ...trendLine(model, width),
    ...blank,
  ];
  const saved = roomy ? savedLine(model, width) : [];
  const bottom = [...blank, ...countsLines(model, width, height >= FAIR ? 2 : 1), ...saved, ...footer(model, width)];
  const stops = roomy ? stopLines(model, width) : [];
  const room = Math.max(0, height - top.length - bottom.length - stops.length - blank.length);
  const slots = capped(
    slotLines(model.slots, model.metric, width),
    Math.max(Math.ceil(room / 2), room - FEWEST_RECENT),
  );
  // What has lines of its own is not told twice.
  const others = model.recent.filter(({ kind }) => stops.length === 0 || kind !== "stopped");
  const first = others.length - Math.min(MOST_RECENT, Math.max(0, room - slots.length));
  const recent = others.slice(Math.max(0, first)).map((happening) => recentLine(happening, width));
  const lines = [...top, ...slots, ...blank, ...recent, ...stops, ...bottom];
  return lines.slice(0, Math.max(0, height)).map((line) => render(line, width, paint));
}

function header({ name, strategy, goal, elapsed, interrupting, timeLeft }: LiveModel, width: number): Line {
  const state = interrupting.length > 0 ? span("interrupting", "yellow") : span("running", "green");
  const right = [state, span(` ${inClock(elapsed)}`)];
  const left = [span(name, "bold"), span(`  ${strategy}`), span(` · ${goal}`)];
  if (timeLeft === undefined) return ends(left, right, width);
  const all = [...right, span(` · ${timeLeft}`, "dim")];
  // The time left says more than the goal and the strategy, which do not change.
  const shorter = [left, left.slice(0, 2), left.slice(0, 1)].find((each) => fits(each, all, width));
  return ends(shorter ?? left, shorter === undefined ? right : all, width);
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
  const groups = params.map(([name, value]) => [span(`${name} `, "dim"), span(value)]);
  return flow(groups, width, most, [span("   ")]).map((line) => [label(""), ...line]);
}

function trendLine({ trend }: LiveModel, width: number): readonly Line[] {
  const [first, last] = [trend[0], trend.at(-1)];
  if (first === undefined || last === undefined || trend.length < 2) return [];
  const range = `  ${inDigits(first)} → ${inDigits(last)}`;
  const words = [`${range} in ${trend.length} runs`, range, ""];
  const said = words.find((each) => width - INDENT - each.length >= LEAST_TREND) ?? "";
  const bars = sparkline(trend, Math.min(LONGEST_TREND, width - INDENT - said.length));
  return [[label("trend"), span(bars, "cyan"), span(said, "dim")]];
}

function label(text: string): { readonly text: string; readonly style: Style } {
  return { text: text.padEnd(INDENT), style: "dim" };
}

function capped(lines: readonly Line[], most: number): readonly Line[] {
  if (lines.length <= most) return lines;
  const kept = Math.max(0, most - 1);
  return [...lines.slice(0, kept), [span(`… and ${lines.length - kept} more slots`, "dim")]];
}

function recentLine(happening: Happening, width: number): Line {
  const { sign, style } = LOOKS[happening.kind];
  const quiet = happening.kind === "dropped" || happening.kind === "ended";
  return [
    span(sign, style),
    span(` ${clipAtWord(inOneLine(happening), width - stringWidth(sign) - 1)}`, quiet ? "dim" : undefined),
  ];
}

/** The last runs that were stopped, each with the reason. */
function stopLines({ stops }: LiveModel, width: number): readonly Line[] {
  return stops.map(({ who, text }, index) => {
    const head = span(`${who} `, "yellow");
    return [label(index === 0 ? "stops" : ""), head, span(clipAtWord(text, width - INDENT - widthOf([head])))];
  });
}

function savedLine({ saved }: LiveModel, width: number): readonly Line[] {
  return saved === undefined ? [] : [[label("saved"), span(clipAtWord(saved, width - INDENT))]];
}

const STATE_STYLES: Partial<Record<TrialState, Style>> = { running: "cyan", complete: "green", failed: "red" };

function countsLines({ trials, planned, counts }: LiveModel, width: number, most: number): readonly Line[] {
  const total = planned === null ? `${trials} trials` : `${trials} of ${planned} trials`;
  const states = TRIAL_STATES.filter((state) => counts[state] > 0);
  const groups = states.map((state) => [span(`${counts[state]} ${state}`, STATE_STYLES[state])]);
  return flow([[span(total, "bold")], ...groups], width, most, [span(" · ", "dim")]);
}

function footer({ interrupting, foot }: LiveModel, width: number): readonly Line[] {
  if (interrupting.length > 0) return interrupting.map((line) => [span(line, "yellow")]);
  return [[span(clipAtWord(foot, width), "dim")]];
}
