import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { startThreadAhead } from "../workers/slot-thread.ts";

/**
 * Starts the first slot's processes while everything else is still read. They carry the mark of the study that the words
 * name, so that a resume finds them whenever this process dies. Where the words name none, nothing is started: an error follows.
 */
export function startAhead(space: string, directory: string, name: string | undefined): void {
  const named = name ?? nameIn(space);
  if (named !== undefined) startThreadAhead(realPathOf(resolve(directory, named)));
}

function nameIn(space: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(space, "utf8")) as { readonly name?: unknown };
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined; // whoever reads the spec tells what is wrong with it
  }
}

/** The real path that a folder will have, which need not be there yet. */
function realPathOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    const above = dirname(folder);
    return above === folder ? folder : join(realPathOf(above), basename(folder));
  }
}
