import stringWidth from "string-width";
import type { HistoryView } from "../../history/view.ts";
import type { Importance } from "../../views/payload.ts";
import { clip, fit } from "./clip.ts";
import { count, oneLine } from "../../views/words.ts";

/** Where nobody says how wide the terminal is. */
const USUAL_WIDTH = 80;
const WIDEST_NAME = 32;
const WIDEST_BAR = 40;

/**
 * A line of words and a bar for each parameter.
 *
 * @param width columns of the terminal
 */
export function showImportance(
  { shares, trials, budget, note }: Importance,
  history: Pick<HistoryView, "settings" | "words">,
  width: number = USUAL_WIDTH,
): string[] {
  const { settings } = history;
  const at = settings.budget === null ? "" : ` at ${history.words(budget)}`;
  const names = shares.map(({ parameter }) => clip(oneLine(parameter), Math.min(WIDEST_NAME, width / 2)));
  const widest = Math.max(...names.map((name) => stringWidth(name)));
  const room = Math.min(WIDEST_BAR, width - widest - "  100.0%  ".length);
  const largest = shares[0]?.share ?? 0;
  return [
    clip(
      `What each parameter explains of how ${settings.metric.name} varies, from ${count(trials, "trial")}${at}:`,
      width,
    ),
    ...(note === null ? [] : [clip(note, width)]),
    ...shares.map(({ share }, index) => {
      const bar = "█".repeat(Math.max(0, Math.round((share / largest) * room)));
      const percent = `${(share * 100).toFixed(1)}%`.padStart(6);
      return clip(`${fit(names[index] as string, widest)}  ${percent}  ${bar}`.trimEnd(), width);
    }),
  ];
}
