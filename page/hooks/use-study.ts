import { useEffect, useState } from "preact/hooks";
import type { Importance } from "../../src/views/payload.ts";
import type { Connection, Source, Stop, Watcher } from "../source.ts";
import { applyChanges, type Study } from "../study.ts";

interface Watched<Value> {
  readonly value: Value | undefined;
  readonly connection: Connection;
}

const OPEN: Connection = { kind: "open" };

/** The latest of what `watch` tells, and how the connection stands. Starts over when `key` changes. */
export function useWatch<Value>(key: string, watch: (watcher: Watcher<Value>) => Stop): Watched<Value> {
  const [told, setTold] = useState<Watched<Value> & { readonly key: string }>({
    key,
    value: undefined,
    connection: OPEN,
  });
  useEffect(() => {
    setTold({ key, value: undefined, connection: OPEN });
    return watch({
      next: (value) => setTold((before) => ({ ...before, value })),
      connection: (connection) =>
        setTold((before) => (before.connection.kind === connection.kind ? before : { ...before, connection })),
    });
  }, [key]);
  return told.key === key ? told : { value: undefined, connection: OPEN };
}

/** A study, live. */
export function useStudy(source: Source, name: string): Watched<Study> {
  return useWatch<Study>(`study ${name}`, ({ next, connection }) => {
    let study: Study | undefined;
    return source.watchStudy(name, {
      connection,
      next: (changes) => {
        study = applyChanges(study, changes);
        next(study);
      },
    });
  });
}

/**
 * The importance of parameters, asked for anew when a tenth more trials have ended: it takes a while to compute, and one
 * trial changes little.
 */
export function useImportance(source: Source, study: Study | undefined): Importance | undefined {
  const [importance, setImportance] = useState<{ readonly study: string; readonly value: Importance }>();
  const name = study?.head.name;
  const { complete = 0, pruned = 0 } = study?.head.trials ?? {};
  const grown = Math.floor(Math.log(1 + complete + pruned) / Math.log(1.1));
  useEffect(() => {
    if (name === undefined) return;
    let current = true;
    const tell = (value: Importance): void => {
      if (current) setImportance({ study: name, value });
    };
    source.importance(name).then(tell, (error: Error) => {
      tell({ shares: [], trials: 0, budget: 0, problem: error.message, note: null });
    });
    return () => {
      current = false;
    };
  }, [name, grown]);
  return importance?.study === name ? importance?.value : undefined;
}
