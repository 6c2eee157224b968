import { computeImportance } from "../views/importance-in-thread.ts";
import { importanceTask } from "../views/importance-task.ts";
import type { Importance } from "../views/payload.ts";
import type { WatchedStudy } from "./watched-study.ts";

interface Computed {
  readonly key: string;
  readonly importance: Promise<Importance>;
  done: boolean;
}

/** Each study's importance, computed in a thread when somebody asks, one at a time, and kept until more runs have ended. */
export class ImportanceCache {
  readonly #computed = new WeakMap<WatchedStudy, Computed>();

  async of(study: WatchedStudy): Promise<Importance> {
    for (;;) {
      const key = `${study.epoch} ${study.fold.history.outcomes.length}`;
      const known = this.#computed.get(study);
      if (known?.key === key) return known.importance;
      if (known === undefined || known.done) return this.#compute(study, key);
      await known.importance.catch(() => undefined);
    }
  }

  #compute(study: WatchedStudy, key: string): Promise<Importance> {
    const importance = computeImportance(importanceTask(study.fold.history));
    const computed: Computed = { key, importance, done: false };
    this.#computed.set(study, computed);
    const done = (): void => void (computed.done = true);
    importance.then(done, () => this.#computed.delete(study));
    return importance;
  }
}
