import type { LineSeriesOption } from "echarts";
import type { Study } from "../study.ts";
import { nothing, frame, gridFor, labelWidth, legendOf, xNumberAxis, yScaleAxis } from "./frame.ts";
import { bestSoFar } from "./history.ts";
import type { Look, Picture } from "./picture.ts";
import { valueScale } from "./scale.ts";
import { paletteOf } from "./theme.ts";
import { count, numberInWords, shorten, timeUnit } from "./words.ts";

export interface ComparisonWishes {
  readonly by?: "trials" | "time";
  readonly log?: boolean;
}

const DASHES = ["solid", "dashed", "dotted"] as const;

/** The best so far of several studies, over their trials or over the time since each began. */
export function comparisonPicture(
  studies: readonly Study[],
  look: Look,
  { by = "trials", log = false }: ComparisonWishes = {},
): Picture {
  const paths = studies.map((study) => ({ study, steps: bestSoFar(study, by === "time" ? "time" : "number") }));
  const values = paths.flatMap(({ steps }) => steps.map(({ value }) => value));
  const height = look.width < 500 ? 340 : 420;
  const span = Math.max(1, ...studies.map(({ head }) => head.updatedAt - head.createdAt));
  const unit = timeUnit(span);
  const table = () => ({
    columns: ["study", "trial", "at", "best"],
    rows: paths.flatMap(({ study, steps }) =>
      steps.map(({ row, value }) => [study.head.name, row.number, row.endedAt, value]),
    ),
  });
  const [first] = studies;
  if (first === undefined || values.length === 0) {
    const words = studies.length === 0 ? "No studies are chosen." : "No trial of these studies has completed yet.";
    return nothing(look, { words, height, table });
  }
  const palette = paletteOf(look.theme);
  const metrics = new Set(studies.map(({ head }) => `${head.metric.goal} ${head.metric.name}`));
  const scale = valueScale(values, first.head.metric.goal, log);
  const last = by === "time" ? span / unit.ms : Math.max(1, ...studies.map(({ trials }) => trials.length));
  const labels = scale.ticks.map(({ label }) => label);
  const names = studies.map(({ head }, i) => uniqueName(studies, i, shorten(head.name, look.width < 500 ? 20 : 40)));
  const series = paths.map(({ study: { head, trials }, steps }, i): LineSeriesOption => {
    const at = (row: { number: number; endedAt: number | null }): number =>
      by === "time" ? ((row.endedAt ?? head.updatedAt) - head.createdAt) / unit.ms : row.number + 1;
    const colour = palette.series[i % palette.series.length] as string;
    const line = steps.map(({ row, value }) => [at(row), scale.place(value)]);
    const end = by === "time" ? (head.updatedAt - head.createdAt) / unit.ms : trials.length;
    if (line.length > 0) line.push([end, (line.at(-1) as number[])[1] as number]);
    return {
      type: "line",
      id: `study:${String(i)}`,
      name: names[i] as string,
      step: "end",
      symbol: "none",
      silent: true,
      itemStyle: { color: colour },
      lineStyle: {
        color: colour,
        width: 2,
        type: DASHES[Math.floor(i / palette.series.length) % DASHES.length] as "solid",
      },
      data: line,
    };
  });
  const [legend, above] = legendOf(
    names.map((name) => ({ name })),
    look,
  );
  const bests = studies.map(
    ({ head }, i) => `${names[i] as string} ${head.best === null ? "none" : numberInWords(head.best.value)}`,
  );
  return {
    summary: `Best so far of ${count(studies.length, "study").replace(/studys$/, "studies")}: ${bests.join(", ")}.`,
    height,
    notes: metrics.size > 1 ? ["These studies do not have the same metric: their values do not compare."] : [],
    table,
    marks: new Map(),
    option: {
      ...frame(look, values.length),
      tooltip: { show: false },
      legend,
      grid: gridFor(labels, { top: above + 34 }),
      xAxis: xNumberAxis(0, last, look, { id: "x", name: by === "time" ? `${unit.name} since the start` : "trials" }),
      yAxis: yScaleAxis(scale, look, { id: "y", name: `best ${first.head.metric.name}` }, labelWidth(labels)),
      series,
    },
  };
}

/** Studies of two folders may have the same name. */
function uniqueName(studies: readonly Study[], i: number, name: string): string {
  const same = studies.filter(({ head }) => head.name === studies[i]?.head.name).length;
  return same > 1 ? `${name} (${String(i + 1)})` : name;
}
