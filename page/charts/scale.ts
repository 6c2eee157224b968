import type { Goal } from "../../src/space/spec.ts";
import type { Parameter, ParameterValue } from "../../src/space/parameter.ts";
import { numberInWords, shorten, valueInWords } from "./words.ts";

/**
 * Places on an axis of length 1. Every axis of values and parameters is linear for ECharts and gets its places and labels from
 * here: so logarithms, choices, inactive parameters and values far from all others are the same to every picture.
 */
export interface Scale<V> {
  readonly place: (value: V) => number;
  readonly ticks: readonly Tick[];
  /** The ends of the axis: 0 and 1, or a little further where something is outside. */
  readonly from: number;
  readonly to: number;
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

export interface ParameterScale extends Scale<ParameterValue | undefined> {
  readonly log: boolean;
  /** Between the two least values of a parameter with steps; 0 where it is continuous. */
  readonly gap: number;
  /** The choices of a parameter that has any, in their order. */
  readonly choices: readonly ParameterValue[] | undefined;
}

/** Where trials are in which a parameter is inactive. */
export const INACTIVE = -0.14;

/** @param inactive whether there are trials in which it is inactive */
export function parameterScale(parameter: Parameter, inactive = false): ParameterScale {
  const [from, to] = [inactive ? INACTIVE - 0.06 : -0.03, 1.03];
  const rest = inactive ? [{ at: INACTIVE, label: "inactive" }] : [];
  if (parameter.type === "categorical" || parameter.type === "ordinal") {
    const choices: readonly ParameterValue[] = parameter.type === "ordinal" ? parameter.values : parameter.choices;
    const places = new Map(choices.map((choice, i) => [choice, (i + 0.5) / choices.length]));
    const ticks = choices.map((choice) => ({
      at: places.get(choice) as number,
      label: shorten(valueInWords(choice), 24),
    }));
    const place = (value: ParameterValue | undefined): number =>
      value === undefined ? INACTIVE : (places.get(value) ?? INACTIVE);
    return {
      place,
      ticks: [...rest, ...thin(ticks, 24)],
      from: inactive ? from : 0,
      to: 1,
      log: false,
      gap: 1 / choices.length,
      choices,
    };
  }
  const { low, high, log = false } = parameter;
  const axis = whole(parameter.type, log ? logarithmic(low, high) : linear(low, high));
  const place = (value: ParameterValue | undefined): number =>
    typeof value === "number" ? axis.place(value) : INACTIVE;
  const step = parameter.step ?? (parameter.type === "int" ? 1 : 0);
  const gap = step > 0 && low + step <= high ? axis.place(low + step) - axis.place(low) : 0;
  return { place, ticks: [...rest, ...axis.ticks], from, to, log, gap, choices: undefined };
}

export interface ValueScale extends Scale<number> {
  readonly log: boolean;
  /** How many values are so far from the others that they are drawn at the edge. */
  readonly beyond: number;
  /** The last value before that edge. */
  readonly edge: number;
}

/**
 * The axis of the metric.
 * @param log as asked for; only taken where all values are positive
 */
export function valueScale(values: readonly number[], goal: Goal, log = false): ValueScale {
  const sorted = Float64Array.from(values).sort();
  const useLog = log && canBeLog(sorted);
  const first = sorted[0] ?? 0;
  const last = sorted.at(-1) ?? 1;
  const [low, high] = useLog ? [first, last] : withoutOutliers(sorted, goal, first, last);
  const axis = useLog ? logarithmic(low, high) : linear(low, high);
  const beyond = sorted.filter((value) => value < low || value > high).length;
  const place = (value: number): number => (value > high ? OVER : value < low ? -OVER + 1 : axis.place(value));
  const edge = goal === "minimize" ? high : low;
  return {
    place,
    ticks: axis.ticks,
    from: low > first ? 1 - OVER - 0.02 : -0.04,
    to: high < last ? OVER + 0.02 : 1.04,
    log: useLog,
    beyond,
    edge,
  };
}

/** Where values are that are too large for the axis. */
const OVER = 1.06;

/** Whether a logarithmic axis is possible. */
export function canBeLog(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!((values[i] as number) > 0)) return false;
  return values.length > 0;
}

