import type { CustomSeriesOption, ScatterSeriesOption } from "echarts";
import type { Importance } from "../../src/views/payload.ts";
import type { Parameter } from "../../src/space/parameter.ts";
import type { Study } from "../study.ts";
import { nothing, frame, gridFor, labelWidth, xScaleAxis, yScaleAxis } from "./frame.ts";
import { bandSeries, rectangle, stripSeries } from "./contour-layers.ts";
import { activeIn, defaultPair, pairProblem, type Pair } from "./pair.ts";
import { marksOfPoints, type Look, type Picture } from "./picture.ts";
import { rankShares } from "./ranks.ts";
import { fitted, parameterScale, spread, type ParameterScale } from "./scale.ts";
import type { Point } from "./surface.ts";
import { colourOf, paletteOf, type Palette } from "./theme.ts";
import { bestInWords, comparable, omittedInWords, trialTooltip, type Valued } from "./trials.ts";
import { count, numberInWords, shorten, tooltipHtml } from "./words.ts";

export interface ContourWishes {
  readonly pair?: Pair;
  readonly all?: boolean;
}

/** Fewer trials than that say nothing about what is between them. */
const FEW = 12;

/** The value over two parameters: a smoothed surface, or where both have choices the median of each pair. */
export function contourPicture(
  study: Study,
  importance: Importance | undefined,
  look: Look,
  wishes: ContourWishes = {},
): Picture {
  const { head } = study;
  const pair = wishes.pair ?? defaultPair(study, importance);
  const valued = comparable(study, wishes.all);
  const active = pair === undefined ? [] : activeIn(valued, pair);
  const height = look.width < 500 ? 360 : 480;
  const table = () => pairTable(study, pair, active);
  if (pair === undefined || active.length === 0) {
    const words = pairProblem(pair, active, valued.length) ?? bestInWords(study);
    return nothing(look, { words, height: 320, table });
  }
  const palette = paletteOf(look.theme);
  const [x, y] = pair.map((name) => parameterScale(head.parameters[name] as Parameter)) as [
    ParameterScale,
    ParameterScale,
  ];
  // Ranks, for colours: what is good stays visible beside values that are far away.
  const shares = rankShares(
    active.map(({ value }) => value),
    head.metric.goal,
  );
  const points = active.map(({ row }, i): Point => ({
    x: x.place(row.params[pair[0]]),
    y: y.place(row.params[pair[1]]),
    z: shares[i] as number,
  }));
  const cells = x.choices !== undefined && y.choices !== undefined;
  const enough = active.length >= FEW;

  const labels = y.ticks.map(({ label }) => shorten(label, look.width < 500 ? 10 : 24));
  const left = labelWidth(labels);
  const grid = gridFor(labels, { top: 40, right: 24 });
  const under: CustomSeriesOption[] = cells
    ? [cellSeries(study, active, shares, pair, x, y, palette)]
    : !enough
      ? []
      : x.choices !== undefined || y.choices !== undefined
        ? [stripSeries(points, x, y, palette)]
        : [bandSeries(points, x, y, palette)];
  const scatter: ScatterSeriesOption = {
    type: "scatter",
    id: "points",
    symbolSize: active.length > 1000 ? 4 : 7,
    cursor: "pointer",
    clip: false,
    z: 4,
    data: active.map(({ row }, i) => {
      const { x: px, y: py } = points[i] as Point;
      const dimmed = look.selection !== undefined && !look.selection.has(row.number);
      const value = [
        px + spread(x, row.number, 0.618_033_988_7),
        py + spread(y, row.number, 0.754_877_666_2),
        row.number,
      ];
      return {
        value,
        itemStyle: {
          color: colourOf(palette, shares[i] as number),
          borderColor: palette.background,
          borderWidth: 1,
          opacity: dimmed ? 0.12 : 1,
        },
      };
    }),
    tooltip: {
      formatter: (item: unknown) => {
        const row = study.trials[(item as { value: number[] }).value[2] as number];
        return row === undefined ? "" : trialTooltip(study, row);
      },
    },
  };
  return {
    summary: `${shorten(head.metric.name, 40)} over ${shorten(pair[0], 40)} and ${shorten(pair[1], 40)}, of ${count(active.length, "trial")}. ${bestInWords(study)}`,
    height,
    table,
    marks: marksOfPoints(cells ? [] : [scatter]),
    notes: [
      "The stronger the colour, the better: colours go by rank.",
      ...(enough && !cells ? ["Where no trial is near, the area has the colour of the middle."] : []),
      ...(cells || enough ? [] : [`${count(active.length, "trial")}: too few to say what is between them.`]),
      ...(active.length < valued.length
        ? [`In ${count(valued.length - active.length, "other trial")} one of the two is inactive.`]
        : []),
      ...(wishes.all === true ? [] : omittedInWords(study, valued.length)),
    ],
    option: {
      ...frame(look, Number.POSITIVE_INFINITY),
      grid,
      xAxis: {
        ...xScaleAxis(fitted(x, (look.width - left) / 7), look, {
          id: "x",
          name: pair[0],
          room: Math.floor((look.width - left) / 7),
        }),
        splitLine: { show: false },
      },
      yAxis: {
        ...yScaleAxis(fitted(y, labels.length * (look.width < 500 ? 10 : 24)), look, { id: "y", name: pair[1] }, left),
        splitLine: { show: false },
      },
      series: [...under, ...(cells ? [] : [scatter])],
    },
  };
}

