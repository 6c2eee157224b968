import { workerData } from "node:worker_threads";
import { LauncherProcess } from "./launcher-process.ts";
import type { SlotSetup, SlotTask } from "./messages.ts";

/** The thread of one slot: it only supervises. Its launcher starts when the thread does, so as to be ready for the first run. */

const setup = workerData as SlotSetup;
let launcher = new LauncherProcess(setup);

export default async function perform(task: SlotTask): Promise<void> {
  if (task.type === "close") return launcher.close();
  if (launcher.dead) {
    await launcher.gone;
    launcher = new LauncherProcess(setup);
  }
  return launcher.run(task.order, task.port);
}
