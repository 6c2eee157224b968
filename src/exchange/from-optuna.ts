import { InvalidSpecError, type Issue } from "../errors.ts";
import { CAUSES, type CauseKind } from "../history/events.ts";
import { checkParams } from "../space/check-params.ts";
import { checkSpec } from "../space/check-spec.ts";
import { isRecord } from "../space/is-record.ts";
import type { Parameters, Params, ParameterValue } from "../space/parameter.ts";
import { createSpace } from "../space/space.ts";
import type { BudgetSpec, Goal, Metric, StudySpec } from "../space/spec.ts";
import { type Distribution, readDistribution } from "./distributions.ts";
import type { ImportedEnd, ImportedReport, ImportedStudy, ImportedTrial } from "./imported-study.ts";
import { inferSpace, type SeenDistribution, settle } from "./infer-space.ts";
import { stringifyPython } from "./python-json.ts";
import {
  type Attributes,
  FIXED_PARAMS,
  METRIC_NAMES,
  type OptunaStudy,
  type OptunaTrial,
  OWN,
} from "./optuna-study.ts";

/** Longest note. */
const LONGEST = 2_000;

/** What a spec says of a study that comes from elsewhere. */
export type GivenSpec = Pick<StudySpec, "metric" | "parameters" | "budget">;

/**
 * An Optuna study in hpo's words.
 *
 * - A trial that ran is open: it starts again when the study goes on. One that waits is queued.
 * - A value or report that is no finite number makes a trial failed, or leaves the report without the metric.
 * - A trial without all of its parameters is left out, and said so: hpo knows them before a trial starts.
 *
 * @param spec the space and metric, where a user gives them
 * @throws InvalidSpecError with everything that hpo cannot hold
 */
export function fromOptuna(study: OptunaStudy, spec?: GivenSpec): ImportedStudy {
  const subject = `the Optuna study ${JSON.stringify(study.name)}`;
  const issues: Issue[] = [];
  const goal = goalOf(study, issues);
  const decoded = study.trials.map((trial) => decode(trial, issues));
  const given = spec ?? ownSpec(study, decoded);
  const parameters = given?.parameters ?? inferFrom(decoded, study.trials, issues);
  if (Object.keys(parameters).length === 0 && issues.length === 0)
    issues.push({ path: "trials", expected: "a trial with parameters", received: "none" });
  if (spec !== undefined && spec.metric.goal !== goal)
    issues.push({
      path: "metric.goal",
      expected: `"${goal}", as in Optuna`,
      received: JSON.stringify(spec.metric.goal),
    });
  const metric: Metric = { name: spec?.metric.name ?? metricName(study), goal };
  const last = lastStep(study);
  if (spec?.budget !== undefined && spec.budget.max < last)
    issues.push({
      path: "budget.max",
      expected: `at least ${last}, the last step that was reported`,
      received: String(spec.budget.max),
    });
  const leftOut: string[] = [];
  const trials = issues.length > 0 ? [] : sound(study, decoded, { parameters, metric }, leftOut, issues);
  if (issues.length > 0) throw new InvalidSpecError(subject, issues);
  return {
    tool: "Optuna",
    name: study.name,
    metric,
    parameters,
    budget: budgetOf(given?.budget, last),
    trials,
    notes: notesOf(study.userAttributes, {}),
    leftOut,
  };
}

function lastStep({ trials }: OptunaStudy): number {
  let last = 0;
  for (const { intermediate } of trials) for (const step of intermediate.keys()) last = Math.max(last, step);
  return last;
}

function goalOf({ directions }: OptunaStudy, issues: Issue[]): Goal {
  const [direction = "NOT_SET"] = directions;
  if (directions.length > 1 || direction === "NOT_SET")
    issues.push({
      path: "directions",
      expected: "one of MINIMIZE and MAXIMIZE: hpo optimizes one metric",
      received: directions.join(", ") || "none",
    });
  return direction === "MAXIMIZE" ? "maximize" : "minimize";
}

