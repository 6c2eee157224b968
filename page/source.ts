import type {
  Action,
  Importance,
  StudyChanges,
  StudySummary,
  TrialDetail,
  UnreadableStudy,
} from "../src/views/payload.ts";

/** Ends a watch. */
export type Stop = () => void;

/** `open`: what is shown is what is; `lost`: it is tried again by itself; `refused`: it is not, for the reason given. */
export type Connection =
  { readonly kind: "open" } | { readonly kind: "lost" } | { readonly kind: "refused"; readonly problem: string };

export interface Watcher<Value> {
  /** Gets the value as it stands, then each change of it. */
  readonly next: (value: Value) => void;
  readonly connection: (connection: Connection) => void;
}

export type StudyList = readonly (StudySummary | UnreadableStudy)[];

/** Where studies come from: a dashboard that runs, or the data of a report. */
export interface Source {
  /** The only study that there is; undefined where there is a list of them. */
  readonly only: string | undefined;
  /** Studies may be acted on. */
  readonly acts: boolean;
  /** When the data was written, of a report. Milliseconds since 1970. */
  readonly madeAt: number | undefined;
  /** How many points a curve has at most, of a report that leaves some out. */
  readonly curvePoints: number | undefined;
  watchStudies(watcher: Watcher<StudyList>): Stop;
  watchStudy(name: string, watcher: Watcher<StudyChanges>): Stop;
  watchTrial(name: string, trial: number, watcher: Watcher<TrialDetail>): Stop;
  /** What changed since event `since`, once. @throws Error saying in words why there is nothing. */
  changes(name: string, since: number): Promise<StudyChanges>;
  /** @throws Error as above. */
  importance(name: string): Promise<Importance>;
  /** What was done, in words. @throws Error saying in words why it was not. */
  act(name: string, action: Action): Promise<string>;
}
