/** The `{words}` of a command that stand for the run rather than for a parameter. */
export const RUN_PLACEHOLDERS = ["budget", "startStep", "checkpoint", "seed", "trial"] as const;

/**
 * The names in braces that `word` asks for, such as `lr` in `--lr={lr}`.
 *
 * Only what could be a name counts, so that `{"lr": 1}`, `\d{3}` and `{$1}` may be passed to a program as they are.
 */
export function placeholdersOf(word: string): string[] {
  return [...word.matchAll(/\{([\p{L}_][^{}\s"']*)\}/gu)].map((match) => match[1] ?? "");
}
