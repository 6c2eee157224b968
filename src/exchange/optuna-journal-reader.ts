import { InvalidSpecError, type Issue } from "../errors.ts";
import { isRecord } from "../space/is-record.ts";
import { OPERATION } from "./optuna-journal-writer.ts";
import {
  type MutableStudy,
  type MutableTrial,
  newTrial,
  OPTUNA_DIRECTIONS,
  OPTUNA_STATES,
  type OptunaState,
  type OptunaStudy,
} from "./optuna-study.ts";
import { parsePython } from "./python-json.ts";

type Operation = Readonly<Record<string, unknown>>;

/** What is wrong with a line. */
class Unreadable extends Error {
  readonly expected: string;
  readonly received: string;

  constructor(expected: string, received: string) {
    super(`expected ${expected}, received ${received}`);
    this.expected = expected;
    this.received = received;
  }
}

export interface ReadJournal {
  readonly studies: readonly OptunaStudy[];
  /** Its last line was cut off in the middle, as a killed process leaves it, and was left out. */
  readonly torn: boolean;
}

/**
 * Replays a journal file of Optuna, from 3.1 on and Rustuna's too, by the rules of its own storage.
 *
 * @param file what to call it in errors
 * @throws InvalidSpecError with every line that cannot be read
 */
export function readOptunaJournal(content: string, file: string): ReadJournal {
  const lines = content.split("\n");
  const last = lines.pop() ?? "";
  const replay = new Replay();
  const issues: Issue[] = [];
  for (const [index, line] of lines.entries()) {
    const problem = problemOf(() => replay.take(parse(line)));
    if (problem !== undefined) issues.push({ path: `${file}:${index + 1}`, ...problem });
  }
  const torn = last !== "" && problemOf(() => replay.take(parse(last))) !== undefined;
  if (issues.length > 0) throw new InvalidSpecError(file, issues);
  return { studies: [...replay.studies.values()], torn };
}

function problemOf(act: () => void): Pick<Issue, "expected" | "received"> | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { expected: error.expected, received: error.received };
  }
}

function parse(line: string): Operation {
  let document: unknown;
  try {
    document = parsePython(line);
  } catch {
    document = undefined;
  }
  if (isRecord(document)) return document;
  throw new Unreadable("an operation of Optuna's journal as a line of JSON", brief(line));
}

function brief(line: string): string {
  if (line.trim() === "") return "an empty line";
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line);
}

class Replay {
  readonly studies = new Map<number, MutableStudy>();
  readonly #trials: MutableTrial[] = [];
  /** Ids are the places in the file, never given again. */
  #created = 0;

