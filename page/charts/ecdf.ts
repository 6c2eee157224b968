import type { Study } from "../study.ts";
import { nothing, frame, gridFor, labelWidth, xScaleAxis, yScaleAxis } from "./frame.ts";
import { beyondInWords } from "./history.ts";
import type { Look, Picture } from "./picture.ts";
import { valueScale, type Scale } from "./scale.ts";
import { paletteOf } from "./theme.ts";
import { bestInWords, comparable, omittedInWords } from "./trials.ts";
import { count, numberInWords, shorten } from "./words.ts";

export interface EcdfWishes {
  readonly all?: boolean;
  readonly log?: boolean;
}

/** From 0 to 100 %. */
const SHARES: Scale<number> = {
  place: (share) => share,
  ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, label: `${String(100 * at)} %` })),
  from: 0,
  to: 1.02,
};

/** The empirical distribution of values: at each value, the share of trials that are as good or better. */
export function ecdfPicture(study: Study, look: Look, { all = false, log = false }: EcdfWishes = {}): Picture {
  const { head } = study;
  const values = comparable(study, all)
    .map(({ value }) => value)
    .sort((a, b) => a - b);
  // Of a metric to maximise, the good ones are above.
  const down = head.metric.goal === "maximize";
  const total = values.length;
  const shares = values.map((_, i) => (down ? total - i : i + 1) / total);
  const table = () => ({
    columns: [head.metric.name, "share"],
    rows: values.map((value, i) => [value, shares[i] as number]),
  });
  const height = look.width < 500 ? 300 : 380;
  if (total === 0) {
    const words = bestInWords(study);
    return nothing(look, { words, height, table });
  }
  const palette = paletteOf(look.theme);
  const scale = valueScale(values, head.metric.goal, log);
  const line = values.map((value, i) => [scale.place(value), shares[i] as number]);
  const ends = down
    ? [[scale.from, 1], ...line, [line.at(-1)?.[0] as number, 0]]
    : [[line[0]?.[0] as number, 0], ...line, [scale.to, 1]];
  const selected =
    values.length > 0 && look.selection !== undefined ? chosen(study, look, all, scale, down) : undefined;
  const labels = SHARES.ticks.map(({ label }) => label);
  const middle = values[Math.floor((total - 1) / 2)] as number;
  return {
    summary: `Distribution of ${shorten(head.metric.name, 40)} of ${count(total, "trial")}: half are ${down ? "at least" : "at most"} ${numberInWords(down ? (values[Math.ceil((total - 1) / 2)] as number) : middle)}. ${bestInWords(study)}`,
    height,
    table,
    marks: new Map(),
    notes: [
      ...(selected === undefined ? [] : ["The thin line is of all trials, the strong one of those that are selected."]),
      ...(all ? [] : omittedInWords(study, total)),
      ...beyondInWords(scale.beyond, scale.edge),
    ],
    option: {
      ...frame(look, total),
      tooltip: { show: false },
      grid: gridFor(labels, { top: 40 }),
      xAxis: xScaleAxis(scale, look, { id: "x", name: head.metric.name, room: Math.floor(look.width / 8) }),
      yAxis: yScaleAxis(
        SHARES,
        look,
        { id: "y", name: down ? "trials with at least this value" : "trials with at most this value" },
        labelWidth(labels),
      ),
      series: [
        {
          type: "line",
          id: "all",
          step: down ? "start" : "end",
          symbol: "none",
          silent: true,
          data: ends,
          lineStyle: {
            color: palette.accent,
            width: selected === undefined ? 2 : 1,
            opacity: selected === undefined ? 1 : 0.5,
          },
          areaStyle: { color: palette.accent, opacity: 0.08 },
        },
        {
          type: "line",
          id: "selected",
          step: down ? "start" : "end",
          symbol: "none",
          silent: true,
          data: selected ?? [],
          lineStyle: { color: palette.states.pruned, width: 2.5 },
        },
      ],
    },
  };
}

function chosen(study: Study, { selection }: Look, all: boolean, scale: Scale<number>, down: boolean): number[][] {
  const values = comparable(study, all)
    .filter(({ row }) => selection?.has(row.number) === true)
    .map(({ value }) => value)
    .sort((a, b) => a - b);
  return values.map((value, i) => [scale.place(value), (down ? values.length - i : i + 1) / values.length]);
}
