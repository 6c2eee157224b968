import type {
  EChartsOption,
  GridComponentOption,
  LegendComponentOption,
  XAXisComponentOption,
  YAXisComponentOption,
} from "echarts";
import type { Look, Nothing, Picture } from "./picture.ts";
import type { Scale } from "./scale.ts";
import { paletteOf, SYMBOLS } from "./theme.ts";
import type { TrialState } from "../../src/history/view.ts";
import { numberInWords, shorten } from "./words.ts";

/** What all pictures have around what they show. Every component has an id, by which a later option finds it again. */

export const FONT = "sans-serif";

/** Above so many marks nothing moves. */
const ANIMATED = 300;

/** More lines than that are drawn piece by piece, so that the page answers meanwhile; single ones then answer to no pointer. */
export const PIECEMEAL = 3000;

/** @param marks how many things are drawn */
export function frame({ theme }: Look, marks: number): EChartsOption {
  const palette = paletteOf(theme);
  return {
    backgroundColor: "transparent",
    animation: marks <= ANIMATED,
    animationDuration: 200,
    animationDurationUpdate: 200,
    textStyle: { fontFamily: FONT, color: palette.text },
    tooltip: {
      trigger: "item",
      confine: true,
      backgroundColor: palette.background,
      borderColor: palette.line,
      textStyle: { color: palette.text, fontSize: 12, fontFamily: FONT },
    },
  };
}

/** A picture of nothing, with the reason. */
export function nothing(look: Look, { words, height, table, notes = [] }: Nothing): Picture {
  return { option: wordsAlone(look, words), summary: words, height, notes, table, marks: new Map() };
}

function wordsAlone(look: Look, words: string): EChartsOption {
  const { faint } = paletteOf(look.theme);
  return {
    ...frame(look, 0),
    title: {
      id: "empty",
      text: words,
      left: "center",
      top: "middle",
      textStyle: {
        color: faint,
        fontSize: 14,
        fontWeight: "normal",
        fontFamily: FONT,
        width: look.width - 32,
        overflow: "break",
      },
    },
    series: [],
  };
}

/** Pixels that the labels of a vertical axis take. */
export function labelWidth(labels: readonly string[]): number {
  return 14 + 6.8 * labels.reduce((most, label) => Math.max(most, label.length), 0);
}

/** The plot's place; `left` makes room for `labels` of the vertical axis. */
export function gridFor(labels: readonly string[], rest: GridComponentOption = {}): GridComponentOption {
  return { id: "grid", left: labelWidth(labels), right: 20, top: 58, bottom: 46, outerBoundsMode: "none", ...rest };
}

interface AxisWords {
  readonly id: string;
  readonly name: string;
  /** Characters of the name that there is room for. */
  readonly room?: number;
}

/** An axis whose places and labels come from a scale. */
function scaleAxis(scale: Scale<never>, look: Look) {
  const palette = paletteOf(look.theme);
  const labels = new Map(scale.ticks.map(({ at, label }) => [at.toFixed(9), label]));
  const customValues = scale.ticks.map(({ at }) => at);
  return {
    type: "value" as const,
    min: scale.from,
    max: scale.to,
    ...axisLook(look),
    axisTick: { show: true, customValues, lineStyle: { color: palette.line } },
    axisLabel: {
      customValues,
      color: palette.faint,
      fontSize: 11,
      fontFamily: FONT,
      hideOverlap: true,
      formatter: (at: number) => labels.get(at.toFixed(9)) ?? "",
    },
  };
}

/** The colours of any axis. */
export function axisLook({ theme }: Look) {
  const palette = paletteOf(theme);
  return {
    axisLine: { show: true, onZero: false, lineStyle: { color: palette.line } },
    axisTick: { show: true, lineStyle: { color: palette.line } },
    axisLabel: { color: palette.faint, fontSize: 11, fontFamily: FONT, hideOverlap: true },
    splitLine: { show: true, lineStyle: { color: palette.line, opacity: 0.5 } },
    nameTextStyle: { color: palette.faint, fontSize: 12, fontFamily: FONT },
  };
}

export function xNamed({ id, name, room = 60 }: AxisWords) {
  return { id, name: shorten(name, room), nameLocation: "middle" as const, nameGap: 28 };
}

/** The name of a vertical axis stands above it and begins at the left edge. */
export function yNamed({ id, name, room = 40 }: AxisWords, look: Look, left: number) {
  const { faint } = paletteOf(look.theme);
  return {
    id,
    name: shorten(name, room),
    nameLocation: "end" as const,
    nameGap: 10,
    nameTextStyle: {
      color: faint,
      fontSize: 12,
      fontFamily: FONT,
      align: "left" as const,
      padding: [0, 0, 0, 6 - left],
    },
  };
}

export function xScaleAxis<V>(scale: Scale<V>, look: Look, words: AxisWords): XAXisComponentOption {
  return { ...scaleAxis(scale, look), ...xNamed(words) };
}

export function yScaleAxis<V>(scale: Scale<V>, look: Look, words: AxisWords, left: number): YAXisComponentOption {
  return { ...scaleAxis(scale, look), ...yNamed(words, look, left) };
}

/** A plain axis of numbers from `min` to `max`. */
export function xNumberAxis(min: number, max: number, look: Look, words: AxisWords): XAXisComponentOption {
  const { axisLabel, ...colours } = axisLook(look);
  return {
    type: "value",
    min,
    max,
    ...colours,
    // The end is no round number, and its label would stand on another one.
    axisLabel: { ...axisLabel, showMaxLabel: false, formatter: (value) => numberInWords(value) },
    splitLine: { show: false },
    ...xNamed(words),
  };
}

/** An entry of a legend; without a symbol it gets that of its series. */
export interface Entry {
  readonly name: string;
  readonly icon?: string;
}

/** A short line, for what is one. */
export const LINE = "path://M0,0H14V2H0Z";

/** The symbols of states, as they are drawn. */
export function entriesOf(states: readonly TrialState[]): Entry[] {
  return states.map((name) => ({
    name,
    icon: SYMBOLS[name].replace("emptyCircle", "circle").replace("emptyRect", "rect"),
  }));
}

const ICON = 16;
const GAP = 14;

/** The legend above a picture, and how many pixels it takes: entries that do not fit go on in the next line. */
export function legendOf(entries: readonly Entry[], { theme, width }: Look): [LegendComponentOption, number] {
  const palette = paletteOf(theme);
  let [lines, used] = [1, 0];
  for (const { name } of entries) {
    const own = ICON + 5 + 7 * name.length + GAP;
    if (used > 0 && used + own > width) [lines, used] = [lines + 1, 0];
    used += own;
  }
  const legend: LegendComponentOption = {
    id: "legend",
    top: 0,
    left: 0,
    right: 0,
    itemGap: GAP,
    itemWidth: ICON,
    itemHeight: 9,
    inactiveColor: palette.line,
    textStyle: { color: palette.text, fontSize: 12, fontFamily: FONT },
    data: entries.map((entry) => ({ ...entry })),
  };
  return [legend, 24 * lines];
}