  take(operation: Operation): void {
    switch (operation["op_code"]) {
      case OPERATION.createStudy:
        return this.#createStudy(operation);
      case OPERATION.deleteStudy:
        this.studies.delete(whole(operation, "study_id"));
        return;
      case OPERATION.studyUserAttribute:
        Object.assign(this.#study(operation)?.userAttributes ?? {}, record(operation, "user_attr"));
        return;
      case OPERATION.studySystemAttribute:
        Object.assign(this.#study(operation)?.systemAttributes ?? {}, record(operation, "system_attr"));
        return;
      case OPERATION.createTrial:
        return this.#createTrial(operation);
      case OPERATION.trialState:
        return this.#setState(operation);
      case OPERATION.trialParam:
        this.#open(operation)?.params.set(text(operation, "param_name"), {
          internal: number(operation["param_value_internal"], "param_value_internal"),
          distribution: text(operation, "distribution"),
        });
        return;
      case OPERATION.trialIntermediate:
        this.#open(operation)?.intermediate.set(
          whole(operation, "step"),
          number(operation["intermediate_value"], "intermediate_value"),
        );
        return;
      case OPERATION.trialUserAttribute:
        Object.assign(this.#open(operation)?.userAttributes ?? {}, record(operation, "user_attr"));
        return;
      case OPERATION.trialSystemAttribute:
        Object.assign(this.#open(operation)?.systemAttributes ?? {}, record(operation, "system_attr"));
        return;
      case OPERATION.discardTrials:
        return;
      default:
        throw new Unreadable("an op_code from 0 to 10", JSON.stringify(operation["op_code"]) ?? "nothing");
    }
  }

  #createStudy(operation: Operation): void {
    const name = text(operation, "study_name");
    const codes = operation["directions"];
    const directions = Array.isArray(codes) ? codes.map((code) => OPTUNA_DIRECTIONS[code as number]) : [];
    if (directions.length === 0 || directions.includes(undefined))
      throw new Unreadable("directions as a list of 1 (minimize) and 2 (maximize)", JSON.stringify(codes) ?? "nothing");
    // A second study of that name was refused to whoever asked for it.
    if ([...this.studies.values()].some((study) => study.name === name)) return;
    this.studies.set(this.#created++, {
      name,
      directions: directions as MutableStudy["directions"],
      userAttributes: {},
      systemAttributes: {},
      trials: [],
    });
  }

  #createTrial(operation: Operation): void {
    const study = this.#study(operation);
    const { datetime_start, datetime_complete, value, values, params, distributions } = operation;
    const trial = newTrial(study?.trials.length ?? 0, stateOf(operation["state"] ?? 0));
    trial.start = time(datetime_start, "datetime_start");
    trial.complete = time(datetime_complete, "datetime_complete");
    trial.values = valuesOf(values ?? (value === undefined || value === null ? null : [value]));
    for (const [name, internal] of Object.entries(isRecord(params) ? params : {}))
      trial.params.set(name, {
        internal: number(internal, `params.${name}`),
        distribution: text(isRecord(distributions) ? distributions : {}, name),
      });
    for (const [step, each] of Object.entries(optional(operation, "intermediate_values")))
      trial.intermediate.set(Number(step), number(each, `intermediate_values.${step}`));
    Object.assign(trial.userAttributes, optional(operation, "user_attrs"));
    Object.assign(trial.systemAttributes, optional(operation, "system_attrs"));
    if (study === undefined) return;
    study.trials.push(trial);
    this.#trials.push(trial);
  }

  /** Only one that waits can begin; whoever came second had no luck. */
  #setState(operation: Operation): void {
    const state = stateOf(operation["state"]);
    const trial = this.#open(operation);
    if (trial === undefined || (state === "RUNNING" && trial.state !== "WAITING")) return;
    trial.state = state;
    if (state === "RUNNING") trial.start = time(operation["datetime_start"], "datetime_start");
    else if (state !== "WAITING") trial.complete = time(operation["datetime_complete"], "datetime_complete");
    trial.values = valuesOf(operation["values"]) ?? trial.values;
  }

  #study(operation: Operation): MutableStudy | undefined {
    return this.studies.get(whole(operation, "study_id"));
  }

  /** What comes for a trial that has ended is void, as in Optuna. */
  #open(operation: Operation): MutableTrial | undefined {
    const trial = this.#trials[whole(operation, "trial_id")];
    return trial?.state === "RUNNING" || trial?.state === "WAITING" ? trial : undefined;
  }
}

function stateOf(code: unknown): OptunaState {
  const state = OPTUNA_STATES[code as number];
  if (state === undefined) throw new Unreadable("a state from 0 to 4", JSON.stringify(code) ?? "nothing");
  return state;
}

function valuesOf(values: unknown): number[] | null {
  if (values === undefined || values === null) return null;
  if (!Array.isArray(values)) throw new Unreadable("values as a list of numbers", JSON.stringify(values));
  return values.map((value) => number(value, "values"));
}

function number(value: unknown, name: string): number {
  if (typeof value === "number") return value;
  throw new Unreadable(`${name} as a number`, JSON.stringify(value) ?? "nothing");
}

function whole(operation: Operation, name: string): number {
  const value = operation[name];
  if (Number.isInteger(value)) return value as number;
  throw new Unreadable(`${name} as an integer`, JSON.stringify(value) ?? "nothing");
}

function text(operation: Operation, name: string): string {
  const value = operation[name];
  if (typeof value === "string") return value;
  throw new Unreadable(`${name} as a text`, JSON.stringify(value) ?? "nothing");
}

function record(operation: Operation, name: string): Operation {
  const value = operation[name];
  if (isRecord(value)) return value;
  throw new Unreadable(`${name} as an object`, JSON.stringify(value) ?? "nothing");
}

function optional(operation: Operation, name: string): Operation {
  return operation[name] === undefined ? {} : record(operation, name);
}

/** Before Optuna 5 without a zone: then it is that of the machine. */
function time(value: unknown, name: string): number | null {
  if (value === undefined || value === null) return null;
  const at = typeof value === "string" ? Date.parse(value) : NaN;
  if (!Number.isNaN(at)) return at;
  throw new Unreadable(`${name} as a time such as 2026-11-23T03:02:11.166694+00:00`, JSON.stringify(value));
}
