import { type FSWatcher, watch } from "node:fs";

/** @returns undefined where nobody can watch, as on some network file systems: a look now and then has to do there */
export function watchFolder(folder: string, wake: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, wake);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
