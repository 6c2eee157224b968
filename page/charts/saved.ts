import type { LineSeriesOption } from "echarts";
import type { SafetyRecord } from "../../src/history/safety.ts";
import type { Study } from "../study.ts";
import { nothing, frame, gridFor, labelWidth, legendOf, xNumberAxis, yScaleAxis } from "./frame.ts";
import type { Look, Picture } from "./picture.ts";
import { valueScale } from "./scale.ts";
import { paletteOf } from "./theme.ts";
import { count, numberInWords, percentInWords, timeUnit } from "./words.ts";

/** Steps up to a time: those that were done, and those of whole trainings of the trials that had begun by then. */
export interface StepsAt {
  readonly at: number;
  readonly done: number;
  readonly whole: number;
}

/** How the steps grew, by the ends of runs. The last is what `head.steps` says. */
export function stepsOverTime({ head, trials }: Study): StepsAt[] {
  const max = head.budget?.max;
  if (max === undefined) return [];
  const gains: StepsAt[] = [];
  for (const { curve, runs, createdAt } of trials) {
    gains.push({ at: runs[0]?.startedAt ?? createdAt, done: 0, whole: max });
    // How far the trial has come in the end: where a run leaves more open than the next one starts from, that is done again.
    const last = curve.length === 0 ? 0 : (curve.at(-2) as number);
    const most = Math.min(
      max,
      Math.max(last, ...runs.map(({ state, budget }) => (state === "completed" ? budget : 0))),
    );
    let reached = 0;
    runs.forEach(({ state, budget, endedAt }, i) => {
      const to =
        i === runs.length - 1
          ? most
          : Math.min(most, state === "completed" ? budget : (runs[i + 1]?.startStep ?? 1) - 1);
      if (to > reached) gains.push({ at: endedAt ?? head.updatedAt, done: to - reached, whole: 0 });
      reached = Math.max(reached, to);
    });
  }
  gains.sort((a, b) => a.at - b.at);
  let [done, whole] = [0, 0];
  return gains.map((gain) => ({ at: gain.at, done: (done += gain.done), whole: (whole += gain.whole) }));
}

/** Budget saved by stopping: what was done against what whole trainings of all trials would have taken. */
export function savedPicture(study: Study, look: Look): Picture {
  const { head } = study;
  const height = look.width < 500 ? 300 : 380;
  const points = stepsOverTime(study);
  const table = () => ({
    columns: ["at", "done", "whole"],
    rows: points.map(({ at, done, whole }) => [at, done, whole]),
  });
  const notes = safetyInSentences(head.safety);
  const { budget, steps } = head;
  if (budget === null || steps === null || points.length === 0) {
    const words =
      budget === null
        ? "The study has no budget: every trial is trained whole, and nothing can be saved."
        : "No trials yet.";
    return nothing(look, { words, height: 240, table, notes });
  }
  const share = steps.whole === 0 ? 0 : Math.max(0, 1 - steps.done / steps.whole);
  const palette = paletteOf(look.theme);
  const unit = timeUnit(head.updatedAt - head.createdAt);
  const x = (at: number): number => (at - head.createdAt) / unit.ms;
  const scale = { ...valueScale([0, steps.whole], "maximize"), from: 0 };
  const thinned = points.filter((_, i) => i % Math.ceil(points.length / 2000) === 0 || i === points.length - 1);
  const labels = scale.ticks.map(({ label }) => label);
  const line = (
    id: "done" | "whole",
    name: string,
    colour: string,
    more: Partial<LineSeriesOption>,
  ): LineSeriesOption => ({
    type: "line",
    id,
    name,
    step: "end",
    symbol: "none",
    silent: true,
    itemStyle: { color: colour },
    lineStyle: { color: colour, width: 2, type: id === "whole" ? "dashed" : "solid" },
    data: [[0, scale.place(0)], ...thinned.map((each) => [x(each.at), scale.place(each[id])])],
    ...more,
  });
  const [legend, above] = legendOf([{ name: "whole trainings" }, { name: "done" }], look);
  const words = `${numberInWords(steps.done)} of ${numberInWords(steps.whole)} ${budget.unit} were done: ${percentInWords(share)} saved.`;
  return {
    summary: words,
    height,
    table,
    marks: new Map(),
    notes,
    option: {
      ...frame(look, 0),
      tooltip: { show: false },
      legend,
      grid: gridFor(labels, { top: above + 34 }),
      xAxis: xNumberAxis(0, Math.max(x(head.updatedAt), 1e-9), look, { id: "x", name: `${unit.name} since the start` }),
      yAxis: yScaleAxis(scale, look, { id: "y", name: budget.unit }, labelWidth(labels)),
      series: [
        line("whole", "whole trainings", palette.faint, {
          areaStyle: { color: palette.states.running, opacity: 0.14, origin: "start" },
        }),
        line("done", "done", palette.accent, {
          areaStyle: { color: palette.background, opacity: 1, origin: "start" },
          z: 3,
        }),
        line("done", "done", palette.accent, {
          id: "done:area",
          areaStyle: { color: palette.accent, opacity: 0.18, origin: "start" },
          z: 4,
        }),
      ],
    },
  };
}

/** How often stopping was wrong, as the runs that went on in spite of a stop have shown. */
export function safetyInSentences(safety: SafetyRecord | null): string[] {
  if (safety === null) return [];
  const { stopped, dropped, shadow, wrongStops, foretold } = safety;
  const ended =
    shadow.share === undefined
      ? []
      : [
          `Of ${count(shadow.ended, "stop")} that went on in the shadow to the end, ${String(shadow.wrong)} ${shadow.wrong === 1 ? "was" : "were"} wrong: ${percentInWords(shadow.share.low)} to ${percentInWords(shadow.share.high)} of all stops, with 95 % confidence.`,
        ];
  return [
    ...(stopped + dropped === 0
      ? []
      : [`${count(stopped, "run")} stopped, ${count(dropped, "trial")} dropped while they rested.`]),
    ...(shadow.stops > 0 && shadow.share === undefined
      ? [
          `${count(shadow.stops, "stop")} went on in the shadow, ${shadow.ended === 0 ? "none to the end yet" : "one to the end: too few to judge by"}.`,
        ]
      : []),
    ...ended,
    ...(wrongStops === undefined || shadow.wrong === 0
      ? []
      : [
          `So about ${numberInWords(Number(wrongStops.rate.toPrecision(2)))} of the ${String(stopped)} stops that were carried out would be wrong.`,
        ]),
    ...(foretold === undefined
      ? []
      : [
          `Predicted: ${stopped === 0 && dropped > 0 ? "at most " : ""}${numberInWords(Number(foretold.wrong.toPrecision(2)))} of ${String(foretold.of)} wrong.`,
        ]),
  ];
}
