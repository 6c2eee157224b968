import type { GridComponentOption, ScatterSeriesOption, XAXisComponentOption, YAXisComponentOption } from "echarts";
import type { Parameter } from "../../src/space/parameter.ts";
import type { Study } from "../study.ts";
import { nothing, frame, labelWidth, xScaleAxis, yScaleAxis } from "./frame.ts";
import { beyondInWords } from "./history.ts";
import { marksOfPoints, type Look, type Picture } from "./picture.ts";
import { fitted, parameterScale, valueScale } from "./scale.ts";
import { colourOf, paletteOf } from "./theme.ts";
import { bestInWords, comparable, omittedInWords, trialTooltip, type Valued } from "./trials.ts";
import { shorten } from "./words.ts";

export interface SliceWishes {
  readonly all?: boolean;
  readonly log?: boolean;
}

/** More points than that, over all parameters, are thinned out. */
const POINTS = 15_000;
const ROW = 210;

/** The value against each parameter, one small plot for each. */
export function slicePicture(study: Study, look: Look, { all = false, log = false }: SliceWishes = {}): Picture {
  const { head, trials } = study;
  const names = Object.keys(head.parameters);
  const known = comparable(study, all);
  const table = () => ({
    columns: ["number", ...names, head.metric.name],
    rows: known.map(({ row, value }) => [row.number, ...names.map((name) => row.params[name] ?? null), value]),
  });
  if (known.length === 0 || names.length === 0) {
    const words = known.length === 0 ? bestInWords(study) : "The study has no parameters.";
    return nothing(look, { words, height: 320, table });
  }
  const palette = paletteOf(look.theme);
  const valued = thinned(known, Math.max(200, Math.floor(POINTS / names.length)), head.best?.number);
  const scale = valueScale(
    valued.map(({ value }) => value),
    head.metric.goal,
    log,
  );
  const labels = scale.ticks.map(({ label }) => label);
  const left = labelWidth(labels);
  const columns = Math.max(1, Math.min(4, names.length, Math.floor((look.width - left) / 132)));
  const gap = 26;
  const plot = (look.width - left - 16 - gap * (columns - 1)) / columns;
  const ages = Array.from({ length: 9 }, (_, i) => colourOf(palette, 0.15 + (0.85 * i) / 8));

  const grid: GridComponentOption[] = [];
  const xAxis: XAXisComponentOption[] = [];
  const yAxis: YAXisComponentOption[] = [];
  const series: ScatterSeriesOption[] = [];
  for (const [i, name] of names.entries()) {
    const [column, line] = [i % columns, Math.floor(i / columns)];
    const axis = parameterScale(
      head.parameters[name] as Parameter,
      valued.some(({ row }) => !(name in row.params)),
    );
    const room = Math.floor(plot / 7);
    const shortened = fitted(axis, room);
    grid.push({
      id: `grid:${String(i)}`,
      left: left + column * (plot + gap),
      top: 30 + line * ROW,
      width: plot,
      height: ROW - 72,
      outerBoundsMode: "none",
    });
    xAxis.push({
      ...xScaleAxis(shortened, look, { id: `x:${String(i)}`, name, room }),
      nameGap: 24,
      gridIndex: i,
      splitLine: { show: false },
    });
    const y = yScaleAxis(scale, look, { id: `y:${String(i)}`, name: i === 0 ? head.metric.name : "" }, left);
    yAxis.push({
      ...y,
      gridIndex: i,
      ...(column === 0 ? {} : { axisLabel: { ...y.axisLabel, show: false } as object }),
    });
    // The width of a choice's own strip, in which its points are spread.
    const spread = axis.choices === undefined ? 0 : 0.5 / axis.choices.length;
    series.push({
      type: "scatter",
      id: `points:${String(i)}`,
      xAxisIndex: i,
      yAxisIndex: i,
      symbolSize: valued.length > 1000 ? 4 : 6,
      progressive: 0,
      cursor: "pointer",
      clip: false,
      data: valued.map(({ row, value }) => {
        const dimmed = look.selection !== undefined && !look.selection.has(row.number);
        const inactive = !(name in row.params);
        const at = axis.place(row.params[name]) + (inactive ? 0.06 : spread) * (jitter(row.number) - 0.5);
        const age = ages[Math.round((8 * row.number) / Math.max(1, trials.length - 1))] as string;
        return {
          value: [at, scale.place(value), row.number],
          itemStyle: { color: age, opacity: dimmed ? 0.08 : 0.75 },
        };
      }),
      tooltip: {
        formatter: (item: unknown) =>
          ((row) => (row === undefined ? "" : trialTooltip(study, row)))(
            trials[(item as { value: number[] }).value[2] as number],
          ),
      },
    });
  }
  return {
    option: { ...frame(look, Number.POSITIVE_INFINITY), grid, xAxis, yAxis, series },
    summary: `${shorten(head.metric.name, 40)} against each of ${String(names.length)} parameters. ${bestInWords(study)}`,
    height: 20 + ROW * Math.ceil(names.length / columns),
    notes: [
      `The ${look.theme === "dark" ? "brighter" : "darker"} a point, the later its trial.`,
      ...(valued.length < known.length
        ? [`${String(valued.length)} of ${String(known.length)} trials are drawn, evenly chosen by their numbers.`]
        : []),
      ...(all ? [] : omittedInWords(study, known.length)),
      ...beyondInWords(scale.beyond, scale.edge),
    ],
    table,
    marks: marksOfPoints(series),
  };
}

function thinned(valued: readonly Valued[], most: number, best: number | undefined): readonly Valued[] {
  const every = Math.ceil(valued.length / most);
  return every <= 1 ? valued : valued.filter(({ row }, i) => i % every === 0 || row.number === best);
}

/** In [0, 1), the same for the same trial: multiples of the golden ratio are spread evenly. */
function jitter(number: number): number {
  return (number * 0.618_033_988_749_895) % 1;
}
