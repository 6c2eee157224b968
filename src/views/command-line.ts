/** Command lines for people to copy. */

/** A line of hpo itself, with the `--directory` that it needs. */
export function commandLine(words: string, rest: readonly (string | number)[], directory: string): string {
  const where = directory === "studies" ? [] : ["--directory", directory];
  return ["hpo", words, ...[...rest, ...where].map((word) => quote(String(word)))].join(" ");
}

/** A word as a shell reads it back. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
