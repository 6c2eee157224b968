import { writeFileSync } from "node:fs";
import type { Database } from "node-sqlite3-wasm";

/**
 * SQLite as WebAssembly: nothing to compile on any Node, and it works on the file itself. Loaded where it is needed alone, since
 * its 1.3 MB take longer than a command's start.
 */
export async function openSqlite(file: string, mode: "create" | "read"): Promise<Database> {
  const { default: sqlite } = await import("node-sqlite3-wasm");
  // With the rights that files of this user have.
  if (mode === "create") writeFileSync(file, "", { flag: "wx" });
  return new sqlite.Database(file, mode === "read" ? { readOnly: true, fileMustExist: true } : {});
}
