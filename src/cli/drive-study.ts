import { createInterface } from "node:readline";
import { HpoError } from "../errors.ts";
import { readJsonText } from "../space/read-spec.ts";
import type { StudySpec } from "../space/spec.ts";
import type { Parameters } from "../space/parameter.ts";
import { createStudy, type InlineStudyOptions } from "../study/create-study.ts";
import { floatNames } from "../study/process-objective.ts";
import type { Study, TellResult } from "../study/study.ts";
import { readMetrics } from "../workers/channel-request.ts";
import { bestJson } from "./text/study-json.ts";

/**
 * A study that another program drives, over lines of JSON: `{"id": 1, "ask": {}}` is answered by `{"id": 1, "result": …}` or
 * `{"id": 1, "error": {"code", "message"}}`. The first line out is `{"ready": …}`. The end of stdin closes the study.
 */

export interface DriveOptions {
  /** The spec's file, or "-". */
  readonly space: string;
  readonly directory: string;
  /** What replaces parts of the spec. */
  readonly changes: Partial<Pick<StudySpec, "name" | "stop">>;
}

type Send = (message: object) => void;
type Body = Readonly<Record<string, unknown>>;

/** What may be asked, by its word. */
const REQUESTS: Readonly<Record<string, (study: Study, body: Body) => Promise<unknown>>> = {
  ask: async (study) => (await study.ask()) ?? null,
  report: async (study, { run, step, metrics }) =>
    study.report({ run: readRun(run) }, { ...metricsOf(metrics), step: step as number }),
  checkpoint: async (study, { run, step }) => study.checkpoint({ run: readRun(run) }, step as number),
  tell: async (study, { run, metrics, state, cause }) =>
    study.tell({ run: readRun(run) }, state === undefined ? metricsOf(metrics) : ({ state, cause } as TellResult)),
  enqueue: async (study, { params }) => study.enqueue(params as never),
  best: async (study) => (study.best === undefined ? null : bestJson(study.best)),
};

/** @throws HpoError as createStudy, after it was told */
export async function driveStudy({ space, directory, changes }: DriveOptions, send: Send): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  let study: Study;
  try {
    const shared = { directory, ifExists: "resume" as const, ...changes };
    study =
      space === "-"
        ? await createStudy({
            ...(readJsonText("stdin", await firstOf(lines)) as InlineStudyOptions<Parameters>),
            ...shared,
          })
        : await createStudy({ spec: space, ...shared });
  } catch (error) {
    if (error instanceof HpoError) send({ error: describeError(error) });
    throw error;
  }
  try {
    const { settings, finished } = study.history;
    send({
      ready: {
        name: study.name,
        folder: study.folder,
        metric: settings.metric,
        trials: study.history.trials.length,
        floats: floatNames(settings.parameters),
        finished: finished?.reason ?? null,
      },
    });
    for (let next = await lines.next(); next.done !== true; next = await lines.next())
      send(await answer(study, next.value));
  } finally {
    await study.close();
  }
}

async function firstOf(lines: AsyncIterator<string>): Promise<string> {
  const { done, value } = await lines.next();
  return done === true ? "" : value;
}

async function answer(study: Study, line: string): Promise<object> {
  let id: unknown = null;
  try {
    const message = readJsonText("a request", line) as Body;
    ({ id = null } = message);
    const [word = "", body] = Object.entries(message).find(([key]) => key !== "id") ?? [];
    const request = Object.hasOwn(REQUESTS, word) ? REQUESTS[word] : undefined;
    if (request === undefined) {
      const expected = Object.keys(REQUESTS).join(", ");
      throw new HpoError("invalid-argument", `expected a request among ${expected}, received ${JSON.stringify(word)}`);
    }
    return { id, result: (await request(study, (body ?? {}) as Body)) ?? null };
  } catch (error) {
    if (!(error instanceof HpoError)) throw error;
    return { id, error: describeError(error) };
  }
}

function describeError({ code, message }: HpoError): object {
  return { code, message };
}

function readRun(run: unknown): number {
  if (typeof run === "number" && Number.isSafeInteger(run) && run >= 0) return run;
  throw new HpoError("invalid-argument", `expected "run", the number that ask gave, received ${JSON.stringify(run)}`);
}

function metricsOf(metrics: unknown): Readonly<Record<string, number>> {
  const numbers = readMetrics(metrics);
  if (numbers !== undefined) return numbers;
  const expected = '"metrics", an object of at least one number';
  throw new HpoError("invalid-argument", `expected ${expected}, received ${JSON.stringify(metrics) ?? "nothing"}`);
}
