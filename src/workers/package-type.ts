import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The "type" in the nearest package.json above a file; undefined where it says none, or none is there. */
export function findPackageType(file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    try {
      const { type } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly type?: unknown };
      return typeof type === "string" ? type : undefined;
    } catch {
      if (dirname(folder) === folder) return undefined;
    }
  }
}
