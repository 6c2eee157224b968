import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { StudySettings, TrackSettings } from "../history/settings.ts";

const PROGRAM = fileURLToPath(new URL("../trackers/tracker.js", import.meta.url));

/**
 * @returns starts the process that sends a study to its tracker, once, if it has one. The process outlives this one and ends by
 *   itself; its errors go to `track/tracker.log` in the study's folder.
 */
export function trackerOf({ track }: StudySettings, folder: string | null): () => void {
  let target = folder === null ? undefined : track?.mlflow;
  return () => {
    if (target !== undefined && folder !== null) start(folder, target);
    target = undefined;
  };
}

function start(folder: string, target: TrackSettings["mlflow"]): void {
  mkdirSync(join(folder, "track"), { recursive: true });
  const log = openSync(join(folder, "track", "tracker.log"), "a");
  try {
    const child = spawn(process.execPath, [PROGRAM, folder, JSON.stringify(target)], {
      detached: true,
      stdio: ["ignore", "ignore", log],
    });
    // A tracker that cannot be started must not fail the study.
    child.on("error", () => undefined);
    child.unref();
  } finally {
    closeSync(log);
  }
}