function metricName({ systemAttributes }: OptunaStudy): string {
  const names = systemAttributes[METRIC_NAMES];
  const [name] = Array.isArray(names) ? (names as unknown[]) : [];
  return typeof name === "string" && name !== "" && name !== "step" ? name : "value";
}

function budgetOf(given: BudgetSpec | undefined, last: number): ImportedStudy["budget"] {
  if (given !== undefined) return { max: given.max, unit: given.unit ?? "steps" };
  return last > 0 ? { max: last, unit: "steps" } : undefined;
}

/** A trial's values as they are outside of Optuna, with where they came from. */
interface Decoded {
  readonly params: Params;
  readonly distributions: ReadonlyMap<string, Distribution>;
}

function decode(trial: OptunaTrial, issues: Issue[]): Decoded {
  if (trial.state === "WAITING") return { params: fixedParams(trial), distributions: new Map() };
  const params: Record<string, ParameterValue> = {};
  const distributions = new Map<string, Distribution>();
  for (const [name, { internal, distribution: text }] of trial.params) {
    const distribution = readDistribution(text);
    const value = typeof distribution === "string" ? undefined : external(distribution, internal);
    if (typeof distribution === "string" || value === undefined) {
      const expected =
        typeof distribution === "string" ? "a distribution of Optuna 3.0 or later" : "the index of a choice";
      const received = typeof distribution === "string" ? distribution : String(internal);
      issues.push({ path: `trials.${trial.number}.${name}`, expected, received });
      continue;
    }
    params[name] = value;
    distributions.set(name, distribution);
  }
  return { params, distributions };
}

function external(distribution: Distribution, internal: number): ParameterValue | undefined {
  if (distribution.kind === "categorical") return distribution.choices[internal];
  return distribution.kind === "int" ? Math.round(internal) : internal;
}

/** Of a trial that waits there is what it was enqueued with. */
function fixedParams({ systemAttributes }: OptunaTrial): Params {
  const fixed = systemAttributes[FIXED_PARAMS];
  return isRecord(fixed) ? (fixed as Params) : {};
}

/** The space that hpo wrote with the study, if every trial is of it still. */
function ownSpec({ userAttributes }: OptunaStudy, decoded: readonly Decoded[]): GivenSpec | undefined {
  const own = userAttributes[`${OWN}space`];
  if (!isRecord(own) || checkSpec({ name: "own", ...own }).length > 0) return undefined;
  const spec = own as unknown as GivenSpec;
  const space = createSpace(spec.parameters);
  const fits = decoded.every(({ params }) => problemsOf(space, params, spec.parameters, "").every(isMissing));
  return fits ? spec : undefined;
}

function inferFrom(decoded: readonly Decoded[], trials: readonly OptunaTrial[], issues: Issue[]): Parameters {
  const seen = new Map<string, SeenDistribution[]>();
  for (const [trial, { distributions }] of decoded.entries())
    for (const [name, distribution] of distributions) {
      const all = seen.get(name) ?? [];
      if (all.push({ trial, distribution }) === 1) seen.set(name, all);
    }
  const started = decoded.flatMap(({ params }, index) => {
    const state = trials[index]?.state;
    return state === "WAITING" ? [] : [{ params, whole: state === "COMPLETE" || state === "PRUNED" }];
  });
  return inferSpace(seen, started, issues);
}

function settled(params: Params, parameters: Parameters): Params {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, settle(parameters[name], value)]));
}

function problemsOf(
  space: ReturnType<typeof createSpace>,
  params: Params,
  parameters: Parameters,
  path: string,
): readonly Issue[] {
  return checkParams(space, settled(params, parameters), path);
}

function isMissing({ received }: Issue): boolean {
  return received === "nothing";
}

