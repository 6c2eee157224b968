import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { ObjectiveSettings } from "../history/settings.ts";
import { locate } from "./resolve.ts";

/**
 * A hash of the objective's entry file, so that the journal shows when the code changed: the module, or the first file
 * among a command's words.
 *
 * @returns 16 hexadecimal digits, or null where there is no such file
 */
export function objectiveHash(objective: ObjectiveSettings, studyFolder: string | null): string | null {
  switch (objective.kind) {
    case "module":
      return hashFile(locate(objective.path, studyFolder));
    case "command": {
      const folder = locate(objective.cwd, studyFolder);
      const words = objective.argv.filter((word) => typeof word === "string");
      for (const word of words) {
        const hash = hashFile(resolve(folder, word));
        if (hash !== null) return hash;
      }
      return null;
    }
    case "function":
    case "none":
      return null;
  }
}

const hashes = new Map<string, { readonly key: string; readonly hash: string }>();

/** Kept while the file's time and size stand still: every run asks. */
function hashFile(file: string): string | null {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return null;
  const key = `${stat.mtimeMs} ${stat.size}`;
  const known = hashes.get(file);
  if (known?.key === key) return known.hash;
  const hash = createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16);
  hashes.set(file, { key, hash });
  return hash;
}
