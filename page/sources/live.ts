import type { Importance, StudyChanges, TrialDetail } from "../../src/views/payload.ts";
import type { Source, StudyList } from "../source.ts";
import { ask } from "./ask.ts";
import { watch } from "./watch.ts";

/** The source of a dashboard: its server says what changed, and is not asked again and again. */
export function liveSource(): Source {
  return {
    only: undefined,
    acts: true,
    madeAt: undefined,
    curvePoints: undefined,
    watchStudies: (watcher) =>
      watch<{ readonly studies: StudyList }>(
        { event: "studies", stream: () => "api/studies/events", once: () => "api/studies" },
        { ...watcher, next: ({ studies }) => watcher.next(studies) },
      ),
    watchStudy: (name, watcher) => {
      let since = -1;
      const stream = () => `${pathOf(name)}/events?since=${since}`;
      return watch<StudyChanges>(
        { event: "changes", stream, once: () => `${pathOf(name)}?since=${since}` },
        {
          ...watcher,
          next: (changes) => {
            since = changes.seq;
            watcher.next(changes);
          },
        },
      );
    },
    watchTrial: (name, trial, watcher) => {
      const path = `${pathOf(name)}/trials/${trial}`;
      return watch<TrialDetail>({ event: "detail", stream: () => `${path}/events`, once: () => path }, watcher);
    },
    changes: (name, since) => ask<StudyChanges>(`${pathOf(name)}?since=${since}`),
    importance: (name) => ask<Importance>(`${pathOf(name)}/importance`),
    act: async (name, action) => {
      const { done } = await ask<{ readonly done: string }>(`${pathOf(name)}/actions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(action),
      });
      return done;
    },
  };
}

function pathOf(study: string): string {
  return `api/studies/${encodeURIComponent(study)}`;
}
