import { importanceOf, type ImportanceTask } from "./importance.ts";
import type { Importance } from "./payload.ts";

/** The thread in which importance is computed. */

export default function importance(task: ImportanceTask): Importance {
  return importanceOf(task);
}
