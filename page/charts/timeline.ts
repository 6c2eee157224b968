import type { CustomSeriesOption } from "echarts";
import type { RunState } from "../../src/history/view.ts";
import type { RunRow, SessionRow, TrialRow } from "../../src/views/payload.ts";
import type { Study } from "../study.ts";
import { axisLook, nothing, FONT, frame, labelWidth, legendOf, xNumberAxis } from "./frame.ts";
import type { Look, Picture } from "./picture.ts";
import { paletteOf } from "./theme.ts";
import { budgetInWords } from "./trials.ts";
import { count, durationInWords, percentInWords, shorten, timeUnit, tooltipHtml } from "./words.ts";

/** How a slot used its time: milliseconds in which it ran something, of those in which a session had it. */
export interface SlotUse {
  readonly slot: string;
  readonly busy: number;
  readonly open: number;
}

const RUN_STATES: readonly RunState[] = ["completed", "stopped", "failed", "lost", "open", "stopping"];
const WORDS: Readonly<Record<RunState, string>> = {
  completed: "completed",
  stopped: "stopped",
  failed: "failed",
  lost: "lost",
  open: "running",
  stopping: "stopping",
};

/** @returns by the slots' names, numbers in them as numbers */
export function slotUses({ head, trials }: Study): SlotUse[] {
  const uses = new Map<string, { busy: number; open: number }>();
  const of = (slot: string): { busy: number; open: number } => {
    const known = uses.get(slot) ?? { busy: 0, open: 0 };
    uses.set(slot, known);
    return known;
  };
  for (const session of head.sessions)
    for (const slot of session.slots) of(slot).open += endOf(session, head) - session.startedAt;
  // Old journals do not say which slots a session had.
  const all = head.sessions.reduce((sum, session) => sum + endOf(session, head) - session.startedAt, 0);
  for (const { runs } of trials) for (const run of runs) of(run.slot).busy += endOfRun(run, head) - run.startedAt;
  return [...uses]
    .map(([slot, { busy, open }]) => ({ slot, busy, open: open === 0 ? all : open }))
    .sort((a, b) => a.slot.localeCompare(b.slot, "en", { numeric: true }));
}

