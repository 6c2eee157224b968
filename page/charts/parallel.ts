import type { EChartsOption } from "echarts";
import type { Study } from "../study.ts";
import { FONT, frame, nothing, PIECEMEAL } from "./frame.ts";
import { beyondInWords } from "./history.ts";
import type { Look, Picture } from "./picture.ts";
import { parameterScale, valueScale, type Tick } from "./scale.ts";
import { rankColours } from "./ranks.ts";
import { paletteOf } from "./theme.ts";
import { bestInWords, comparable, omittedInWords, trialTooltip, type Valued } from "./trials.ts";
import { shorten } from "./words.ts";

export interface ParallelWishes {
  /** Every trial's last value, whatever its budget. */
  readonly all?: boolean;
  readonly log?: boolean;
}

/** One axis: a parameter, or with the last one the value. */
export interface ParallelAxis {
  readonly name: string;
  readonly place: (trial: Valued) => number;
  readonly ticks: readonly Tick[];
  readonly from: number;
  readonly to: number;
}

/** Pieces of axes that are brushed: by axis, pairs of places. */
export type Brushed = ReadonlyMap<number, readonly (readonly [number, number])[]>;

export function parallelAxes(study: Study, valued: readonly Valued[], log = false): ParallelAxis[] {
  const { parameters, metric } = study.head;
  const axes = Object.entries(parameters).map(([name, parameter]): ParallelAxis => {
    const inactive = valued.some(({ row }) => !(name in row.params));
    const { place, ticks, from, to } = parameterScale(parameter, inactive);
    return { name, place: ({ row }) => place(row.params[name]), ticks, from, to };
  });
  const { place, ticks, from, to } = valueScale(
    valued.map(({ value }) => value),
    metric.goal,
    log,
  );
  return [...axes, { name: metric.name, place: ({ value }) => place(value), ticks, from, to }];
}

/** The trials that are inside a brushed piece on every axis that has any. */
export function trialsWithin(axes: readonly ParallelAxis[], valued: readonly Valued[], brushed: Brushed): Set<number> {
  const asked = [...brushed].filter(([, pieces]) => pieces.length > 0);
  const inside = valued.filter((trial) =>
    asked.every(([axis, pieces]) => {
      const at = (axes[axis] as ParallelAxis).place(trial);
      return pieces.some(([from, to]) => at >= from && at <= to);
    }),
  );
  return new Set(inside.map(({ row }) => row.number));
}

/** Parallel coordinates: one line per trial over all parameters to its value. */
export function parallelPicture(study: Study, look: Look, { all = false, log = false }: ParallelWishes = {}): Picture {
  const valued = comparable(study, all);
  const axes = parallelAxes(study, valued, log);
  const table = () => parallelTable(study, valued);
  if (valued.length === 0 || axes.length < 2) {
    const words = valued.length === 0 ? bestInWords(study) : "The study has no parameters.";
    return nothing(look, { words, height: 320, table });
  }
  const palette = paletteOf(look.theme);
  const upright = (look.width - 40) / axes.length >= 96;
  const height = upright ? 420 : 50 + 58 * axes.length;
  const room = upright ? Math.floor((look.width / axes.length - 8) / 7) : Math.floor((look.width - 40) / 7);
  const colours = rankColours(
    valued.map(({ value }) => value),
    study.head.metric.goal,
    palette,
  );
  const { beyond, edge } = valueScale(
    valued.map(({ value }) => value),
    study.head.metric.goal,
    log,
  );
  const opacity = valued.length > 3000 ? 0.12 : valued.length > 300 ? 0.35 : 0.7;

  const option: EChartsOption = {
    ...frame(look, Number.POSITIVE_INFINITY),
    parallel: upright
      ? { id: "parallel", left: 48, right: 64, top: 46, bottom: 24, layout: "horizontal" }
      : { id: "parallel", left: 20, right: 24, top: 40, bottom: 34, layout: "vertical" },
    parallelAxis: axes.map((axis, dim) => {
      const labels = new Map(axis.ticks.map(({ at, label }) => [at.toFixed(9), label]));
      const customValues = axis.ticks.map(({ at }) => at);
      return {
        id: `axis:${String(dim)}`,
        dim,
        type: "value",
        min: axis.from,
        max: axis.to,
        inverse: false,
        name: shorten(axis.name, Math.max(6, room)),
        nameLocation: upright ? "end" : "start",
        nameGap: upright ? 14 : 0,
        nameTextStyle: {
          color: palette.text,
          fontSize: 12,
          fontFamily: FONT,
          ...(upright ? {} : { align: "left", verticalAlign: "bottom", padding: [0, 0, 8, 0] }),
        },
        axisLine: { lineStyle: { color: palette.faint } },
        axisTick: { customValues, lineStyle: { color: palette.faint } },
        axisLabel: {
          customValues,
          color: palette.text,
          fontSize: 11,
          fontFamily: FONT,
          hideOverlap: true,
          // Lines run behind the labels.
          textBorderColor: palette.background,
          textBorderWidth: 3,
          formatter: (at: number) => shorten(labels.get(at.toFixed(9)) ?? "", upright ? Math.max(6, room - 2) : 12),
        },
        areaSelectStyle: { width: 18, borderColor: palette.accent, color: palette.accent, opacity: 0.25 },
      };
    }),
    series: [
      {
        type: "parallel",
        id: "trials",
        smooth: false,
        progressive: 400,
        progressiveThreshold: PIECEMEAL,
        inactiveOpacity: 0.03,
        activeOpacity: Math.max(opacity, 0.5),
        lineStyle: { width: 1.2, opacity },
        emphasis: { lineStyle: { width: 3, opacity: 1 } },
        data: valued.map((trial, i) => ({
          value: axes.map(({ place }) => place(trial)),
          lineStyle: {
            color: colours[i] as string,
            ...(look.selection === undefined ? {} : { opacity: look.selection.has(trial.row.number) ? 0.9 : 0.04 }),
          },
        })),
        tooltip: {
          formatter: (item: unknown) => {
            const trial = valued[(item as { dataIndex: number }).dataIndex];
            return trial === undefined ? "" : trialTooltip(study, trial.row);
          },
        },
      },
    ],
  };
  return {
    option,
    summary: `Parallel coordinates of ${String(axes.length - 1)} parameters and ${shorten(study.head.metric.name, 40)}. ${bestInWords(study)}`,
    height,
    notes: [
      "The stronger the colour, the better the value.",
      ...(all ? [] : omittedInWords(study, valued.length)),
      ...beyondInWords(beyond, edge),
    ],
    table,
    marks: new Map([["trials", valued.map(({ row }) => row.number)]]),
  };
}

function parallelTable({ head }: Study, valued: readonly Valued[]) {
  const names = Object.keys(head.parameters);
  return {
    columns: ["number", ...names, head.metric.name],
    rows: valued.map(({ row, value }) => [row.number, ...names.map((name) => row.params[name] ?? null), value]),
  };
}
