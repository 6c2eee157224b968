import type { ReportData } from "../../src/views/payload.ts";
import type { Source } from "../source.ts";

const ELSEWHERE = "A report holds one study as it was, and can do nothing to it";

/** The source of a report: all of it is in the page. */
export function reportSource({ madeAt, study, importance, curvePoints }: ReportData): Source {
  return {
    only: study.head.name,
    acts: false,
    madeAt,
    curvePoints: curvePoints ?? undefined,
    watchStudies: (watcher) => once(() => watcher.next([study.head])),
    watchStudy: (_name, watcher) => once(() => watcher.next(study)),
    watchTrial: () => () => {},
    changes: () => Promise.resolve(study),
    importance: () => Promise.resolve(importance),
    act: () => Promise.reject(new Error(ELSEWHERE)),
  };
}

/** Calls back after the caller has gone on, as a source with a network does. */
function once(tell: () => void): () => void {
  let stopped = false;
  queueMicrotask(() => {
    if (!stopped) tell();
  });
  return () => {
    stopped = true;
  };
}
