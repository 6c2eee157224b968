import { workerData } from "node:worker_threads";
import { LauncherProcess } from "./launcher-process.ts";
import type { SlotSetup, SlotTask, ThreadData } from "./messages.ts";

/** The thread of one slot: it only supervises. Its launcher starts when the thread does, so as to be ready for the first run. */

const { pids, studyId, session } = workerData as ThreadData;
let launcher = new LauncherProcess(pids, studyId, session);
let setup: SlotSetup | undefined;

/** @returns why the launcher cannot be had, in words; undefined where the task is done */
export default async function perform(task: SlotTask): Promise<string | undefined> {
  switch (task.type) {
    case "setup":
      setup = task.setup;
      if (launcher.dead) await renew();
      else launcher.setUp(setup);
      return launcher.ready;
    case "run":
      if (launcher.dead) await renew();
      await launcher.run(task.order, task.port);
      return undefined;
    case "close":
      await launcher.close();
      return undefined;
  }
}

async function renew(): Promise<void> {
  await launcher.gone;
  launcher = new LauncherProcess(pids, studyId, session);
  if (setup !== undefined) launcher.setUp(setup);
}
