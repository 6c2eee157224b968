import { JOURNAL_VERSION, type Recorded, type SessionSlot, type StudyEvent } from "../history/events.ts";
import type { StudySettings } from "../history/settings.ts";
import { IMPORTED } from "../history/source.ts";
import { ENGINE } from "../study/engine.ts";
import type { ImportedReport, ImportedStudy, ImportedTrial } from "./imported-study.ts";

/** An event without its place; the answers' `seen` is given with it. */
type Unplaced = {
  readonly at: number;
  readonly event: Omit<StudyEvent, "seen"> & { readonly type: StudyEvent["type"] };
};

/** A trial with its times, in milliseconds since 1970. */
interface Timed {
  readonly number: number;
  readonly trial: ImportedTrial;
  readonly created: number;
  readonly start: number;
  readonly complete: number;
  readonly slot: string;
}

/**
 * The journal of a study that another tool recorded: one session, from its first trial's start to its last one's end. The trials
 * ran on as many slots as it takes. Where the tool keeps no time of a report, those of a trial are spread evenly over it.
 *
 * @param now milliseconds since 1970, by which trials of unknown times have ended
 */
export function importEvents(study: ImportedStudy, settings: StudySettings, now: number): readonly Recorded[] {
  const { tool, name, metric, notes } = study;
  const queued = study.trials.filter(({ end }) => end.kind === "queued");
  const { timed, slots } = placeInTime(
    study.trials.filter(({ end }) => end.kind !== "queued"),
    now,
  );
  const began = timed.reduce((least, { created }) => Math.min(least, created), now);
  const runs = new Map(
    timed.toSorted((a, b) => a.start - b.start || a.number - b.number).map(({ number }, run) => [number, run]),
  );
  const budget = settings.budget?.max ?? 1;
  const events = timed.flatMap((each) =>
    trialEvents(each, { study, budget, run: runs.get(each.number) as number, metric: metric.name }),
  );
  const ended = events.reduce((most, { at }) => Math.max(most, at), began);
  const from = `${tool}: ${name}`;
  const after: Unplaced[] = [
    ...queued.map(({ params }) => ({ at: ended, event: { type: "enqueued" as const, params } })),
    ...notes.map((text) => ({ at: ended, event: { type: "noted" as const, text, trial: null } })),
    ...timed.flatMap(({ number, trial }) =>
      trial.notes.map((text) => ({ at: ended, event: { type: "noted" as const, text, trial: number } })),
    ),
  ];
  const isOver = queued.length === 0 && timed.every(({ trial }) => trial.end.kind !== "open");
  const reason = `imported from ${tool}, where it had ${study.trials.length} trials`;
  const all: readonly Unplaced[] = [
    {
      at: began,
      event: { type: "study-created", version: JOURNAL_VERSION, engine: ENGINE, settings, imported: { from } },
    },
    { at: began, event: { type: "session-started", engine: ENGINE, node: process.version, pid: process.pid, slots } },
    ...events.toSorted((a, b) => a.at - b.at),
    ...after,
    ...(isOver ? [{ at: ended, event: { type: "study-finished" as const, reason, failed: false } }] : []),
    { at: ended, event: { type: "session-ended", reason } },
  ] as readonly Unplaced[];
  return all.map(
    ({ at, event }, seq) =>
      ({
        seq,
        at,
        ...event,
        ...("reason" in event && event.type !== "session-ended" ? { seen: seq - 1 } : {}),
      }) as Recorded,
  );
}

interface RunOf {
  readonly study: ImportedStudy;
  readonly budget: number;
  readonly run: number;
  readonly metric: string;
}

function trialEvents({ number, trial, created, start, complete, slot }: Timed, order: RunOf): readonly Unplaced[] {
  const { study, budget, run, metric } = order;
  const { params, reports, end } = trial;
  const reason = `imported from ${study.tool}: ${trial.label}`;
  const reported = reports.map((report, index) => ({
    at: start + Math.floor(((complete - start) * (index + 1)) / (reports.length + 1)),
    event: { type: "reported" as const, run, ...report },
  }));
  const started = {
    type: "run-started" as const,
    run,
    trial: number,
    attempt: 1,
    budget,
    startStep: 1,
    slot,
    objective: null,
  };
  return [
    { at: created, event: { type: "trial-created", trial: number, params, source: IMPORTED, reason } },
    { at: start, event: { ...started, reason } },
    ...reported,
    ...endEvents(end, run, reports, metric).map((event) => ({ at: complete, event })),
  ] as readonly Unplaced[];
}

function endEvents(
  end: ImportedTrial["end"],
  run: number,
  reports: readonly ImportedReport[],
  metric: string,
): readonly Unplaced["event"][] {
  const ended = (outcome: object): Unplaced["event"] => ({ type: "run-ended", run, outcome }) as Unplaced["event"];
  switch (end.kind) {
    case "completed":
      return [ended({ kind: "completed", metrics: { ...reports.at(-1)?.metrics, [metric]: end.value } })];
    case "pruned": {
      const step = reports.at(-1)?.step;
      const stopped = {
        type: "run-stopped" as const,
        run,
        ...(step === undefined ? {} : { step }),
        reason: end.reason,
      };
      return [stopped, ended({ kind: "stopped" })];
    }
    case "failed":
      return [ended({ kind: "failed", cause: end.cause })];
    default:
      return [];
  }
}

/** Milliseconds of a trial of which no times are known. */
const SHORT = 2;

function placeInTime(
  trials: readonly ImportedTrial[],
  now: number,
): { readonly timed: readonly Timed[]; readonly slots: readonly SessionSlot[] } {
  let last = now - SHORT * trials.length;
  const times = trials.map(({ start, complete }) => {
    const from = Math.round(start ?? complete ?? last);
    const to = Math.max(from, Math.round(complete ?? from + (start === undefined ? SHORT - 1 : 0)));
    last = start === undefined && complete === undefined ? to + 1 : last;
    return { from, to };
  });
  // A trial is created before those of a greater number, even if it waited for its start.
  const created = times.map(({ from }) => from);
  for (let index = created.length - 2; index >= 0; index--)
    created[index] = Math.min(created[index] as number, created[index + 1] as number);
  const order = times.map((_, index) => index);
  order.sort((a, b) => (times[a]?.from as number) - (times[b]?.from as number) || a - b);
  const free: number[] = [];
  const slotOf = new Map<number, number>();
  for (const index of order) {
    const { from, to } = times[index] as { readonly from: number; readonly to: number };
    const found = free.findIndex((until) => until < from);
    const slot = found === -1 ? free.length : found;
    free[slot] = trials[index]?.end.kind === "open" ? Infinity : to;
    slotOf.set(index, slot);
  }
  return {
    timed: trials.map((trial, number) => ({
      number,
      trial,
      created: created[number] as number,
      start: times[number]?.from as number,
      complete: times[number]?.to as number,
      slot: slotName(slotOf.get(number) as number),
    })),
    slots: free.map((_, slot) => ({ name: slotName(slot), gpus: [] })),
  };
}

function slotName(slot: number): string {
  return `imported-${slot}`;
}
