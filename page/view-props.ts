import type { Importance } from "../src/views/payload.ts";
import type { Study } from "./study.ts";

export type Theme = "light" | "dark";

/** The trials that were picked in a view, by number; undefined where none were and all count. */
export type Selection = ReadonlySet<number> | undefined;

/** What a view of a study gets. */
export interface ViewProps {
  readonly study: Study;
  /** Undefined while it is not known yet. */
  readonly importance: Importance | undefined;
  /** Trials outside of it are dimmed, here as in the other views. */
  readonly selection: Selection;
  /** Picks trials; undefined picks none, so that all count again. */
  readonly onSelect: (numbers: ReadonlySet<number> | undefined) => void;
  /** Opens the page of a trial. */
  readonly onOpen: (trial: number) => void;
  readonly theme: Theme;
}