/** Whether a logarithmic axis shows more: positive values over more than two decades. */
export function deservesLog(values: readonly number[]): boolean {
  if (!canBeLog(values)) return false;
  const [low, high] = extent(values);
  return Math.log10(high) - Math.log10(low) > 2;
}

export function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Trainings diverge: values that are worse than the median by more than this many times its distance from the best … */
const FAR = 50;

/** … are outside of the axis, where they would flatten all the others. */
function withoutOutliers(sorted: Float64Array, goal: Goal, first: number, last: number): [number, number] {
  if (sorted.length < 4) return [first, last];
  if (goal === "minimize") {
    const median = sorted[Math.floor((sorted.length - 1) / 2)] as number;
    const limit = median + FAR * (median - first);
    return median > first && last > limit
      ? [first, sorted.findLast((value) => value <= limit) as number]
      : [first, last];
  }
  const median = sorted[Math.ceil((sorted.length - 1) / 2)] as number;
  const limit = median - FAR * (last - median);
  return median < last && first < limit ? [sorted.find((value) => value >= limit) as number, last] : [first, last];
}

type Axis = Pick<Scale<number>, "place" | "ticks">;

/** Halves before differences: the ends may be as far apart as numbers go. */
function linear(low: number, high: number): Axis {
  const span = high / 2 - low / 2;
  if (!(span > 0)) return constant(low);
  const place = (value: number): number => (value / 2 - low / 2) / span;
  return { place, ticks: niceTicks(low, high).map((value) => ({ at: place(value), label: numberInWords(value) })) };
}

function logarithmic(low: number, high: number): Axis {
  const [from, to] = [Math.log10(low), Math.log10(high)];
  if (!(to > from)) return constant(low);
  const place = (value: number): number => (Math.log10(value) - from) / (to - from);
  return { place, ticks: logTicks(low, high).map((value) => ({ at: place(value), label: numberInWords(value) })) };
}

function constant(value: number): Axis {
  return { place: () => 0.5, ticks: [{ at: 0.5, label: numberInWords(value) }] };
}

/** Of whole numbers no label lies between two. */
function whole(type: "int" | "float", axis: Axis): Axis {
  return type === "float"
    ? axis
    : { ...axis, ticks: axis.ticks.filter(({ label }) => Number.isInteger(Number(label))) };
}

/** Three to seven multiples of 1, 2 or 5 times a power of ten. */
function niceTicks(low: number, high: number): number[] {
  const rough = (high / 2 - low / 2) / 3.5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  if (!Number.isFinite(step) || step === 0 || !(last >= first)) return [low, high];
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function logTicks(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const decades = Math.log10(high) - Math.log10(low);
  if (decades < 0.5) return niceTicks(low, high);
  const factors = decades <= 1.5 ? [1, 2, 5] : decades <= 3 ? [1, 3] : [1];
  const every = Math.max(1, Math.ceil(decades / 7));
  const ticks: number[] = [];
  for (let power = first; power <= last; power++) {
    if (power % every !== 0) continue;
    for (const factor of factors) ticks.push(Number(`${String(factor)}e${String(power)}`));
  }
  return ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
}

/** Labels of choices shortened to their part of `room` characters. */
export function fitted(scale: ParameterScale, room: number): ParameterScale {
  const each = Math.max(4, Math.floor(room / scale.ticks.length - 1));
  const ticks = scale.ticks.map(({ at, label }) => ({ at, label: at < 0 ? label : shorten(label, each) }));
  return scale.choices === undefined ? scale : { ...scale, ticks };
}

/** Points of a choice are spread within its strip, the same way each time: multiples of `ratio`, an irrational number, lie evenly. */
export function spread({ choices }: ParameterScale, number: number, ratio: number): number {
  return choices === undefined ? 0 : (0.5 / choices.length) * (((number * ratio) % 1) - 0.5);
}

/** At most `most` of the ticks, evenly. */
function thin(ticks: readonly Tick[], most: number): readonly Tick[] {
  const every = Math.ceil(ticks.length / most);
  return every <= 1 ? ticks : ticks.filter((_, i) => i % every === 0);
}
