import type { Importance } from "../../src/views/payload.ts";
import type { Study } from "../study.ts";
import { axisLook, nothing, FONT, frame, labelWidth } from "./frame.ts";
import type { Look, Picture } from "./picture.ts";
import { paletteOf } from "./theme.ts";
import { budgetInWords } from "./trials.ts";
import { count, percentInWords, shorten, tooltipHtml } from "./words.ts";

/** How much of the metric's variance each parameter explains. */
export function importancePicture({ head }: Study, importance: Importance | undefined, look: Look): Picture {
  const shares = importance?.shares ?? [];
  const table = () => ({
    columns: ["parameter", "share"],
    rows: shares.map(({ parameter, share }) => [parameter, share]),
  });
  if (importance === undefined || importance.problem !== null || shares.length === 0) {
    const words =
      importance === undefined ? "The importance is being computed." : (importance.problem ?? "No parameter varied.");
    return nothing(look, { words, height: 240, table });
  }
  const palette = paletteOf(look.theme);
  const room = look.width < 500 ? 16 : 40;
  const names = shares.map(({ parameter }) => shorten(parameter, room));
  const most = Math.max(...shares.map(({ share }) => share));
  const first = shares[0] as (typeof shares)[number];
  return {
    summary: `${shorten(first.parameter, 40)} explains most of ${shorten(head.metric.name, 40)}: ${percentInWords(first.share)}, seen in ${count(importance.trials, "trial")}.`,
    height: 40 + 30 * shares.length,
    table,
    marks: new Map(),
    notes: [
      `Computed from ${count(importance.trials, "trial")}${head.budget === null ? "" : ` at ${budgetInWords(head, importance.budget)}`}.`,
      ...(importance.note === null ? [] : [importance.note]),
    ],
    option: {
      ...frame(look, shares.length),
      grid: { id: "grid", left: labelWidth(names), right: 64, top: 8, bottom: 8, outerBoundsMode: "none" },
      xAxis: { id: "x", type: "value", min: 0, max: most === 0 ? 1 : most, show: false },
      yAxis: {
        id: "y",
        type: "category",
        inverse: true,
        data: names,
        ...axisLook(look),
        axisTick: { show: false },
        splitLine: { show: false },
        axisLabel: { color: palette.text, fontSize: 12, fontFamily: FONT, interval: 0 },
      },
      series: [
        {
          type: "bar",
          id: "shares",
          barMaxWidth: 18,
          data: shares.map(({ share }) => share),
          itemStyle: { color: palette.accent, borderRadius: 2 },
          label: {
            show: true,
            position: "right",
            color: palette.text,
            fontFamily: FONT,
            formatter: ({ dataIndex }) => percentInWords((shares[dataIndex] as (typeof shares)[number]).share),
          },
          tooltip: {
            formatter: (item: unknown) => {
              const each = shares[(item as { dataIndex: number }).dataIndex] as (typeof shares)[number];
              return tooltipHtml(each.parameter, [`explains ${percentInWords(each.share)} of the variance`]);
            },
          },
        },
      ],
    },
  };
}
