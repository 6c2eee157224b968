import type { Command } from "./command.ts";

/** Every command by its words. A new one is a file in `commands/` and a line here. Only the one that is called is loaded. */
export const COMMANDS: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  init: () => import("./commands/init.ts"),
  "study start": () => import("./commands/study-start.ts"),
  "study resume": () => import("./commands/study-resume.ts"),
  "study enqueue": () => import("./commands/study-enqueue.ts"),
  "study export": () => import("./commands/study-export.ts"),
  "study import": () => import("./commands/study-import.ts"),
  "study list": () => import("./commands/study-list.ts"),
  "study note": () => import("./commands/study-note.ts"),
  "study show": () => import("./commands/study-show.ts"),
  "study best": () => import("./commands/study-best.ts"),
  "study importance": () => import("./commands/study-importance.ts"),
  "study report": () => import("./commands/study-report.ts"),
  "study simulate": () => import("./commands/study-simulate.ts"),
  "study stop": () => import("./commands/study-stop.ts"),
  "study delete": () => import("./commands/study-delete.ts"),
  "study drive": () => import("./commands/study-drive.ts"),
  "study track": () => import("./commands/study-track.ts"),
  "study verify": () => import("./commands/study-verify.ts"),
  "trial show": () => import("./commands/trial-show.ts"),
  "trial stop": () => import("./commands/trial-stop.ts"),
  "trial run": () => import("./commands/trial-run.ts"),
  "space check": () => import("./commands/space-check.ts"),
  devices: () => import("./commands/devices.ts"),
  dashboard: () => import("./commands/dashboard.ts"),
};
