/** Command lines for people to copy. */

/** A line of hpo itself, with the `--directory` that it needs. */
export function commandLine(words: string, rest: readonly (string | number)[], directory: string): string {
  const where = directory === "studies" ? [] : ["--directory", directory];
  return [program(), words, ...[...rest, ...where].map((word) => quote(String(word)))].join(" ");
}

/** How this program was called: `npx hpo` where it is installed in a project, and not on the path. */
function program(): string {
  return process.argv[1]?.endsWith("/node_modules/.bin/hpo") === true ? "npx hpo" : "hpo";
}

/** A word as a shell reads it back. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