/** Both have choices: the median of each pair, and of how many trials. */
function cellSeries(
  study: Study,
  active: readonly Valued[],
  shares: readonly number[],
  pair: Pair,
  x: ParameterScale,
  y: ParameterScale,
  palette: Palette,
): CustomSeriesOption {
  const groups = new Map<string, number[]>();
  active.forEach(({ row }, i) => {
    const key = `${String(x.place(row.params[pair[0]]))} ${String(y.place(row.params[pair[1]]))}`;
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  const [columns, rows] = [x.choices?.length ?? 1, y.choices?.length ?? 1];
  const cells = [...groups].map(([key, members]) => {
    const [cx, cy] = key.split(" ").map(Number);
    return {
      at: [cx, cy, 1 / columns, 1 / rows, median(members.map((i) => shares[i] as number))] as number[],
      value: median(members.map((i) => (active[i] as Valued).value)),
      trials: members.length,
    };
  });
  return {
    type: "custom",
    id: "cells",
    z: 1,
    data: cells.map(({ at }) => at),
    renderItem: (params, api) => {
      const cell = cells[params.dataIndex];
      if (cell === undefined) return { type: "group", children: [] };
      const box = rectangle(cell.at, api, palette, -1);
      const words =
        box.shape.width > 64
          ? `${numberInWords(cell.value)}\n${count(cell.trials, "trial")}`
          : numberInWords(cell.value);
      const text = {
        text: words,
        x: box.shape.x + box.shape.width / 2,
        y: box.shape.y + box.shape.height / 2,
        align: "center" as const,
        verticalAlign: "middle" as const,
        fill: palette.text,
        stroke: palette.background,
        lineWidth: 2,
        fontSize: 11,
      };
      return {
        type: "group",
        children: [
          box,
          ...(box.shape.width > 30 && box.shape.height > 14
            ? [{ type: "text" as const, silent: true, style: text }]
            : []),
        ],
      };
    },
    tooltip: {
      formatter: (item: unknown) => {
        const cell = cells[(item as { dataIndex: number }).dataIndex];
        return cell === undefined
          ? ""
          : tooltipHtml(`Median ${shorten(study.head.metric.name, 40)} ${numberInWords(cell.value)}`, [
              `of ${count(cell.trials, "trial")}`,
            ]);
      },
    },
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] as number) / 2 + (sorted[Math.ceil(middle)] as number) / 2;
}

/** The numbers behind a picture of two parameters. */
export function pairTable({ head }: Study, pair: Pair | undefined, active: readonly Valued[]) {
  return {
    columns: ["number", ...(pair ?? []), head.metric.name],
    rows: active.map(({ row, value }) => [row.number, ...(pair ?? []).map((name) => row.params[name] ?? null), value]),
  };
}
