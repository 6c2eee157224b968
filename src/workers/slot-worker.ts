import { workerData } from "node:worker_threads";
import { LauncherProcess } from "./launcher-process.ts";
import type { SlotSetup, SlotTask, ThreadData } from "./messages.ts";

/** The thread of one slot: it only supervises. Its launcher starts when the thread does, so as to be ready for the first run. */

const { pids, studyId } = workerData as ThreadData;
let launcher = new LauncherProcess(pids, studyId);
let setup: SlotSetup | undefined;

export default async function perform(task: SlotTask): Promise<void> {
  switch (task.type) {
    case "setup":
      setup = task.setup;
      return launcher.setUp(setup);
    case "run":
      if (launcher.dead) await renew();
      return launcher.run(task.order, task.port);
    case "close":
      return launcher.close();
  }
}

async function renew(): Promise<void> {
  await launcher.gone;
  launcher = new LauncherProcess(pids, setup?.studyId ?? studyId);
  if (setup !== undefined) launcher.setUp(setup);
}
