import type { HistoryView } from "../history/view.ts";
import type { Cause } from "../history/events.ts";
import ms from "ms";

/** Trials that must fail alike, before any has succeeded, for the study to give up. */
const FAILURES_ALIKE = 3;

/** Why a study is over while its strategy could go on. */
export interface StudyStop {
  readonly reason: string;
  readonly failed: boolean;
}

/** The stop rule that holds, if one does. The number of trials is no such rule: it only ends the sampling. */
export function studyStop(history: HistoryView): StudyStop | undefined {
  const { stop, best, settings } = history;
  const alike = failingAlike(history.failuresFromStart);
  if (alike !== undefined)
    return { failed: true, reason: `the first ${FAILURES_ALIKE} trials failed alike: ${alike.message}` };
  if (history.timeElapsed && stop.time !== null)
    return { failed: false, reason: `the study's time of ${ms(stop.time, { long: true })} is over` };
  if (best === undefined) return undefined;
  if (stop.value !== null && history.compare(best.value, stop.value) <= 0 && best.budget === history.maxBudget)
    return {
      failed: false,
      reason: `trial ${best.number} reached ${settings.metric.name} ${best.value}, the target was ${stop.value}`,
    };
  if (stop.patience !== null && history.endedSinceBest >= stop.patience)
    return {
      failed: false,
      reason: `${history.endedSinceBest} trials in a row ended without a better ${settings.metric.name}`,
    };
  return undefined;
}

function failingAlike(causes: readonly Cause[]): Cause | undefined {
  const first = causes.slice(0, FAILURES_ALIKE);
  const [cause] = first;
  if (cause === undefined || first.length < FAILURES_ALIKE) return undefined;
  // Numbers differ from trial to trial in what is the same fault.
  const gist = ({ kind, message }: Cause): string => `${kind}: ${message.replaceAll(/\d+(\.\d+)?/g, "#")}`;
  return first.every((each) => gist(each) === gist(cause)) ? cause : undefined;
}
