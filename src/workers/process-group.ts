import { groupMembers } from "./process-table.ts";

/** Signals and the end of process groups. An objective leads a group of its own, whose id is its process id. */

/** How often a group that should end is looked at, in milliseconds. */
const LOOK = 10;

/** A group that is gone is fine. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    // macOS says EPERM when only zombies are left.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

/** Ends what is left of a group: SIGTERM at once, SIGKILL after `grace` milliseconds. Resolves when no member is alive; 0 is no group. */
export async function endGroup(group: number | undefined, grace: number): Promise<void> {
  if (group === undefined || group === 0 || groupMembers(group).length === 0) return;
  const killAt = performance.now() + grace;
  if (grace > 0) signalGroup(group, "SIGTERM");
  while (groupMembers(group).length > 0) {
    // Again each time: a member that was forking may have been missed.
    if (performance.now() >= killAt) signalGroup(group, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
}
