import type { GridComponentOption, LineSeriesOption, XAXisComponentOption, YAXisComponentOption } from "echarts";
import type { StudyHead, TrialDetail, TrialRow } from "../../src/views/payload.ts";
import { nothing, FONT, frame, labelWidth, xScaleAxis, yScaleAxis } from "./frame.ts";
import type { Look, Picture } from "./picture.ts";
import { extent, parameterScale, valueScale } from "./scale.ts";
import { paletteOf, SYMBOLS } from "./theme.ts";
import { budgetInWords } from "./trials.ts";
import { count, numberInWords, shorten, tooltipHtml } from "./words.ts";

export interface TrialCurveWishes {
  readonly log?: boolean;
}

/** Every metric of one trial over its steps, the study's own first, each in a plot of its own. */
export function trialCurvePicture(
  row: TrialRow,
  detail: TrialDetail | undefined,
  head: StudyHead,
  look: Look,
  { log = false }: TrialCurveWishes = {},
): Picture {
  const own = head.metric.name;
  const others = Object.entries(detail?.curves ?? {}).filter(([name, curve]) => name !== own && curve.length > 0);
  const curves: (readonly [string, readonly number[]])[] =
    row.curve.length === 0 ? others : [[own, row.curve], ...others];
  const table = () => ({
    columns: ["metric", "step", "value"],
    rows: curves.flatMap(([name, curve]) =>
      Array.from({ length: curve.length / 2 }, (_, i) => [name, curve[2 * i] as number, curve[2 * i + 1] as number]),
    ),
  });
  if (curves.length === 0) {
    const words = `Trial ${String(row.number)} has reported nothing.`;
    return nothing(look, { words, height: 160, table });
  }
  const palette = paletteOf(look.theme);
  const [low, high] = extent(curves.flatMap(([, curve]) => [curve[0] as number, curve[curve.length - 2] as number]));
  const steps = parameterScale({ type: "float", low: Math.min(0, low), high: Math.max(high, head.budget?.max ?? 0) });
  const scales = curves.map(([name, curve]) =>
    valueScale(
      curve.filter((_, i) => i % 2 === 1),
      name === own ? head.metric.goal : "minimize",
      log,
    ),
  );
  const left = Math.max(...scales.map(({ ticks }) => labelWidth(ticks.map(({ label }) => label))));
  const columns = look.width >= 700 && curves.length > 1 ? 2 : 1;
  const plot = (look.width - columns * (left + 20)) / columns;
  const [tall, line] = [180, 262];
  const rungs = head.rungs.filter((rung) => rung > low && steps.place(rung) <= 1);

  const grid: GridComponentOption[] = [];
  const xAxis: XAXisComponentOption[] = [];
  const yAxis: YAXisComponentOption[] = [];
  const series = curves.map(([name, curve], i): LineSeriesOption => {
    const scale = scales[i] as (typeof scales)[number];
    grid.push({
      id: `grid:${String(i)}`,
      left: left + (i % columns) * (plot + left + 20),
      top: 34 + Math.floor(i / columns) * line,
      width: plot,
      height: tall,
      outerBoundsMode: "none",
    });
    xAxis.push({
      ...xScaleAxis(steps, look, { id: `x:${String(i)}`, name: head.budget?.unit ?? "step" }),
      gridIndex: i,
      splitLine: { show: false },
    });
    yAxis.push({ ...yScaleAxis(scale, look, { id: `y:${String(i)}`, name }, left), gridIndex: i });
    const places = Array.from({ length: curve.length / 2 }, (_, at) => [
      steps.place(curve[2 * at] as number),
      scale.place(curve[2 * at + 1] as number),
    ]);
    const end = places.length - 1;
    const ends = row.state === "pruned" || row.state === "failed";
    return {
      type: "line",
      id: `curve:${String(i)}`,
      xAxisIndex: i,
      yAxisIndex: i,
      showSymbol: true,
      clip: false,
      lineStyle: { color: palette.accent, width: 2 },
      data: places.map((value, at) =>
        at === end && ends
          ? { value, symbol: SYMBOLS[row.state], symbolSize: 11, itemStyle: { color: palette.states[row.state] } }
          : { value, symbol: "circle", symbolSize: places.length > 100 ? 2 : 5, itemStyle: { color: palette.accent } },
      ),
      tooltip: {
        formatter: (item: unknown) => {
          const at = (item as { dataIndex: number }).dataIndex;
          return tooltipHtml(`${shorten(name, 40)} ${numberInWords(curve[2 * at + 1] as number)}`, [
            budgetOf(head, curve[2 * at] as number),
            at === end && ends ? (row.cause?.message ?? row.reason) : null,
          ]);
        },
      },
      markLine: {
        silent: true,
        symbol: "none",
        animation: false,
        label: {
          show: look.width >= 500,
          formatter: ({ dataIndex }) => `rung ${numberInWords(rungs[dataIndex] as number)}`,
          color: palette.faint,
          fontSize: 10,
          fontFamily: FONT,
        },
        lineStyle: { color: palette.faint, type: "dashed", width: 1, opacity: 0.7 },
        data: rungs.map((rung) => ({ xAxis: steps.place(rung) })),
      },
    };
  });
  const last = row.curve.at(-1);
  const ended =
    last === undefined
      ? ""
      : `, the last ${shorten(own, 40)} ${numberInWords(last)} at ${budgetOf(head, row.curve.at(-2) as number)}`;
  return {
    option: { ...frame(look, Number.POSITIVE_INFINITY), grid, xAxis, yAxis, series },
    summary: `Trial ${String(row.number)}, ${row.state}: ${count(row.curve.length / 2, "report")}${ended}.`,
    height: line * Math.ceil(curves.length / columns),
    notes: [],
    table,
    marks: new Map(),
  };
}

function budgetOf(head: StudyHead, step: number): string {
  return head.budget === null ? `step ${numberInWords(step)}` : budgetInWords(head, step);
}
