import { readFileSync } from "node:fs";

/**
 * How often the kernel has killed a process of this one's control group for want of memory; undefined where that cannot be known.
 * (cgroup v2, `memory.events`: https://docs.kernel.org/admin-guide/cgroup-v2.html)
 */
export function oomKills(): number | undefined {
  try {
    const group = /^0::(.*)$/m.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1] ?? "/";
    const events = readFileSync(`/sys/fs/cgroup${group === "/" ? "" : group}/memory.events`, "utf8");
    const kills = /^oom_kill (\d+)$/m.exec(events)?.[1];
    return kills === undefined ? undefined : Number(kills);
  } catch {
    return undefined;
  }
}
