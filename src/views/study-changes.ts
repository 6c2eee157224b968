import type { TrialView } from "../history/view.ts";
import type { StudyChanges, TrialRow } from "./payload.ts";
import type { StudyFold } from "./study-fold.ts";
import { studyHead, type Place } from "./study-head.ts";
import { trialRow } from "./trial-row.ts";

/**
 * What has changed in a study after an event.
 *
 * @param since sequence number of the last event that the reader knows; −1, or one that the journal does not have: everything
 */
export function studyChanges(fold: StudyFold, place: Place, since: number): StudyChanges {
  const { history, seq } = fold;
  const head = studyHead(fold, place);
  if (since < 0 || since > seq) return { seq, head, trials: rows(fold, history.trials.keys()), whole: true };
  return { seq, head, trials: rows(fold, fold.changedSince(since)) };
}

function rows(fold: StudyFold, numbers: Iterable<number>): readonly TrialRow[] {
  const { trials, settings } = fold.history;
  return Array.from(numbers, (number) => trialRow(trials[number] as TrialView, settings, fold.suggestedOf(number)));
}
