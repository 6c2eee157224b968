import { spawn } from "node:child_process";
import { SESSION } from "./study-marker.ts";

/** Waits for the end of its input, then ends what carries the mark of the session: asks at once, kills when the time is over. */
const SCRIPT = `
signal_all() {
  found=
  for each in /proc/[0-9]*; do
    if { tr '\\0' '\\n' < "$each/environ" | grep -qxF "${SESSION}=$1"; } 2>/dev/null; then
      kill "-$2" "\${each#/proc/}" 2>/dev/null && found=1
    fi
  done
}
cat >/dev/null
signal_all "$1" TERM
sleep "$2"
for try in 1 2 3 4 5; do
  signal_all "$1" KILL
  [ -z "$found" ] && exit
  sleep 1
done
`;

/**
 * Ends what is left when a coordinator and its launchers are killed at once, as by `pkill -9 node`: a shell that learns of
 * the coordinator's end because its input ends. Linux alone tells a shell the environment of processes.
 *
 * @param session the session's mark
 * @param grace milliseconds; launchers that live are done when it is half over
 * @returns ends the watch
 */
export function watchOverDeath(session: string, grace: number): () => void {
  if (process.platform !== "linux") return () => {};
  const seconds = ((grace * 3) / 4 / 1_000).toFixed(2);
  const shell = spawn("/bin/sh", ["-c", SCRIPT, "hpo-deathwatch", session, seconds], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Without a shell, or a process left for it, a resume ends what is left.
  shell.on("error", () => {});
  shell.stdin?.on("error", () => {});
  shell.unref();
  (shell.stdin as { unref?: () => void } | null)?.unref?.();
  return () => void shell.kill("SIGKILL");
}
