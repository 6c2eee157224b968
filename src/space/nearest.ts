import { distance } from "fastest-levenshtein";

/**
 * The word that `written` was most likely meant to be: the one that it begins, or the fewest edits away.
 *
 * @returns undefined when no word is near: more than half of the letters (but at least two) would have to change.
 */
export function nearestWord(written: string, words: readonly string[]): string | undefined {
  const lower = written.toLowerCase();
  const begun = lower.length < 2 ? undefined : words.find((word) => word.toLowerCase().startsWith(lower));
  if (begun !== undefined) return begun;

  let nearest: string | undefined;
  let fewest = Infinity;
  for (const word of words) {
    const edits = distance(lower, word.toLowerCase());
    const letters = Math.max(lower.length, word.length);
    if (edits < fewest && edits <= Math.max(2, letters / 2) && edits < letters) {
      nearest = word;
      fewest = edits;
    }
  }
  return nearest;
}

/** `did you mean "high"?`, or undefined when no word is near. */
export function didYouMean(written: unknown, words: readonly string[]): string | undefined {
  const nearest = typeof written === "string" ? nearestWord(written, words) : undefined;
  return nearest === undefined ? undefined : `did you mean ${JSON.stringify(nearest)}?`;
}
