import { isRecord } from "../space/is-record.ts";

/** What another terminal asks of the process that runs a study. */
export type Request =
  | { readonly kind: "stop" }
  | { readonly kind: "stop-trial"; readonly trial: number }
  | { readonly kind: "enqueue"; readonly params: unknown }
  | { readonly kind: "note"; readonly text: string; readonly trial: number | null };

export type Reply = { readonly ok: true; readonly pid: number } | { readonly ok: false; readonly message: string };

/** A request as it is sent: one line of JSON. */
export interface SentRequest {
  readonly request: Request;
  /** Until when it may be done, on the machine's monotonic clock: what was refused for want of an answer must not be done later. */
  readonly deadline: number;
}

/** Milliseconds on a clock that all processes of this machine share, and that nobody sets. */
export function machineTime(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

/** @throws Error in words for anything that is no request */
export function readRequest(line: string): SentRequest {
  let document: unknown;
  try {
    document = JSON.parse(line);
  } catch {
    throw new Error("expected a request as a line of JSON");
  }
  if (!isRecord(document) || !isRecord(document["request"]) || !Number.isFinite(document["deadline"]))
    throw new Error('expected { "request": …, "deadline": … }; is the other hpo of the same version?');
  const { kind, trial, text } = document["request"];
  const isTrial = Number.isSafeInteger(trial) && (trial as number) >= 0;
  const isSound =
    kind === "stop" ||
    kind === "enqueue" ||
    (kind === "stop-trial" && isTrial) ||
    (kind === "note" && typeof text === "string" && (trial === null || isTrial));
  if (!isSound) throw new Error(`expected "stop", "stop-trial", "enqueue" or "note", each with what belongs to it`);
  return document as unknown as SentRequest;
}

/** @returns undefined for anything that is no reply */
export function readReply(line: string): Reply | undefined {
  try {
    const reply = JSON.parse(line) as unknown;
    if (!isRecord(reply)) return undefined;
    if (reply["ok"] === true && Number.isSafeInteger(reply["pid"])) return reply as unknown as Reply;
    return reply["ok"] === false && typeof reply["message"] === "string" ? (reply as unknown as Reply) : undefined;
  } catch {
    return undefined;
  }
}
