import type { EventOf, Recorded, StudyEvent } from "../history/events.ts";
import { describeValue } from "../space/describe.ts";
import { isRecord } from "../space/is-record.ts";
import { settingsProblem } from "./check-settings.ts";

/** The latest time that a date can have, in milliseconds since 1970. */
const LATEST = 8.64e15;

/**
 * What is wrong with an event that stands on a sound line: types, finite numbers, ranges. Whether it can follow those before it
 * shows in the fold.
 *
 * @param event as JSON gave it: may be anything
 * @returns in words; undefined for what is an event
 */
export function eventProblem(event: unknown): string | undefined {
  if (!isRecord(event)) return "it is no object";
  const { type, at } = event;
  if (typeof type !== "string") return wrong("type", type);
  if (!Object.hasOwn(CHECKS, type))
    return `no event is called ${JSON.stringify(type)}: a newer hpo may have written it`;
  if (!isFinite(at) || Math.abs(at) > LATEST) return wrong("at", at);
  if ("seen" in event && !isWhole(event["seen"])) return wrong("seen", event["seen"]);
  return (CHECKS[type as StudyEvent["type"]] as (event: Recorded) => string | undefined)(event as unknown as Recorded);
}

type Rule = (value: unknown) => boolean;

/** A check that every field named obeys its rule. */
function fields(rules: Readonly<Record<string, Rule>>): (event: object) => string | undefined {
  const list = Object.entries(rules);
  return (event) => {
    for (const [name, rule] of list) {
      const value = (event as Readonly<Record<string, unknown>>)[name];
      if (!rule(value)) return wrong(name, value);
    }
    return undefined;
  };
}

function wrong(name: string, value: unknown): string {
  return `"${name}" cannot be ${describeValue(value)}`;
}

const isText: Rule = (value) => typeof value === "string";
const isFlag: Rule = (value) => typeof value === "boolean";
const isWhole: Rule = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isSize: Rule = (value) => isFinite(value) && value > 0;
const isStep: Rule = (value) => isFinite(value) && value >= 0;
const isTexts: Rule = (value) => Array.isArray(value) && value.every(isText);

function isFinite(value: unknown): value is number {
  return Number.isFinite(value);
}

function optional(rule: Rule): Rule {
  return (value) => value === undefined || rule(value);
}

function orNull(rule: Rule): Rule {
  return (value) => value === null || rule(value);
}

function objectOf(rules: Readonly<Record<string, Rule>>): Rule {
  const list = Object.entries(rules);
  return (value) => isRecord(value) && list.every(([name, rule]) => rule(value[name]));
}

const isMetrics: Rule = (value) => {
  if (!isRecord(value)) return false;
  for (const name in value) if (!Number.isFinite(value[name])) return false;
  return true;
};

const isParams: Rule = (value) => {
  if (!isRecord(value)) return false;
  for (const name in value) {
    const each = value[name];
    if (!(isFinite(each) || isText(each) || isFlag(each) || each === null)) return false;
  }
  return true;
};

const isOutcome: Rule = (value) => {
  if (!isRecord(value)) return false;
  if (value["kind"] === "completed") return isMetrics(value["metrics"]);
  if (value["kind"] === "failed") return isCause(value["cause"]);
  if (value["kind"] === "stopped") return true;
  return value["kind"] === "lost" && isText(value["reason"]) && optional(isCause)(value["cause"]);
};

const isCause = objectOf({ kind: isText, message: isText, detail: optional(isText) });

const STOP = {
  trials: optional(orNull(isSize)),
  time: optional(orNull(isStep)),
  value: optional(orNull(isFinite)),
  patience: optional(orNull(isSize)),
};

const CHECKS: { readonly [T in StudyEvent["type"]]: (event: EventOf<T>) => string | undefined } = {
  "study-created": ({ engine, settings }) => (isText(engine) ? settingsProblem(settings) : wrong("engine", engine)),
  "session-started": fields({
    engine: isText,
    node: isText,
    pid: isWhole,
    stop: optional(objectOf(STOP)),
    slots: optional((slots) => Array.isArray(slots) && slots.every(objectOf({ name: isText, gpus: isTexts }))),
    code: optional(objectOf({ commit: isText, dirty: isFlag })),
  }),
  "session-ended": fields({ reason: isText }),
  enqueued: fields({ params: isParams }),
  noted: fields({ text: isText, trial: orNull(isWhole) }),
  "trial-stop-requested": fields({ trial: isWhole }),
  "time-elapsed": fields({}),
  "disk-checked": fields({ full: isFlag, message: isText }),
  "trial-created": fields({
    trial: isWhole,
    params: isParams,
    source: isText,
    reason: isText,
    predicted: optional(objectOf({ mean: isFinite, deviation: isStep })),
    fit: optional(
      objectOf({
        observations: isWhole,
        budget: isSize,
        values: (list) => Array.isArray(list) && list.every(isFinite),
        shares: optional(objectOf({ process: isFinite, chance: isFinite })),
      }),
    ),
    fallback: optional(isText),
    substitute: optional(isText),
  }),
  "run-started": fields({
    run: isWhole,
    trial: isWhole,
    attempt: isWhole,
    budget: isSize,
    startStep: isStep,
    placement: optional(objectOf({ bracket: isWhole, rung: isWhole })),
    slot: isText,
    objective: orNull(isText),
    reason: isText,
  }),
  "slot-waits": fields({ slot: isText, reason: isText }),
  "slot-ready": fields({ slot: isText }),
  reported: fields({ run: isWhole, step: isStep, metrics: isMetrics, omitted: optional(isTexts) }),
  "checkpoint-saved": fields({
    run: isWhole,
    step: isStep,
    bytes: optional(isWhole),
    content: optional(objectOf({ files: isWhole, length: isWhole })),
  }),
  "checkpoint-lost": fields({ trial: isWhole, step: isStep, message: isText }),
  "checkpoint-evicted": fields({ trial: isWhole, step: optional(isStep), bytes: isWhole, reason: isText }),
  "checkpoints-exceeded": fields({ reason: isText }),
  "checkpoint-left": fields({ trial: isWhole, message: isText }),
  "run-stopped": fields({ run: isWhole, reason: isText, step: optional(isStep), chance: optional(isFinite) }),
  "run-shadowed": fields({ run: isWhole, reason: isText, step: isStep, toBeat: isFinite, chance: optional(isFinite) }),
  "run-ended": fields({ run: isWhole, outcome: isOutcome }),
  "trial-dropped": fields({ trial: isWhole, reason: isText, chance: optional(isFinite) }),
  "study-finished": fields({
    reason: isText,
    failed: isFlag,
    again: optional((list) => Array.isArray(list) && list.every(isWhole)),
  }),
};
