import type { GridComponentOption, ScatterSeriesOption, XAXisComponentOption, YAXisComponentOption } from "echarts";
import type { Importance } from "../../src/views/payload.ts";
import type { Parameter } from "../../src/space/parameter.ts";
import type { Study } from "../study.ts";
import { nothing, frame, labelWidth, xScaleAxis, yScaleAxis } from "./frame.ts";
import { activeIn, byImportance, type Pair } from "./pair.ts";
import { marksOfPoints, type Look, type Picture } from "./picture.ts";
import { rankColours, rankShares } from "./ranks.ts";
import { fitted, parameterScale, spread, type ParameterScale } from "./scale.ts";
import { paletteOf } from "./theme.ts";
import { bestInWords, comparable, omittedInWords, trialTooltip } from "./trials.ts";
import { count, shorten } from "./words.ts";

export interface RankWishes {
  readonly all?: boolean;
}

/** More points than that, over all pairs, are thinned out. */
const POINTS = 12_000;

/**
 * Where the best trials are: each pair of the most important parameters, coloured by the rank of the value, after
 * Optuna's rank plot.
 */
export function rankPicture(
  study: Study,
  importance: Importance | undefined,
  look: Look,
  { all = false }: RankWishes = {},
): Picture {
  const { head, trials } = study;
  const names = byImportance(study, importance).slice(0, look.width < 500 ? 3 : 4);
  const known = comparable(study, all);
  const values = known.map(({ value }) => value);
  const shares = rankShares(values, head.metric.goal);
  const table = () => ({
    columns: ["number", ...Object.keys(head.parameters), head.metric.name, "rank"],
    rows: known.map(({ row, value }, i) => [
      row.number,
      ...Object.keys(head.parameters).map((name) => row.params[name] ?? null),
      value,
      1 + (1 - (shares[i] as number)) * (known.length - 1),
    ]),
  });
  if (known.length === 0 || names.length < 2) {
    const words = known.length === 0 ? bestInWords(study) : "This picture needs two parameters; the study has fewer.";
    return nothing(look, { words, height: 320, table });
  }
  const palette = paletteOf(look.theme);
  const colours = rankColours(values, head.metric.goal, palette);
  const places = new Map(known.map(({ row }, i) => [row, i]));
  const scales = names.map((name) => parameterScale(head.parameters[name] as Parameter));
  const sides = names.length - 1;
  const phone = look.width < 500;
  const [above, below, gap] = [34, 46, 14];
  const left = Math.min(
    phone ? 64 : 110,
    Math.max(...scales.slice(1).map(({ ticks }) => labelWidth(ticks.map(({ label }) => label)))),
  );
  const plot = (look.width - left - 14 - gap * (sides - 1)) / sides;
  const tall = Math.min(plot, sides === 1 ? 380 : 230);
  const every = Math.ceil((known.length * sides * names.length) / 2 / POINTS);

  const grid: GridComponentOption[] = [];
  const xAxis: XAXisComponentOption[] = [];
  const yAxis: YAXisComponentOption[] = [];
  const series: ScatterSeriesOption[] = [];
  for (let line = 1; line < names.length; line++) {
    for (let column = 0; column < line; column++) {
      const i = grid.length;
      const pair: Pair = [names[column] as string, names[line] as string];
      const [x, y] = [scales[column] as ParameterScale, scales[line] as ParameterScale];
      const bottom = line === sides;
      grid.push({
        id: `grid:${String(i)}`,
        left: left + column * (plot + gap),
        top: above + (line - 1) * (tall + above),
        width: plot,
        height: tall,
        outerBoundsMode: "none",
      });
      const across = xScaleAxis(fitted(x, plot / 7), look, {
        id: `x:${String(i)}`,
        name: bottom ? pair[0] : "",
        room: Math.floor(plot / 7),
      });
      xAxis.push({
        ...across,
        gridIndex: i,
        splitLine: { show: false },
        ...(bottom ? {} : { axisLabel: { ...across.axisLabel, show: false } as object }),
      });
      const up = yScaleAxis(
        fitted(y, (y.ticks.length * (left - 12)) / 6.7),
        look,
        { id: `y:${String(i)}`, name: column === 0 ? pair[1] : "" },
        left,
      );
      yAxis.push({
        ...up,
        gridIndex: i,
        splitLine: { show: false },
        ...(column === 0 ? {} : { axisLabel: { ...up.axisLabel, show: false } as object }),
      });
      series.push({
        type: "scatter",
        id: `points:${String(i)}`,
        xAxisIndex: i,
        yAxisIndex: i,
        symbolSize: known.length > 1000 ? 3.5 : phone ? 5 : 6,
        progressive: 0,
        cursor: "pointer",
        clip: false,
        // The best last, so that they are on top.
        data: activeIn(known, pair)
          .filter(({ row }, at) => at % every === 0 || row.number === head.best?.number)
          .sort(
            (a, b) => (shares[places.get(a.row) as number] as number) - (shares[places.get(b.row) as number] as number),
          )
          .map(({ row }) => {
            const dimmed = look.selection !== undefined && !look.selection.has(row.number);
            const value = [
              x.place(row.params[pair[0]]) + spread(x, row.number, 0.618_033_988_7),
              y.place(row.params[pair[1]]) + spread(y, row.number, 0.754_877_666_2),
              row.number,
            ];
            return {
              value,
              itemStyle: { color: colours[places.get(row) as number] as string, opacity: dimmed ? 0.08 : 0.85 },
            };
          }),
        tooltip: {
          formatter: (item: unknown) => {
            const row = trials[(item as { value: number[] }).value[2] as number];
            if (row === undefined) return "";
            const rank = 1 + (1 - (shares[places.get(row) ?? 0] as number)) * (known.length - 1);
            return trialTooltip(study, row, [`rank ${String(rank)} of ${String(known.length)}`]);
          },
        },
      });
    }
  }
  const left_out = Object.keys(head.parameters).length - names.length;
  return {
    summary: `Ranks of ${count(known.length, "trial")} over the pairs of ${String(names.length)} parameters. ${bestInWords(study)}`,
    height: above + sides * (tall + above) - above + below,
    table,
    marks: marksOfPoints(series),
    notes: [
      "The stronger the colour, the better the rank of a trial's value.",
      ...(left_out > 0
        ? [
            `${importance === undefined || importance.shares.length === 0 ? "The first" : "The most important"} ${String(names.length)} parameters are drawn: ${names.map((name) => shorten(name, 30)).join(", ")}.`,
          ]
        : []),
      ...(every > 1 ? [`One trial in ${String(every)} is drawn.`] : []),
      ...(all ? [] : omittedInWords(study, known.length)),
    ],
    option: { ...frame(look, Number.POSITIVE_INFINITY), grid, xAxis, yAxis, series },
  };
}
