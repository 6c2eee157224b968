import type { Recorded } from "../history/events.ts";
import type { HistoryView } from "../history/view.ts";

/**
 * The trial that an event is about; undefined for one about the study.
 *
 * @param history with the event folded, or all before it
 */
export function trialOfEvent(event: Recorded, { runs }: HistoryView): number | undefined {
  if ("trial" in event) return event.trial ?? undefined;
  return "run" in event ? runs[event.run]?.trial : undefined;
}
