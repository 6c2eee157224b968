import type { LinesSeriesOption, LineSeriesOption, ScatterSeriesOption } from "echarts";
import { TRIAL_STATES } from "../../src/history/view.ts";
import type { TrialRow } from "../../src/views/payload.ts";
import type { Study } from "../study.ts";
import {
  nothing,
  frame,
  gridFor,
  labelWidth,
  legendOf,
  entriesOf,
  LINE,
  PIECEMEAL,
  xScaleAxis,
  yScaleAxis,
} from "./frame.ts";
import { beyondInWords } from "./history.ts";
import type { Look, Picture } from "./picture.ts";
import { extent, parameterScale, valueScale } from "./scale.ts";
import { rankColours } from "./ranks.ts";
import { paletteOf, SYMBOLS, type Palette } from "./theme.ts";
import { bestInWords, lastValue, trialTooltip } from "./trials.ts";
import { count, numberInWords } from "./words.ts";

export interface CurvesWishes {
  readonly colour?: "state" | "value";
  readonly log?: boolean;
  /** The steps on a logarithmic axis. */
  readonly logSteps?: boolean;
}

/** More curves than that are drawn fainter, with smaller ends. */
const MANY = 1500;

/** The learning curve of each trial, with the rungs at which a scheduler judges them. */
export function curvesPicture(study: Study, look: Look, wishes: CurvesWishes = {}): Picture {
  const { head, trials } = study;
  const rows = trials.filter(({ curve }) => curve.length > 0);
  const height = look.width < 500 ? 340 : 440;
  const table = () => curvesTable(rows, head.metric.name);
  const summary = `Learning curves of ${count(rows.length, "trial")}. ${bestInWords(study)}`;
  if (rows.length === 0) {
    const words = trials.length === 0 ? "No trials yet." : "No trial has reported a value yet.";
    return nothing(look, { words, height, table });
  }

  const palette = paletteOf(look.theme);
  const all = rows.flatMap(({ curve }) => curve.filter((_, i) => i % 2 === 1));
  const scale = valueScale(all, head.metric.goal, wishes.log);
  const steps = extent(rows.flatMap(({ curve }) => [curve[0] as number, curve[curve.length - 2] as number]));
  const first = wishes.logSteps === true && steps[0] > 0 ? steps[0] : Math.min(0, steps[0]);
  const xScale = parameterScale({
    type: "float",
    low: first,
    high: Math.max(steps[1], head.budget?.max ?? 0),
    log: first > 0,
  });
  const byState = TRIAL_STATES.filter((state) => rows.some((row) => row.state === state));
  const paint = wishes.colour === "value" ? byFinalValue(rows, study, palette) : undefined;
  const tooltip = (numbers: readonly number[]) => ({
    formatter: (item: unknown) => {
      const row = trials[numbers[(item as { dataIndex: number }).dataIndex] as number];
      return row === undefined ? "" : curveTooltip(study, row);
    },
  });

  const marks = new Map<string, readonly number[]>();
  const series: (LinesSeriesOption | LineSeriesOption | ScatterSeriesOption)[] = [];
  for (const state of byState) {
    for (const dim of [false, true]) {
      const group = rows.filter(
        (row) =>
          row.state === state && (look.selection === undefined ? false : !look.selection.has(row.number)) === dim,
      );
      const numbers = group.map(({ number }) => number);
      // A line takes two places; a single report is seen by its end.
      const drawn = group.filter(({ curve }) => curve.length > 2);
      marks.set(`ends:${state}${dim ? ":dim" : ""}`, numbers);
      marks.set(
        `curves:${state}${dim ? ":dim" : ""}`,
        drawn.map(({ number }) => number),
      );
      const opacity = dim ? 0.07 : paint !== undefined || rows.length < 60 ? 0.7 : rows.length < MANY ? 0.4 : 0.15;
      const id = `${state}${dim ? ":dim" : ""}`;
      series.push({
        type: "lines",
        id: `curves:${id}`,
        name: state,
        coordinateSystem: "cartesian2d",
        polyline: true,
        progressive: 400,
        progressiveThreshold: PIECEMEAL,
        lineStyle: { color: palette.states[state], width: 1.2, opacity },
        data: drawn.map((row) => {
          const coords = coordinates(row, xScale.place, scale.place);
          const colour = paint?.(row);
          return colour === undefined ? { coords } : { coords, lineStyle: { color: colour } };
        }),
        tooltip: tooltip(drawn.map(({ number }) => number)),
      });
      series.push({
        type: "scatter",
        id: `ends:${id}`,
        name: state,
        symbol: SYMBOLS[state],
        symbolSize: rows.length > MANY ? 3 : state === "pruned" || state === "failed" ? 7 : 5,
        itemStyle: { color: palette.states[state], opacity: dim ? 0.1 : rows.length > MANY ? 0.4 : 0.9 },
        cursor: "pointer",
        clip: false,
        data: group.map((row) => {
          const end = [xScale.place(row.curve.at(-2)), scale.place(row.curve.at(-1) as number), row.number];
          const colour = paint?.(row);
          return colour === undefined ? end : { value: end, itemStyle: { color: colour } };
        }),
        tooltip: tooltip(numbers),
      });
    }
  }
  const best = head.best === null ? undefined : trials[head.best.number];
  const rungs = head.rungs.filter((rung) => rung > first && xScale.place(rung) <= 1);
  series.push({
    type: "line",
    id: "best",
    name: "best",
    symbol: "none",
    silent: true,
    z: 5,
    data: best === undefined ? [] : coordinates(best, xScale.place, scale.place),
    lineStyle: { color: palette.text, width: 2.5 },
    itemStyle: { color: palette.text },
    markLine: {
      silent: true,
      symbol: "none",
      animation: false,
      label: {
        show: look.width >= 500,
        formatter: ({ dataIndex }) => `rung ${numberInWords(rungs[dataIndex] as number)}`,
        position: "end",
        color: palette.faint,
        fontSize: 10,
      },
      lineStyle: { color: palette.faint, type: "dashed", width: 1, opacity: 0.7 },
      data: rungs.map((rung) => ({ xAxis: xScale.place(rung) })),
    },
  });

  const labels = scale.ticks.map(({ label }) => label);
  const entries = [...entriesOf(byState), ...(best === undefined ? [] : [{ name: "best", icon: LINE }])];
  const [legend, above] = legendOf(entries, look);
  return {
    summary,
    height,
    table,
    marks,
    notes: [
      ...(paint === undefined ? [] : ["The colour tells the last value: the stronger, the better."]),
      ...beyondInWords(scale.beyond, scale.edge),
    ],
    option: {
      ...frame(look, Number.POSITIVE_INFINITY),
      grid: gridFor(labels, { top: above + 42 }),
      legend,
      xAxis: {
        ...xScaleAxis(xScale, look, { id: "x", name: head.budget?.unit ?? "step" }),
        splitLine: { show: false },
      },
      yAxis: yScaleAxis(scale, look, { id: "y", name: head.metric.name }, labelWidth(labels)),
      series,
    },
  };
}

function coordinates({ curve }: TrialRow, x: (step: number) => number, y: (value: number) => number): number[][] {
  const coords: number[][] = [];
  for (let i = 0; i + 1 < curve.length; i += 2) coords.push([x(curve[i] as number), y(curve[i + 1] as number)]);
  return coords;
}

function byFinalValue(rows: readonly TrialRow[], { head }: Study, palette: Palette): (row: TrialRow) => string {
  const colours = rankColours(
    rows.map((row) => lastValue(row) as number),
    head.metric.goal,
    palette,
  );
  const of = new Map(rows.map((row, i) => [row, colours[i] as string]));
  return (row) => of.get(row) as string;
}

function curveTooltip(study: Study, row: TrialRow): string {
  const stop = row.runs.at(-1)?.stopReason;
  return trialTooltip(study, row, stop === null || stop === undefined || stop === row.reason ? [] : [stop]);
}

function curvesTable(rows: readonly TrialRow[], metric: string) {
  return {
    columns: ["number", "state", "step", metric],
    rows: rows.flatMap(({ number, state, curve }) =>
      Array.from({ length: curve.length / 2 }, (_, i) => [
        number,
        state,
        curve[2 * i] as number,
        curve[2 * i + 1] as number,
      ]),
    ),
  };
}
