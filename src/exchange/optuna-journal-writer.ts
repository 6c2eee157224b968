import { randomUUID } from "node:crypto";
import { OPTUNA_DIRECTIONS, OPTUNA_STATES, type OptunaStudy, type OptunaTrial } from "./optuna-study.ts";
import { stringifyPython } from "./python-json.ts";

/** The operations of Optuna's journal storage; a line is one of them as JSON. */
export const OPERATION = {
  createStudy: 0,
  deleteStudy: 1,
  studyUserAttribute: 2,
  studySystemAttribute: 3,
  createTrial: 4,
  trialParam: 5,
  trialState: 6,
  trialIntermediate: 7,
  trialUserAttribute: 8,
  trialSystemAttribute: 9,
  discardTrials: 10,
} as const;

/** A study as the text of a journal file of its own, one line for each trial. */
export function writeOptunaJournal(study: OptunaStudy): string {
  const worker_id = `${randomUUID()}-0`;
  const attributes = (op_code: number, key: string, values: OptunaStudy["userAttributes"]): readonly object[] =>
    Object.entries(values).map(([name, value]) => ({ op_code, worker_id, study_id: 0, [key]: { [name]: value } }));
  const operations: readonly object[] = [
    {
      op_code: OPERATION.createStudy,
      worker_id,
      study_name: study.name,
      directions: study.directions.map((direction) => OPTUNA_DIRECTIONS.indexOf(direction)),
    },
    ...attributes(OPERATION.studyUserAttribute, "user_attr", study.userAttributes),
    ...attributes(OPERATION.studySystemAttribute, "system_attr", study.systemAttributes),
    ...study.trials.map((trial) => ({ op_code: OPERATION.createTrial, worker_id, study_id: 0, ...template(trial) })),
  ];
  return operations.map((operation) => `${stringifyPython(operation)}\n`).join("");
}

function template({ state, values, start, complete, params, intermediate, ...trial }: OptunaTrial): object {
  const entries = [...params];
  return {
    datetime_start: inUtc(start),
    state: OPTUNA_STATES.indexOf(state),
    // Of one objective the value stands alone; `values` is for several.
    value: values?.length === 1 ? values[0] : null,
    values: values !== null && values.length > 1 ? values : null,
    ...(complete === null ? {} : { datetime_complete: inUtc(complete) }),
    distributions: Object.fromEntries(entries.map(([name, { distribution }]) => [name, distribution])),
    params: Object.fromEntries(entries.map(([name, { internal }]) => [name, internal])),
    user_attrs: trial.userAttributes,
    system_attrs: trial.systemAttributes,
    intermediate_values: Object.fromEntries(intermediate),
  };
}

/** As every version since 3.0 reads it, on any Python. */
function inUtc(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString().replace("Z", "000+00:00");
}
