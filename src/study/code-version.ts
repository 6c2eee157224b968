import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { findTool, runTool } from "../devices/run-tool.ts";
import type { CodeVersion } from "../history/events.ts";
import type { ObjectiveSettings } from "../history/settings.ts";
import { locate } from "./resolve.ts";

/** How long git may take, in milliseconds: a large checkout on a slow disk is not waited for. */
const PATIENCE = 2_000;

/** The commit of the folder that an objective lies in; undefined where that is no checkout of git, or git does not say. */
export async function codeVersion(
  objective: ObjectiveSettings,
  studyFolder: string | null,
): Promise<CodeVersion | undefined> {
  const folder =
    objective.kind === "module"
      ? dirname(locate(objective.path, studyFolder))
      : objective.kind === "command"
        ? locate(objective.cwd, studyFolder)
        : undefined;
  if (folder === undefined || !isCheckout(folder)) return undefined;
  const git = findTool("git", process.env["PATH"]);
  if (git === undefined) return undefined;
  const words = ["-C", folder, "--no-optional-locks", "status", "--porcelain=v2", "--branch", "--untracked-files=no"];
  const answer = await runTool(git, words, process.env, PATIENCE);
  if ("problem" in answer) return undefined;
  const commit = /^# branch\.oid ([0-9a-f]{40,64})$/m.exec(answer.output)?.[1];
  return commit === undefined ? undefined : { commit, dirty: /^[12u] /m.test(answer.output) };
}

/** Without starting git, which takes its time. */
function isCheckout(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return true;
    if (dirname(at) === at) return false;
  }
}
