import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What the browser is given besides data: the build makes it, and it is small enough to be held. */
const FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  "/": { file: "index.html", type: "text/html; charset=utf-8" },
  "/page.js": { file: "page.js", type: "text/javascript; charset=utf-8" },
  "/page.css": { file: "page.css", type: "text/css; charset=utf-8" },
  "/favicon.svg": { file: "favicon.svg", type: "image/svg+xml" },
};

export interface PageFile {
  readonly type: string;
  readonly content: Buffer<ArrayBuffer>;
}

/** Only the files of the page have a path; nothing is looked up on the disk by what a client sends. */
export const PAGE_PATHS: readonly string[] = Object.keys(FILES);

/** @returns undefined for a file that the build has not made */
export function pageFile(path: string): PageFile | undefined {
  const entry = FILES[path];
  if (entry === undefined) return undefined;
  const file = fileURLToPath(new URL(`../page/${entry.file}`, import.meta.url));
  return existsSync(file) ? { type: entry.type, content: readFileSync(file) } : undefined;
}
