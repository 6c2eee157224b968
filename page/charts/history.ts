import type { LineSeriesOption, ScatterSeriesOption } from "echarts";
import { TRIAL_STATES, type TrialState } from "../../src/history/view.ts";
import type { TrialRow } from "../../src/views/payload.ts";
import type { Study } from "../study.ts";
import { nothing, frame, gridFor, labelWidth, legendOf, entriesOf, LINE, xNumberAxis, yScaleAxis } from "./frame.ts";
import { marksOfPoints, type Look, type Picture } from "./picture.ts";
import { valueScale } from "./scale.ts";
import { paletteOf, SYMBOLS } from "./theme.ts";
import { bestInWords, budgetInWords, comparable, comparison, lastValue, trialTooltip } from "./trials.ts";
import { numberInWords, timeUnit } from "./words.ts";

export interface HistoryWishes {
  readonly by?: "number" | "time";
  readonly log?: boolean;
}

/** A step of the best so far: from trial `number` on, or from the time when it ended, it was `value`. */
export interface BestStep {
  readonly row: TrialRow;
  readonly value: number;
}

/** How the best became what it is, of the trials at the largest completed budget, in the order of their numbers or ends. */
export function bestSoFar(study: Study, by: "number" | "time" = "number"): BestStep[] {
  const compare = comparison(study.head.metric.goal);
  const valued = comparable(study);
  if (by === "time") valued.sort((a, b) => endOf(a.row, study) - endOf(b.row, study) || a.row.number - b.row.number);
  const steps: BestStep[] = [];
  for (const { row, value } of valued) {
    const best = steps.at(-1);
    if (best === undefined || compare(value, best.value) < 0) steps.push({ row, value });
  }
  return steps;
}

/** The optimisation history: every trial's value, and the best so far. */
export function historyPicture(study: Study, look: Look, { by = "number", log = false }: HistoryWishes = {}): Picture {
  const { head, trials } = study;
  const counting = new Map(comparable(study).map(({ row, value }) => [row, value]));
  const shown = trials.flatMap((row) => {
    const value = row.state === "failed" ? undefined : (counting.get(row) ?? lastValue(row));
    return value === undefined && row.state !== "failed" ? [] : [{ row, value }];
  });
  const summary = bestInWords(study);
  const height = look.width < 500 ? 320 : 400;
  const steps = bestSoFar(study, by);
  const table = () => historyTable(study);
  if (shown.length === 0) return nothing(look, { words: summary, height, table });

  const palette = paletteOf(look.theme);
  const scale = valueScale(
    shown.flatMap(({ value }) => value ?? []),
    head.metric.goal,
    log,
  );
  const floor = scale.from - 0.08;
  const span = head.updatedAt - head.createdAt;
  const unit = timeUnit(span);
  const x = (row: TrialRow): number => (by === "number" ? row.number : (endOf(row, study) - head.createdAt) / unit.ms);
  const last = by === "number" ? Math.max(1, trials.length - 1) : Math.max(span / unit.ms, 1e-9);

  const pale = ({ state }: TrialRow): boolean => head.budget !== null && head.best !== null && state !== "failed";
  const states = TRIAL_STATES.filter((state) => shown.some(({ row }) => row.state === state));
  const series: (ScatterSeriesOption | LineSeriesOption)[] = states.flatMap((state) => {
    const points: [string, boolean][] = [
      ["", false],
      [":dim", true],
    ];
    return points.map(([suffix, dim]) => ({
      ...pointsOf(state, look, shown.length),
      id: `points:${state}${suffix}`,
      ...(dim ? { itemStyle: { color: palette.states[state], opacity: 0.4 } } : {}),
      data: shown.flatMap(({ row, value }) => {
        const dimmed = look.selection === undefined ? pale(row) && !counting.has(row) : !look.selection.has(row.number);
        if (row.state !== state || dimmed !== dim) return [];
        return [[x(row), value === undefined ? floor + 0.03 : scale.place(value), row.number]];
      }),
      tooltip: {
        formatter: (item: unknown) =>
          trialTooltip(study, trials[(item as { value: number[] }).value[2] as number] as TrialRow),
      },
    }));
  });
  const line = steps.map(({ row, value }) => [x(row), scale.place(value)]);
  if (line.length > 0) line.push([last, (line.at(-1) as number[])[1] as number]);
  series.push({
    type: "line",
    id: "best",
    name: "best so far",
    step: "end",
    symbol: "none",
    silent: true,
    z: 5,
    lineStyle: { color: palette.text, width: 2 },
    itemStyle: { color: palette.text },
    data: line,
  });

  const labels = scale.ticks.map(({ label }) => label);
  const entries = [...entriesOf(states), ...(line.length > 0 ? [{ name: "best so far", icon: LINE }] : [])];
  const [legend, above] = legendOf(entries, look);
  return {
    summary,
    height,
    notes: historyNotes(
      study,
      scale.beyond,
      scale.edge,
      shown.filter(({ row }) => pale(row) && !counting.has(row)).length,
    ),
    table,
    marks: marksOfPoints(series),
    option: {
      ...frame(look, shown.length),
      grid: gridFor(labels, { top: above + 34 }),
      legend,
      xAxis: xNumberAxis(0, last, look, { id: "x", name: by === "number" ? "trial" : `${unit.name} since the start` }),
      yAxis: yScaleAxis(
        { ...scale, from: states.includes("failed") ? floor : scale.from },
        look,
        { id: "y", name: head.metric.name },
        labelWidth(labels),
      ),
      dataZoom: [
        {
          id: "zoom",
          type: "inside",
          xAxisIndex: 0,
          filterMode: "none",
          zoomOnMouseWheel: "ctrl",
          moveOnMouseWheel: false,
          preventDefaultMouseMove: false,
        },
      ],
      series,
    },
  };
}

function pointsOf(state: TrialState, { theme }: Look, shown: number): ScatterSeriesOption {
  return {
    type: "scatter",
    name: state,
    symbol: SYMBOLS[state],
    symbolSize: shown > 2000 ? 4 : shown > 300 ? 6 : 8,
    itemStyle: { color: paletteOf(theme).states[state], opacity: shown > 2000 ? 0.6 : 0.85 },
    cursor: "pointer",
  };
}

/** When a trial ended; one that has not is drawn at the study's last event. */
function endOf({ endedAt }: TrialRow, { head }: Study): number {
  return endedAt ?? head.updatedAt;
}

function historyNotes({ head }: Study, beyond: number, edge: number, dimmed: number): string[] {
  return [
    ...(head.budget !== null && head.best !== null && dimmed > 0
      ? [
          `Pale trials did not complete ${budgetInWords(head, head.best.budget)}: their values do not count for the best.`,
        ]
      : []),
    ...beyondInWords(beyond, edge),
  ];
}

/** What is said of values that are drawn at the edge. */
export function beyondInWords(beyond: number, edge: number): string[] {
  if (beyond === 0) return [];
  return [
    `${beyond === 1 ? "1 value" : `${String(beyond)} values`} beyond ${numberInWords(edge)} ${beyond === 1 ? "is" : "are"} drawn at the edge.`,
  ];
}

function historyTable(study: Study) {
  const best = new Map(bestSoFar(study).map(({ row, value }) => [row.number, value]));
  let sofar: number | null = null;
  return {
    columns: ["number", "state", study.head.metric.name, "budget", "endedAt", "bestSoFar"],
    rows: study.trials.map((row) => {
      sofar = best.get(row.number) ?? sofar;
      return [row.number, row.state, lastValue(row) ?? null, row.budget, row.endedAt, sofar];
    }),
  };
}
