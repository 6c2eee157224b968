import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import { SESSION } from "./study-marker.ts";

/**
 * Waits for the end of its input, then ends what carries the mark of the session: asks at once, kills when the time is over.
 * In the background, so that it is no child of the coordinator, which may be killed with all of them.
 */
const SCRIPT = `
signal_all() {
  found=
  for each in $(grep -lF "${SESSION}=$1" /proc/[0-9]*/environ 2>/dev/null); do
    each="\${each#/proc/}"
    kill "-$2" "\${each%/environ}" 2>/dev/null && found=1
  done
}
(
  read -r word <&3
  [ "$word" = over ] && exit
  signal_all "$1" TERM
  sleep "$2"
  for try in 1 2 3 4 5; do
    signal_all "$1" KILL
    [ -z "$found" ] && exit
    sleep 1
  done
) &
`;

/**
 * Ends what is left when a coordinator and its launchers are killed at once, as by `pkill -9 node`: a shell that learns of
 * the coordinator's end because its input ends. Linux alone tells a shell the environment of processes.
 *
 * @param session the session's mark
 * @param grace milliseconds; launchers that live kill when it is half over, too
 * @returns ends the watch
 */
export function watchOverDeath(session: string, grace: number): () => void {
  if (process.platform !== "linux") return () => {};
  const seconds = (grace / 2 / 1_000).toFixed(2);
  const shell = spawn("/bin/sh", ["-c", SCRIPT, "hpo-deathwatch", session, seconds], {
    detached: true,
    // Node closes the input of a child that has ended, but no other of its streams.
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const input = shell.stdio[3] as Socket | undefined;
  // Without a shell, or a process left for it, a resume ends what is left.
  shell.on("error", () => {});
  input?.on("error", () => {});
  shell.unref();
  input?.unref();
  return () => void input?.end("over\n");
}
