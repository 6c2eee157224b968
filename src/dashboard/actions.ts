import { HpoError, InvalidSpecError } from "../errors.ts";
import { ask } from "../journal/ask.ts";
import type { Request } from "../journal/request.ts";
import { checkParams } from "../space/check-params.ts";
import { isRecord } from "../space/is-record.ts";
import type { Params } from "../space/parameter.ts";
import { createSpace } from "../space/space.ts";
import { withStudyAtRest } from "../study/study-at-rest.ts";
import type { Study } from "../study/study.ts";
import { noteProblem, stopProblem } from "../study/user-requests.ts";
import type { Action } from "../views/payload.ts";
import type { WatchedStudy } from "./watched-study.ts";

/** What was sent is no action that this study takes. */
export class UnsoundAction extends Error {}

/**
 * Does what a user asks: through the process that runs the study, or, where none does, in its journal.
 *
 * @param document what was sent; may be anything
 * @returns what was done, in words
 * @throws UnsoundAction; HpoError where the process that runs the study refuses
 */
export async function carryOut(study: WatchedStudy, directory: string, document: unknown): Promise<string> {
  const action = readAction(study, document);
  switch (action.kind) {
    case "stop":
      if (!(await asked(study, { kind: "stop" })))
        throw new HpoError("invalid-argument", `study "${study.name}" runs nowhere: there is nothing to stop`);
      return `study "${study.name}" is told to stop; it can be resumed`;
    case "stop-trial": {
      const { trial } = action;
      const running = await asked(study, { kind: "stop-trial", trial });
      if (!running) await atRest((opened) => opened.stopTrial(trial));
      return running ? `trial ${trial} is told to stop` : `trial ${trial} is stopped: it does not go on`;
    }
    case "enqueue": {
      const { params } = action;
      const running = await asked(study, { kind: "enqueue", params });
      if (!running) await atRest((opened) => opened.enqueue(params));
      return `1 configuration enqueued; ${running ? "the study tries it next" : "it is tried first when the study is resumed"}`;
    }
    case "note": {
      const { text, trial } = action;
      if (!(await asked(study, { kind: "note", text, trial }))) await atRest((opened) => opened.note(text, { trial }));
      return `noted for ${trial === null ? `study "${study.name}"` : `trial ${trial}`}`;
    }
  }

  async function atRest(act: (opened: Study) => Promise<void>): Promise<void> {
    await withStudyAtRest(directory, study.name, act);
  }
}

/** @returns false when no process runs the study */
async function asked({ folder, name }: WatchedStudy, request: Request): Promise<boolean> {
  const reply = await ask(folder, request);
  if (reply?.ok === false) throw new HpoError("study-locked", `study "${name}" refused: ${reply.message}`);
  return reply !== undefined;
}

function readAction({ fold: { history } }: WatchedStudy, document: unknown): Action {
  if (!isRecord(document)) throw new UnsoundAction("expected a JSON object with the kind of an action");
  const { kind, trial = null, text, params } = document;
  if (trial !== null && !Number.isSafeInteger(trial))
    throw new UnsoundAction(`expected the number of a trial, received ${JSON.stringify(trial)}`);
  switch (kind) {
    case "stop":
      return { kind };
    case "stop-trial": {
      if (trial === null) throw new UnsoundAction("expected the number of the trial to stop, received none");
      const problem = stopProblem(history, trial as number);
      if (problem !== undefined) throw new UnsoundAction(problem);
      return { kind, trial: trial as number };
    }
    case "enqueue": {
      const issues = checkParams(createSpace(history.settings.parameters), params, "");
      if (issues.length > 0) throw new UnsoundAction(new InvalidSpecError("the configuration", issues).message);
      return { kind, params: params as Params };
    }
    case "note": {
      const trimmed = typeof text === "string" ? text.trim() : text;
      const problem = noteProblem(history, trimmed, trial as number | null);
      if (problem !== undefined) throw new UnsoundAction(problem);
      return { kind, text: trimmed as string, trial: trial as number | null };
    }
    default:
      throw new UnsoundAction(
        `expected the kind "stop", "stop-trial", "enqueue" or "note", received ${JSON.stringify(kind) ?? "none"}`,
      );
  }
}
