import { useState } from "preact/hooks";
import type { Action } from "../../src/views/payload.ts";
import { say } from "../parts/say.ts";
import type { Source } from "../source.ts";
import { sentence } from "../words.ts";

/** What came of an action, in words. */
export interface Result {
  readonly kind: "done" | "problem";
  readonly text: string;
}

interface Acting {
  readonly busy: boolean;
  readonly result: Result | undefined;
  /** Resolves to what came of it; also says it to screen readers. */
  readonly act: (action: Action) => Promise<Result>;
}

export function useAct(source: Source, study: string): Acting {
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Result>();
  const act = async (action: Action): Promise<Result> => {
    setBusy(true);
    const came = await source.act(study, action).then(
      (text): Result => ({ kind: "done", text: sentence(text) }),
      (error: Error): Result => ({ kind: "problem", text: sentence(error.message) }),
    );
    setBusy(false);
    setResult(came);
    say(came.text, came.kind === "done");
    return came;
  };
  return { busy, result, act };
}