/** The trials that hpo can hold, in its words. */
function sound(
  study: OptunaStudy,
  decoded: readonly Decoded[],
  { parameters, metric }: { readonly parameters: Parameters; readonly metric: Metric },
  leftOut: string[],
  issues: Issue[],
): readonly ImportedTrial[] {
  const space = createSpace(parameters);
  return study.trials.flatMap((trial) => {
    const { number, state } = trial;
    const params = settled(decoded[number]?.params ?? {}, parameters);
    const problems = checkParams(space, params, `trials.${number}`);
    const wrong = problems.filter((problem) => !isMissing(problem));
    issues.push(...wrong);
    if (problems.length > wrong.length) {
      const missing = problems.filter(isMissing).map(({ path }) => path.slice(`trials.${number}.`.length));
      leftOut.push(
        `trial ${number} (${[state, ...(trial.values ?? [])].join(" ")}) has no value for ${missing.join(", ")}`,
      );
    }
    return problems.length > 0 ? [] : [toImported(trial, params, metric)];
  });
}

function toImported(trial: OptunaTrial, params: Params, metric: Metric): ImportedTrial {
  const { number, start, complete, userAttributes, systemAttributes } = trial;
  return {
    label: `trial ${number}`,
    params,
    end: endOf(trial),
    reports: reportsOf(trial, metric.name),
    start: start ?? undefined,
    complete: complete ?? undefined,
    notes: notesOf(userAttributes, constraintsOf(systemAttributes)),
  };
}

function endOf({ state, values, userAttributes, systemAttributes }: OptunaTrial): ImportedEnd {
  const text = (key: string): string | undefined => {
    const value = userAttributes[`${OWN}${key}`];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  switch (state) {
    case "WAITING":
      return { kind: "queued" };
    case "RUNNING":
      return { kind: "open" };
    case "PRUNED":
      return { kind: "pruned", reason: text("reason") ?? "pruned by Optuna" };
    case "FAIL": {
      const told = systemAttributes["fail_reason"];
      const message = text("cause") ?? (typeof told === "string" ? told : "it failed in Optuna, which keeps no cause");
      return { kind: "failed", cause: { kind: causeKind(text("cause-kind")), message } };
    }
    case "COMPLETE": {
      const [value = NaN] = values ?? [];
      if (Number.isFinite(value)) return { kind: "completed", value };
      return { kind: "failed", cause: { kind: "non-finite", message: `its value was ${value}` } };
    }
  }
}

function causeKind(text: string | undefined): CauseKind {
  return CAUSES.find((kind) => kind === text) ?? "no-result";
}

function reportsOf({ intermediate }: OptunaTrial, metric: string): readonly ImportedReport[] {
  return [...intermediate]
    .toSorted(([a], [b]) => a - b)
    .map(([step, value]) =>
      Number.isFinite(value) ? { step, metrics: { [metric]: value } } : { step, metrics: {}, omitted: [metric] },
    );
}

function constraintsOf(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => key.startsWith("constraints")));
}

/** Attributes as a user's notes: hpo's own as they were, the others as lines. */
function notesOf(userAttributes: Attributes, others: Attributes): readonly string[] {
  const own = userAttributes[`${OWN}notes`];
  const entries = Object.entries({ ...userAttributes, ...others }).filter(([key]) => !key.startsWith(OWN));
  const lines = entries.map(([key, value]) =>
    shorten(`${key}: ${typeof value === "string" ? value : stringifyPython(value)}`),
  );
  const notes: string[] = Array.isArray(own) ? own.filter((note) => typeof note === "string") : [];
  let note = "";
  for (const line of lines) {
    if (note !== "" && note.length + 1 + line.length > LONGEST) {
      notes.push(note);
      note = "";
    }
    note += note === "" ? line : `\n${line}`;
  }
  return [...notes, ...(note.trim() === "" ? [] : [note.trim()])];
}

function shorten(text: string): string {
  if (text.length <= LONGEST) return text;
  const end = ` … (${text.length} characters)`;
  return text.slice(0, LONGEST - end.length) + end;
}