/** What each slot did when: a lane for each, a bar for each run. */
export function timelinePicture(study: Study, look: Look): Picture {
  const { head, trials } = study;
  const runs = trials.flatMap((row) => row.runs.map((run) => ({ run, row })));
  const table = () => ({
    columns: ["slot", "trial", "run", "attempt", "state", "budget", "startedAt", "endedAt"],
    rows: runs.map(({ run, row }) => [
      run.slot,
      row.number,
      run.run,
      run.attempt,
      run.state,
      run.budget,
      run.startedAt,
      run.endedAt,
    ]),
  });
  if (runs.length === 0) {
    const words = "Nothing has run yet.";
    return nothing(look, { words, height: 240, table });
  }
  const palette = paletteOf(look.theme);
  const phone = look.width < 500;
  const uses = slotUses(study);
  const lanes = new Map(uses.map(({ slot }, i) => [slot, i]));
  const names = uses.map(
    ({ slot, busy, open }) =>
      `${shorten(slot, phone ? 10 : 20)} ${open > 0 ? percentInWords(Math.min(1, busy / open)) : ""}`,
  );
  const start = Math.min(head.createdAt, ...head.sessions.map(({ startedAt }) => startedAt));
  const end = Math.max(head.updatedAt, start + 1);
  const unit = timeUnit(end - start);
  const at = (time: number): number => (time - start) / unit.ms;
  const states = RUN_STATES.filter((state) => runs.some(({ run }) => run.state === state));
  const lane = phone ? 22 : 28;

  const bars = states.flatMap((state) =>
    [false, true].map((dim): CustomSeriesOption => {
      const own = runs.filter(
        ({ run, row }) =>
          run.state === state && (look.selection === undefined ? false : !look.selection.has(row.number)) === dim,
      );
      return {
        type: "custom",
        id: `runs:${state}${dim ? ":dim" : ""}`,
        name: WORDS[state],
        clip: true,
        progressive: 0,
        itemStyle: { color: palette.runs[state] },
        encode: { x: [0, 1], y: 2 },
        data: own.map(({ run, row }) => [
          at(run.startedAt),
          at(endOfRun(run, head)),
          lanes.get(run.slot) as number,
          row.number,
        ]),
        renderItem: (_, api) => {
          const [left, top] = api.coord([api.value(0), api.value(2)]) as [number, number];
          const [right] = api.coord([api.value(1), api.value(2)]) as [number, number];
          const tall = lane - 10;
          // A hair narrower, so that runs one after the other are seen as two.
          const wide = Math.max(1, right - left - (right - left > 4 ? 1 : 0));
          return {
            type: "rect",
            shape: { x: left, y: top - tall / 2, width: wide, height: tall, r: wide > 6 ? 2 : 0 },
            style: {
              fill: palette.runs[state],
              opacity: dim ? 0.15 : state === "lost" ? 0.45 : 0.9,
              ...(state === "failed" || state === "lost" ? { stroke: palette.text, lineWidth: wide > 3 ? 1 : 0 } : {}),
            },
          };
        },
        tooltip: {
          formatter: (item: unknown) => {
            const each = own[(item as { dataIndex: number }).dataIndex];
            return each === undefined ? "" : runTooltip(study, each.run, each.row);
          },
        },
      };
    }),
  );
  const pauses = pausesOf(head.sessions, head).map(
    ([from, to]) => [{ xAxis: at(from) }, { xAxis: at(to) }] as [{ xAxis: number }, { xAxis: number }],
  );
  const busy = uses.reduce((sum, use) => sum + use.busy, 0);
  const open = uses.reduce((sum, use) => sum + use.open, 0);
  const [legend, above] = legendOf(
    states.map((state) => ({ name: WORDS[state], icon: "roundRect" })),
    look,
  );
  return {
    summary: `${count(runs.length, "run")} on ${count(uses.length, "slot")} in ${durationInWords(end - start)}; the slots were busy ${open > 0 ? percentInWords(Math.min(1, busy / open)) : "0 %"} of the time.`,
    height: above + 84 + lane * names.length,
    notes: [
      "The share beside a slot is the time in which it ran something.",
      ...(pauses.length === 0
        ? []
        : [`No process worked on the study in the shaded ${pauses.length === 1 ? "time" : "times"}.`]),
    ],
    table,
    marks: new Map(bars.map(({ id, data }) => [String(id), (data as number[][]).map((bar) => bar[3] as number)])),
    option: {
      ...frame(look, Number.POSITIVE_INFINITY),
      legend,
      grid: { id: "grid", left: labelWidth(names), right: 20, top: above + 8, bottom: 76, outerBoundsMode: "none" },
      xAxis: xNumberAxis(0, at(end), look, { id: "x", name: `${unit.name} since the start` }),
      yAxis: {
        id: "y",
        type: "category",
        inverse: true,
        data: names,
        ...axisLook(look),
        axisTick: { show: false },
        splitLine: { show: false },
        axisLabel: { color: palette.text, fontSize: 11, fontFamily: FONT, interval: 0 },
      },
      dataZoom: [
        {
          id: "zoom",
          type: "inside",
          xAxisIndex: 0,
          filterMode: "weakFilter",
          zoomOnMouseWheel: "ctrl",
          moveOnMouseWheel: false,
          preventDefaultMouseMove: false,
        },
        {
          id: "slider",
          type: "slider",
          xAxisIndex: 0,
          filterMode: "weakFilter",
          height: 16,
          bottom: 8,
          showDetail: false,
          brushSelect: false,
          borderColor: palette.line,
          fillerColor: `${palette.accent}33`,
          handleStyle: { color: palette.faint },
          moveHandleSize: 0,
          dataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } },
          selectedDataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } },
        },
      ],
      series: [
        {
          type: "line",
          id: "pauses",
          silent: true,
          data: [],
          markArea: {
            silent: true,
            animation: false,
            itemStyle: { color: palette.faint, opacity: 0.16 },
            data: pauses,
          },
        },
        ...bars,
      ],
    },
  };
}

/** The end of a run or session; what has none yet goes on at the study's last event. */
function endOf({ endedAt }: RunRow | SessionRow, { updatedAt }: Study["head"]): number {
  return endedAt ?? updatedAt;
}

/** A run whose coordinator died counts as lost only when the next one starts: it ended with its session. */
function endOfRun(run: RunRow, head: Study["head"]): number {
  const session = head.sessions.findLast(({ startedAt }) => startedAt <= run.startedAt);
  return session === undefined
    ? endOf(run, head)
    : Math.max(run.startedAt, Math.min(endOf(run, head), endOf(session, head)));
}

/** The times between sessions. */
export function pausesOf(sessions: readonly SessionRow[], head: Study["head"]): [number, number][] {
  const pauses: [number, number][] = [];
  for (const [i, session] of sessions.entries()) {
    const next = sessions[i + 1];
    if (next !== undefined && next.startedAt > endOf(session, head))
      pauses.push([endOf(session, head), next.startedAt]);
  }
  return pauses;
}

function runTooltip({ head }: Study, run: RunRow, row: TrialRow): string {
  return tooltipHtml(`Trial ${String(row.number)}, run ${String(run.run)}: ${WORDS[run.state]}`, [
    `${durationInWords(endOfRun(run, head) - run.startedAt)} on ${run.slot}`,
    head.budget === null ? null : `from step ${String(run.startStep)} to ${budgetInWords(head, run.budget)}`,
    run.reason,
    run.stopReason,
    run.state === "failed" ? row.cause?.message : null,
  ]);
}
