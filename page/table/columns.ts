import { TRIAL_STATES } from "../../src/history/view.ts";
import type { ParameterValue } from "../../src/space/parameter.ts";
import type { StudyHead, TrialRow } from "../../src/views/payload.ts";

/** A column of the table of trials. */
export interface Column {
  /** Under which it is sorted, filtered and exported; a parameter that is named as another column is "params.NAME". */
  readonly id: string;
  readonly title: string;
  /** Numbers stand at the right. */
  readonly numeric: boolean;
  /** undefined where the trial has none. */
  readonly of: (row: TrialRow) => ParameterValue | undefined;
  /** What it is sorted by, where that is not the value. */
  readonly rank?: (row: TrialRow) => number;
}

const OWN = ["number", "state", "value", "budget", "duration", "source", "reason", "cause"];

/** The columns of a study's trials, in their order; durations are in seconds. */
export function columnsOf({ metric, budget, parameters }: StudyHead): readonly Column[] {
  const params = Object.entries(parameters).map(([name, { type }]): Column => ({
    id: OWN.includes(name) ? `params.${name}` : name,
    title: name,
    numeric: type === "float" || type === "int",
    of: (row) => (Object.hasOwn(row.params, name) ? row.params[name] : undefined),
  }));
  const amount: Column = {
    id: "budget",
    title: budget?.unit ?? "",
    numeric: true,
    of: (row) => row.budget ?? undefined,
  };
  return [
    { id: "number", title: "Trial", numeric: true, of: (row) => row.number },
    {
      id: "state",
      title: "State",
      numeric: false,
      of: (row) => row.state,
      rank: (row) => TRIAL_STATES.indexOf(row.state),
    },
    { id: "value", title: metric.name, numeric: true, of: (row) => row.value ?? undefined },
    ...(budget === null ? [] : [amount]),
    ...params,
    { id: "duration", title: "Time", numeric: true, of: durationOf },
    { id: "source", title: "Source", numeric: false, of: (row) => row.source },
    { id: "reason", title: "Reason", numeric: false, of: (row) => row.reason },
    { id: "cause", title: "Cause of failure", numeric: false, of: (row) => row.cause?.message },
  ];
}

/** How long its runs took, in seconds; undefined before one has ended. */
export function durationOf({ runs }: TrialRow): number | undefined {
  const ended = runs.filter(({ endedAt }) => endedAt !== null);
  if (ended.length === 0) return undefined;
  return ended.reduce((sum, { startedAt, endedAt }) => sum + ((endedAt as number) - startedAt), 0) / 1000;
}
